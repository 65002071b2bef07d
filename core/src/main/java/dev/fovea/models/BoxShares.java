package dev.fovea.models;

import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * Boxes by their middle, width and height in shares of an image, and by their edges in pixels.
 *
 * @param width of the image in pixels
 * @param height of the image in pixels
 */
record BoxShares(int width, int height) {

    /** From shares [..., 4] to left, top, right, bottom in pixels, [..., 4]. */
    Tensor edges(Tensor shares) {
        long last = shares.dims() - 1;
        Tensor middle = shares.narrow(last, 0, 2).mul(size(shares));
        Tensor half = shares.narrow(last, 2, 2).mul(size(shares)).mul(0.5);
        return Tensor.cat(List.of(middle.sub(half), middle.add(half)), last);
    }

    /** From left, top, right, bottom in pixels, [..., 4], to shares [..., 4]. */
    Tensor shares(Tensor edges) {
        long last = edges.dims() - 1;
        Tensor first = edges.narrow(last, 0, 2).div(size(edges));
        Tensor second = edges.narrow(last, 2, 2).div(size(edges));
        return Tensor.cat(List.of(first.add(second).mul(0.5), second.sub(first)), last);
    }

    private Tensor size(Tensor boxes) {
        return Tensor.of(new float[] {width, height}, 2).to(boxes.device());
    }
}
