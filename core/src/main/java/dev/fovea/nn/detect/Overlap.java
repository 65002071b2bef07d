package dev.fovea.nn.detect;

import dev.fovea.engine.Tensor;
import java.util.List;

/** How far two boxes cover each other, as a loss of boxes needs it: 1 where they are the same. */
public enum Overlap {
    /** Intersection over union, 0 to 1; of no gradient where boxes do not meet. */
    IOU {
        @Override
        Tensor of(Pair pair) {
            return pair.iou();
        }
    },
    /**
     * Less the share of the hull that neither covers, above -1 (Rezatofighi et al. 2019, <a
     * href="https://arxiv.org/abs/1902.09630">1902.09630</a>).
     */
    GIOU {
        @Override
        Tensor of(Pair pair) {
            Tensor hull = pair.hullArea();
            return pair.iou().sub(hull.sub(pair.union()).div(hull.add(EPS)));
        }
    },
    /**
     * Less the squared distance of the centres over the hull's diagonal, above -1 (Zheng et al. 2019, <a
     * href="https://arxiv.org/abs/1911.08287">1911.08287</a>).
     */
    DIOU {
        @Override
        Tensor of(Pair pair) {
            return pair.iou().sub(pair.centreDistance());
        }
    },
    /** The same, and less for other proportions of the sides; the weight of that term takes no gradient (the same paper). */
    CIOU {
        @Override
        Tensor of(Pair pair) {
            Tensor iou = pair.iou();
            Tensor angle = pair.angleDifference();
            Tensor proportions = angle.mul(angle).mul(4 / (Math.PI * Math.PI));
            Tensor weight = proportions
                    .detach()
                    .div(proportions.detach().sub(iou.detach()).add(1 + EPS));
            return iou.sub(pair.centreDistance()).sub(proportions.mul(weight));
        }
    };

    /** Keeps divisions finite. */
    private static final double EPS = 1e-7;

    abstract Tensor of(Pair pair);

    /**
     * Of boxes one by one.
     *
     * @param a [N, 4]
     * @param b [N, 4]
     * @return [N]
     */
    public Tensor of(Tensor a, Tensor b) {
        return of(new Pair(a, b));
    }

    /**
     * Intersection over union of each of some boxes with each of others.
     *
     * @param a [N, 4]
     * @param b [M, 4]
     * @return [N, M], 0 to 1; 0 of two empty boxes
     */
    public static Tensor matrix(Tensor a, Tensor b) {
        Tensor left = a.unsqueeze(1); // [N, 1, 4]
        Tensor right = b.unsqueeze(0); // [1, M, 4]
        Tensor sides = left.narrow(2, 2, 2)
                .minimum(right.narrow(2, 2, 2))
                .sub(left.narrow(2, 0, 2).maximum(right.narrow(2, 0, 2)))
                .clamp(0, Double.POSITIVE_INFINITY);
        Tensor both = sides.select(2, 0).mul(sides.select(2, 1));
        Tensor either =
                areas(a).unsqueeze(1).add(areas(b).unsqueeze(0)).sub(both).clamp(EPS, Double.POSITIVE_INFINITY);
        return both.div(either);
    }

    /**
     * Areas in square pixels.
     *
     * @param boxes [N, 4]
     * @return [N]
     */
    public static Tensor areas(Tensor boxes) {
        Tensor sides = boxes.narrow(1, 2, 2).sub(boxes.narrow(1, 0, 2));
        return sides.select(1, 0).mul(sides.select(1, 1));
    }

    /** Two boxes each, [N, 4]. */
    private record Pair(Tensor a, Tensor b) {

        private static Tensor edge(Tensor boxes, int which) {
            return boxes.select(1, which);
        }

        private static Tensor product(Tensor x, Tensor y) {
            return x.clamp(0, Double.POSITIVE_INFINITY).mul(y.clamp(0, Double.POSITIVE_INFINITY));
        }

        Tensor intersection() {
            return product(
                    edge(a, 2).minimum(edge(b, 2)).sub(edge(a, 0).maximum(edge(b, 0))),
                    edge(a, 3).minimum(edge(b, 3)).sub(edge(a, 1).maximum(edge(b, 1))));
        }

        Tensor union() {
            return areas(a).add(areas(b)).sub(intersection());
        }

        Tensor iou() {
            return intersection().div(union().add(EPS));
        }

        /** Width and height of the box around both. */
        private List<Tensor> hull() {
            return List.of(
                    edge(a, 2).maximum(edge(b, 2)).sub(edge(a, 0).minimum(edge(b, 0))),
                    edge(a, 3).maximum(edge(b, 3)).sub(edge(a, 1).minimum(edge(b, 1))));
        }

        Tensor hullArea() {
            return hull().get(0).mul(hull().get(1));
        }

        /** Of the centres, squared, over the squared diagonal of the hull. */
        Tensor centreDistance() {
            Tensor width = hull().get(0);
            Tensor height = hull().get(1);
            Tensor x =
                    edge(b, 0).add(edge(b, 2)).sub(edge(a, 0).add(edge(a, 2))).mul(0.5);
            Tensor y =
                    edge(b, 1).add(edge(b, 3)).sub(edge(a, 1).add(edge(a, 3))).mul(0.5);
            return x.mul(x)
                    .add(y.mul(y))
                    .div(width.mul(width).add(height.mul(height)).add(EPS));
        }

        /** Of the diagonals, in radians. */
        Tensor angleDifference() {
            return angle(b).sub(angle(a));
        }

        private static Tensor angle(Tensor boxes) {
            Tensor width = edge(boxes, 2).sub(edge(boxes, 0));
            Tensor height = edge(boxes, 3).sub(edge(boxes, 1));
            return Tensor.call("aten::atan", width.div(height.clamp(EPS, Double.POSITIVE_INFINITY)))
                    .get(0);
        }
    }
}
