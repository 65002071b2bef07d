package dev.fovea.models;

import dev.fovea.engine.Tensor;

/** A detection network whose boxes are a function of the image in tensors alone: it looks at no regions a second time. */
public interface SingleStageNet extends DetectionNet {

    /**
     * All boxes, among which duplicates are not suppressed yet.
     *
     * @param places left, top, right, bottom in pixels, [N, P, 4]; they may end outside of the image
     * @param scores of each for each class, [N, P, K], 0 to 1
     */
    record Boxes(Tensor places, Tensor scores) {}

    /** Whether {@link #detect} looks for duplicates among boxes that are cut at the edges of the image already. */
    default boolean cutsFirst() {
        return true;
    }

    /** All boxes of images [N, C, H, W]. */
    Boxes boxes(Tensor images);
}
