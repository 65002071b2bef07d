/** Networks that learn from images without labels to tell them apart: what a classifier can start from. */
package dev.fovea.task.embed;
