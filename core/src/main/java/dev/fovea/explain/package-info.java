/** Explanations of a decision: Grad-CAM and its drawing. */
package dev.fovea.explain;
