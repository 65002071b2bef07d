package dev.fovea.models;

import dev.fovea.engine.Recorder;
import dev.fovea.engine.Tensor;

/** The size of maps, made that of others: images of any size leave maps whose sizes are no multiples of each other. */
final class MapSize {

    private MapSize() {}

    /** [N, C, h, w] to [N, C, H, W] of {@code like}, bilinear. */
    static Tensor bilinear(Tensor map, Tensor like) {
        return same(map, like) ? map : map.upsampleBilinear(like.size(2), like.size(3));
    }

    /** [N, C, h, w] to [N, C, H, W] of {@code like}, each value that of the nearest. */
    static Tensor nearest(Tensor map, Tensor like) {
        return same(map, like) ? map : map.upsampleNearest(like.size(2), like.size(3));
    }

    /** Whoever records sees the operation that images of other sizes need. */
    private static boolean same(Tensor map, Tensor like) {
        return !Recorder.isOpen() && map.size(2) == like.size(2) && map.size(3) == like.size(3);
    }
}
