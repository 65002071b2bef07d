/** Semantic segmentation: the class of every pixel. */
package dev.fovea.task.segment;
