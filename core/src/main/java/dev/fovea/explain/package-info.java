/**
 * Which part of an image, or which frames of a clip, a prediction depends on. Start at
 * {@link dev.fovea.explain.Explainers}, the list of methods; a new one is an {@link dev.fovea.explain.Explainer}.
 */
package dev.fovea.explain;
