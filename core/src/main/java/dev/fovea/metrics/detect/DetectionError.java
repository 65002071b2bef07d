package dev.fovea.metrics.detect;

/** What can be wrong with what a detector says of an image. */
public enum DetectionError {
    /** A wrong class in the right place: an IoU of at least 0.5 with an object of another class. */
    CLASSIFICATION,
    /** The right class in the wrong place: an IoU from 0.1 to below 0.5 with an object of its class. */
    LOCALIZATION,
    /** Both: an IoU from 0.1 to below 0.5 with an object of another class. */
    BOTH,
    /** An object that was found already, by a detection of a higher score. */
    DUPLICATE,
    /** Nothing is there: an IoU of at most 0.1 with all objects. */
    BACKGROUND,
    /** An object that was not found, not even by one of the wrong class or place. */
    MISSED
}
