package dev.fovea.explain;

import dev.fovea.engine.Tensor;

/** What stands in for what is taken away: the mean colour of the image. */
final class Blank {

    private Blank() {}

    /** An image of nothing else, of the shape of {@code image}, [1, C, H, W]. */
    static Tensor of(Tensor image) {
        return image.mean(2, 3).reshape(1, image.size(1), 1, 1).expand(image.shape());
    }
}
