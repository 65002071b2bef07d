package dev.fovea.data;

/** How an image of another shape becomes the network's. */
public enum ResizePolicy {
    /** Both sides scaled to fit, the aspect changed. */
    STRETCH,
    /** The short side scaled to fit, the rest of the long one cut off evenly. */
    CROP,
    /** The long side scaled to fit, the rest filled with grey. */
    FIT,
    /** A part of that size in the image's own pixels: a random one in training, the middle one otherwise. */
    PATCH
}
