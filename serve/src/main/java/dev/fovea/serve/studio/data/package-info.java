/** Data sets of a workspace: opened and kept open, looked at, corrected, made of what is sent. */
package dev.fovea.serve.studio.data;
