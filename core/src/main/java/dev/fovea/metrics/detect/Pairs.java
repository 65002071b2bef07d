package dev.fovea.metrics.detect;

/** Found objects of an image beside its true ones; both by their positions. */
interface Pairs {

    /**
     * From 0 to 1: the intersection over the union or, of an object to be ignored, over what was found alone, so that
     * each member of a crowd lies in it; for keypoints their similarity.
     */
    double overlap(int found, int truth);

    /** Of the found object, in square pixels. */
    double area(int found);

    /** Whether the true object is neither right nor wrong to find. */
    boolean ignored(int truth);
}
