package dev.fovea.models;

import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A detection network that looks at regions of the image a second time. Its parts are functions of tensors; which regions are
 * looked at is chosen between them.
 */
public interface TwoStageNet extends DetectionNet {

    /** What is taken of each region of the maps of an image: {@code side x side} parts, each the mean of 2 x 2 samples. */
    int SIDE = 7;

    /** The same for masks and keypoints. */
    int FINE_SIDE = 14;

    /** The overlap above which the weaker of two regions of a map is a duplicate. */
    double OVERLAP = ProposalNet.OVERLAP;

    /**
     * What the first stage gives.
     *
     * @param places boxes of all anchors: left, top, right, bottom in pixels, [N, A, 4]; they may end outside of the image
     * @param logits of there being an object in each, [N, A]
     * @param counts anchors of each map
     * @param maps that regions are looked at in, the finest first
     */
    record First(Tensor places, Tensor logits, int[] counts, List<Tensor> maps) {}

    /**
     * What the second stage gives.
     *
     * @param scores of each region for each class, [R, K]
     * @param places for each class: left, top, right, bottom in pixels, [R, K, 4]
     */
    record Second(Tensor scores, Tensor places) {}

    /** The first stage, of images [N, C, H, W]. */
    First first(Tensor images);

    /** Regions of an image that are looked at, at most; of each map no more go into the choice. */
    int proposals();

    /** The least probability of an object in a region. */
    double objectness();

    /** Cells of each map of the first stage for each pixel. */
    double[] scales(List<Tensor> maps, Tensor images);

    /**
     * The second stage.
     *
     * @param pooled what the maps hold within the regions, [R, C, 7, 7]
     * @param regions left, top, right, bottom in pixels, [R, 4]
     */
    Second second(Tensor pooled, Tensor regions);

    /**
     * What else is found of objects: of masks the probability of each part of the box for each class, [R, K, 28, 28]; of
     * keypoints the logits of each part of the box, [R, points, 56, 56].
     *
     * @param pooled what the maps hold within the objects' boxes, [R, C, 14, 14]
     */
    Optional<Tensor> third(Tensor pooled);
}
