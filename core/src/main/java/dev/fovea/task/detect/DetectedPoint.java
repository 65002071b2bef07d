package dev.fovea.task.detect;

/**
 * A keypoint of an object, such as a left knee.
 *
 * @param x in pixels of the image, from its left edge
 * @param y from its upper edge
 * @param score how sure the model is of the place, a logit: the higher the surer, below 0 more likely hidden or elsewhere
 */
public record DetectedPoint(String name, double x, double y, double score) {}
