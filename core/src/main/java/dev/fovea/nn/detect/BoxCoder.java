package dev.fovea.nn.detect;

import dev.fovea.engine.Tensor;
import java.util.List;

/** How a box is said in numbers about a reference box, its anchor: what the heads of detectors predict. */
public sealed interface BoxCoder {

    /**
     * What is to be predicted.
     *
     * @param boxes left, top, right, bottom in pixels, [..., 4]
     * @param anchors as {@code boxes}, [..., 4]
     * @return [..., 4]
     */
    Tensor encode(Tensor boxes, Tensor anchors);

    /**
     * The boxes that predictions mean.
     *
     * @param codes [..., 4]
     * @param anchors in pixels, [..., 4]; shapes are broadcast
     * @return left, top, right, bottom in pixels, [..., 4]
     */
    Tensor decode(Tensor codes, Tensor anchors);

    /**
     * Moves of the centre in widths and heights of the anchor, and logarithms of the factors of its sides (R-CNN, Girshick et al.
     * 2013, <a href="https://arxiv.org/abs/1311.2524">1311.2524</a>, appendix C), each times a weight. A side grows at most 62.5
     * times, which keeps the exponential finite.
     *
     * @param x weight of the horizontal move
     * @param y of the vertical one
     * @param width of the logarithm of the width's factor
     * @param height of the height's
     */
    record Deltas(double x, double y, double width, double height) implements BoxCoder {

        private static final double MOST = Math.log(1000.0 / 16);

        /** Without weights. */
        public static Deltas plain() {
            return new Deltas(1, 1, 1, 1);
        }

        @Override
        public Tensor encode(Tensor boxes, Tensor anchors) {
            var box = Middle.of(boxes);
            var anchor = Middle.of(anchors);
            return Tensor.cat(
                    List.of(
                            box.x.sub(anchor.x).mul(x).div(anchor.width),
                            box.y.sub(anchor.y).mul(y).div(anchor.height),
                            box.width.div(anchor.width).log().mul(width),
                            box.height.div(anchor.height).log().mul(height)),
                    -1);
        }

        @Override
        public Tensor decode(Tensor codes, Tensor anchors) {
            var anchor = Middle.of(anchors);
            Tensor middleX = edge(codes, 0).div(x).mul(anchor.width).add(anchor.x);
            Tensor middleY = edge(codes, 1).div(y).mul(anchor.height).add(anchor.y);
            Tensor halfWidth = factor(codes, 2, width).mul(anchor.width).mul(0.5);
            Tensor halfHeight = factor(codes, 3, height).mul(anchor.height).mul(0.5);
            return Tensor.cat(
                    List.of(
                            middleX.sub(halfWidth),
                            middleY.sub(halfHeight),
                            middleX.add(halfWidth),
                            middleY.add(halfHeight)),
                    -1);
        }

        private static Tensor factor(Tensor codes, int which, double weight) {
            return edge(codes, which)
                    .div(weight)
                    .clamp(Double.NEGATIVE_INFINITY, MOST)
                    .exp();
        }
    }

    /**
     * Distances from the anchor's middle to the four edges, in widths and heights of the anchor (FCOS, Tian et al. 2019, <a
     * href="https://arxiv.org/abs/1904.01355">1904.01355</a>).
     */
    record Sides() implements BoxCoder {

        @Override
        public Tensor encode(Tensor boxes, Tensor anchors) {
            var anchor = Middle.of(anchors);
            return Tensor.cat(
                    List.of(
                            anchor.x.sub(edge(boxes, 0)).div(anchor.width),
                            anchor.y.sub(edge(boxes, 1)).div(anchor.height),
                            edge(boxes, 2).sub(anchor.x).div(anchor.width),
                            edge(boxes, 3).sub(anchor.y).div(anchor.height)),
                    -1);
        }

        @Override
        public Tensor decode(Tensor codes, Tensor anchors) {
            var anchor = Middle.of(anchors);
            return Tensor.cat(
                    List.of(
                            anchor.x.sub(edge(codes, 0).mul(anchor.width)),
                            anchor.y.sub(edge(codes, 1).mul(anchor.height)),
                            anchor.x.add(edge(codes, 2).mul(anchor.width)),
                            anchor.y.add(edge(codes, 3).mul(anchor.height))),
                    -1);
        }
    }

    private static Tensor edge(Tensor boxes, int which) {
        return boxes.narrow(-1, which, 1);
    }

    /** Boxes by their middles and sides, [..., 1] each. */
    record Middle(Tensor x, Tensor y, Tensor width, Tensor height) {

        static Middle of(Tensor boxes) {
            Tensor width = edge(boxes, 2).sub(edge(boxes, 0));
            Tensor height = edge(boxes, 3).sub(edge(boxes, 1));
            return new Middle(
                    width.mul(0.5).add(edge(boxes, 0)), height.mul(0.5).add(edge(boxes, 1)), width, height);
        }
    }
}
