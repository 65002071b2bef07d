package dev.fovea.task.detect;

import dev.fovea.data.Box;

/**
 * An object that was found.
 *
 * @param box in pixels of the image, from its upper left corner
 * @param score how sure the model is, 0 to 1
 */
public record DetectedObject(String label, double score, Box box) {}
