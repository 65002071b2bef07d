package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The precision-recall curve of one label: what precision and recall would be, were the label given to all images that score
 * at least so much.
 *
 * @param points one for each score that occurs, the highest first; none where no image has the label
 */
public record PrecisionRecall(List<Point> points) {

    /** The threshold of a label that has no image to choose one by. */
    public static final double USUAL = 0.5;

    /**
     * One of a curve.
     *
     * @param score that an image must reach at least
     * @param precision share of the images at or above it that have the label
     * @param recall share of the images with the label that are at or above it
     */
    public record Point(double score, double precision, double recall) {

        /** The harmonic mean of both; 0 where both are. */
        public double f1() {
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }
    }

    public PrecisionRecall {
        points = List.copyOf(points);
    }

    /**
     * Of scores and what is true; equal scores stay together.
     *
     * @param present as many as scores: whether an image has the label
     */
    public static PrecisionRecall of(float[] scores, boolean[] present) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        int positives = 0;
        for (boolean one : present) {
            positives += one ? 1 : 0;
        }
        var points = new ArrayList<Point>();
        int hits = 0;
        for (int i = 0; positives > 0 && i < order.length; i++) {
            hits += present[order[i]] ? 1 : 0;
            if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
                points.add(new Point(scores[order[i]], hits / (i + 1.0), hits / (double) positives));
            }
        }
        return new PrecisionRecall(points);
    }

    /**
     * The area below the curve as a sum of steps, without interpolation: the mean of the precisions at which recall rises,
     * each weighted by its rise.
     *
     * @return 0 to 1, NaN where no image has the label
     */
    public double averagePrecision() {
        double sum = 0;
        double before = 0;
        for (Point point : points) {
            sum += (point.recall() - before) * point.precision();
            before = point.recall();
        }
        return points.isEmpty() ? Double.NaN : sum;
    }

    /**
     * The threshold with the highest F1, in the middle between the score that it takes in and the next that it leaves out;
     * the highest of equals.
     */
    public double bestThreshold() {
        int best = -1;
        for (int i = 0; i < points.size(); i++) {
            best = best < 0 || points.get(i).f1() > points.get(best).f1() ? i : best;
        }
        if (best < 0) {
            return USUAL;
        }
        double below = best + 1 < points.size() ? points.get(best + 1).score() : 0;
        return (points.get(best).score() + below) / 2;
    }
}
