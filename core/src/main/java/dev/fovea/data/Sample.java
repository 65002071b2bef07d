package dev.fovea.data;

import dev.fovea.image.Image;

/**
 * An image and what is to be learned about it.
 *
 * @param name where it comes from, for messages
 */
public record Sample(Image image, Target target, String name) {}
