package dev.fovea.nn;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * Losses of regions of pixels and not of single ones: what the classes predicted and given have in common, of a batch as a whole.
 * Classes that no pixel of a batch has are left out; pixels of classes below 0 are.
 */
public sealed interface PixelLoss extends Loss {

    /** Keeps quotients of nothing finite. */
    double TINY = 1e-7;

    /**
     * What is in common of each class.
     *
     * @param both [K] sums of the probability where the class is given
     * @param predicted [K] sums of the probability
     * @param given [K] pixels of the class
     */
    record Areas(Tensor both, Tensor predicted, Tensor given) {

        static Areas of(Tensor logits, Tensor classes) {
            Tensor probabilities = logits.softmax(1);
            Tensor given = oneHot(classes, logits);
            return new Areas(probabilities.mul(given).sum(0), probabilities.sum(0), given.sum(0));
        }

        /** The mean of {@code 1 - score} over the classes that are given. */
        Tensor loss(Tensor score) {
            return meanOf(score.neg().add(1), given);
        }
    }

    /** The mean of values [K] over the classes that are given. */
    private static Tensor meanOf(Tensor values, Tensor given) {
        Tensor there = given.ge(0.5).to(DType.FLOAT32);
        return values.mul(there).sum().div(there.sum().add(TINY));
    }

    /** Classes [P] as rows [P, K] of 0 and 1. */
    private static Tensor oneHot(Tensor classes, Tensor like) {
        Tensor all = Tensor.arange(like.size(1)).to(like.device()).reshape(1, like.size(1));
        return classes.unsqueeze(1).sub(all).eq(0).to(like.type());
    }

    @Override
    default Tensor ofValues(Tensor output, Tensor target) {
        throw new IllegalArgumentException(
                "loss.type=%s is of classes of pixels, not of values. Use loss.type=mse".formatted(word()));
    }

    /**
     * 1 less the Dice coefficient, twice what is in common by the sum of both (Milletari et al. 2016,
     * <a href="https://arxiv.org/abs/1606.04797">1606.04797</a>, without their squares).
     *
     * @param smooth pixels added to both sides of the quotient, 0 or more
     */
    record Dice(double smooth) implements PixelLoss {

        public Dice {
            checkSmooth(smooth);
        }

        @Override
        public String word() {
            return "dice";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            Areas areas = Areas.of(output, target);
            Tensor sum = areas.predicted().add(areas.given());
            return areas.loss(areas.both().mul(2).add(smooth).div(sum.add(smooth + TINY)));
        }
    }

    /**
     * 1 less intersection over union of probabilities (Rahman and Wang 2016).
     *
     * @param smooth pixels added to both sides of the quotient, 0 or more
     */
    record Jaccard(double smooth) implements PixelLoss {

        public Jaccard {
            checkSmooth(smooth);
        }

        @Override
        public String word() {
            return "jaccard";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            Areas areas = Areas.of(output, target);
            Tensor union = areas.predicted().add(areas.given()).sub(areas.both());
            return areas.loss(areas.both().add(smooth).div(union.add(smooth + TINY)));
        }
    }

    /**
     * Dice in which what is missed can count more than what is wrongly found (Salehi et al. 2017,
     * <a href="https://arxiv.org/abs/1706.05721">1706.05721</a>).
     *
     * @param falsePositives weight of what is wrongly found, 0 or more
     * @param falseNegatives weight of what is missed, 0 or more
     */
    record Tversky(double falsePositives, double falseNegatives) implements PixelLoss {

        public Tversky {
            if (falsePositives < 0 || falseNegatives < 0 || falsePositives + falseNegatives == 0) {
                throw new IllegalArgumentException(
                        "loss.falsePositives and loss.falseNegatives must be 0 or more and not both 0, got loss.falsePositives=%s, loss.falseNegatives=%s"
                                .formatted(falsePositives, falseNegatives));
            }
        }

        @Override
        public String word() {
            return "tversky";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            Areas areas = Areas.of(output, target);
            Tensor wrong = areas.predicted().sub(areas.both()).mul(falsePositives);
            Tensor missed = areas.given().sub(areas.both()).mul(falseNegatives);
            return areas.loss(
                    areas.both().div(areas.both().add(wrong).add(missed).add(TINY)));
        }
    }

