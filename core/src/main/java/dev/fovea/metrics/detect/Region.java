package dev.fovea.metrics.detect;

/** What of two objects is laid over each other. */
public enum Region {
    /** Their boxes. */
    BOX {
        @Override
        Pairs pairs(GroundTruth truth, Detections found) {
            return new BoxPairs(truth, found);
        }
    },
    /** Their masks, which all must have. */
    MASK {
        @Override
        Pairs pairs(GroundTruth truth, Detections found) {
            return new MaskPairs(truth, found);
        }
    };

    abstract Pairs pairs(GroundTruth truth, Detections found);
}
