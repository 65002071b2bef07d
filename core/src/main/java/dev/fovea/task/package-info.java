/**
 * What users call: {@link dev.fovea.task.classify.Classifier} and its results. Records, images and paths in and out; no
 * tensor in a public signature.
 */
package dev.fovea.task;