    /**
     * The Lovász extension of 1 less intersection over union, which is its exact value where probabilities are 0 or 1 (Berman et al. 2018,
     * <a href="https://arxiv.org/abs/1705.08790">1705.08790</a>, Lovász-Softmax over a batch).
     */
    record Lovasz() implements PixelLoss {

        @Override
        public String word() {
            return "lovasz";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            Tensor given = oneHot(target, output); // [P, K]
            Tensor errors = output.softmax(1).sub(given).abs();
            Tensor order =
                    Tensor.call("aten::argsort", errors.detach(), 0L, true).get(0);
            Tensor falling = errors.gather(0, order);
            Tensor sorted = given.gather(0, order);
            Tensor all = sorted.sum(0).unsqueeze(0); // [1, K]
            Tensor hits = Tensor.call("aten::cumsum", sorted, 0L, null).get(0);
            Tensor misses =
                    Tensor.call("aten::cumsum", sorted.neg().add(1), 0L, null).get(0);
            Tensor jaccard = all.sub(hits).div(all.add(misses)).neg().add(1); // [P, K], rising
            long pixels = jaccard.size(0);
            Tensor steps = pixels == 1
                    ? jaccard
                    : Tensor.cat(
                            List.of(
                                    jaccard.narrow(0, 0, 1),
                                    jaccard.narrow(0, 1, pixels - 1).sub(jaccard.narrow(0, 0, pixels - 1))),
                            0);
            return meanOf(falling.mul(steps.detach()).sum(0), given.sum(0));
        }
    }

    /**
     * 1 less the F1 measure of the boundaries of what is predicted and given, which are found by max pooling, within a tolerance (Bokhovkin and
     * Burnaev 2019, <a href="https://arxiv.org/abs/1905.07852">1905.07852</a>); of each image and class. To be added to another loss: alone it
     * says nothing about what lies within.
     *
     * @param tolerance in pixels, 0 or more
     */
    record Boundary(int tolerance) implements PixelLoss {

        public Boundary {
            if (tolerance < 0 || tolerance > 100) {
                throw new IllegalArgumentException(
                        "loss.tolerance must be 0 to 100 pixels, got loss.tolerance=" + tolerance);
            }
        }

        @Override
        public String word() {
            return "boundary";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            throw new IllegalArgumentException(
                    "loss.type=boundary is of images whose pixels have classes. Use another");
        }

        @Override
        public Tensor ofPixels(Tensor logits, Tensor classes) {
            Tensor known = classes.ge(0).to(DType.FLOAT32).unsqueeze(1); // [N, 1, H, W]
            Tensor all = Tensor.arange(logits.size(1)).to(logits.device()).reshape(1, logits.size(1), 1, 1);
            Tensor given = classes.unsqueeze(1).sub(all).eq(0).to(DType.FLOAT32); // [N, K, H, W]
            Tensor wanted = edge(given, known);
            Tensor found = edge(logits.softmax(1), known);
            Tensor precision = share(found, widened(wanted));
            Tensor recall = share(wanted, widened(found));
            Tensor f1 = precision.mul(recall).mul(2).div(precision.add(recall).add(TINY)); // [N, K]
            return meanOf(f1.neg().add(1), wanted.sum(2, 3));
        }

        /** 1 where a class meets another; pixels that do not count are neither. */
        private static Tensor edge(Tensor areas, Tensor known) {
            Tensor others = areas.neg().add(1).mul(known);
            return others.maxPool2d(3, 1, 1, false).sub(others).mul(known);
        }

        private Tensor widened(Tensor edges) {
            return tolerance == 0 ? edges : edges.maxPool2d(2L * tolerance + 1, 1, tolerance, false);
        }

        private static Tensor share(Tensor edges, Tensor within) {
            return edges.mul(within).sum(2, 3).div(edges.sum(2, 3).add(TINY));
        }
    }

    private static void checkSmooth(double smooth) {
        if (!(smooth >= 0)) {
            throw new IllegalArgumentException("loss.smooth must be 0 or more, got loss.smooth=" + smooth);
        }
    }
}
