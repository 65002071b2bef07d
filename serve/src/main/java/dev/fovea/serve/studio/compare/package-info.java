/** Runs in a table and side by side: notes, tags, removal, curves, images under several models. */
package dev.fovea.serve.studio.compare;
