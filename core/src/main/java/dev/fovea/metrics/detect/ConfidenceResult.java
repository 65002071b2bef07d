package dev.fovea.metrics.detect;

import dev.fovea.metrics.PrecisionRecall;
import java.util.List;

/**
 * Precision, recall and F1 by confidence.
 *
 * @param overall all classes counted together, so that frequent ones weigh more
 * @param perClass in their order
 */
public record ConfidenceResult(Curve overall, List<Curve> perClass) {

    private static final double ROUNDING = 1e-12; // F1s that differ by less are equal

    public ConfidenceResult {
        perClass = List.copyOf(perClass);
    }

    /**
     * Of one class, or all.
     *
     * @param points one for each score that occurs, the highest first; none where nothing is true
     * @param support true objects that count
     */
    public record Curve(String name, PrecisionRecall points, long support) {

        /**
         * F1 of the detections that score at least so much; 0 where there is none, NaN where nothing is true.
         *
         * @param confidence 0 to 1
         */
        public double f1At(double confidence) {
            if (support == 0) {
                return Double.NaN;
            }
            var all = points.points();
            int from = 0; // the first of those that score less
            int to = all.size();
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (all.get(middle).score() >= confidence) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from == 0 ? 0 : all.get(from - 1).f1();
        }

        /** The highest F1, 0 to 1; NaN where nothing is true. */
        public double bestF1() {
            return support == 0
                    ? Double.NaN
                    : points.points().stream()
                            .mapToDouble(PrecisionRecall.Point::f1)
                            .max()
                            .orElse(0);
        }

        /**
         * What a predictor is to ask for at least: the middle between the score with the highest F1, the highest of equals,
         * and the next, or 0; {@link PrecisionRecall#USUAL} where nothing right is found.
         */
        public double bestConfidence() {
            double best = bestF1() - ROUNDING;
            var all = points.points();
            for (int i = 0; i < all.size() && best > 0; i++) {
                if (all.get(i).f1() >= best) {
                    return (all.get(i).score()
                                    + (i + 1 < all.size() ? all.get(i + 1).score() : 0))
                            / 2;
                }
            }
            return PrecisionRecall.USUAL;
        }
    }
}
