/** Trained models behind HTTP. */
package dev.fovea.serve;
