package dev.fovea.nn.detect;

import java.util.Arrays;

/**
 * Task-aligned assignment (TOOD, Feng et al. 2021, <a href="https://arxiv.org/abs/2108.07755">2108.07755</a>): each object
 * teaches the predictions that are best at class and place together, {@code score^alpha iou^beta}, among those whose point
 * lies in its box. A point in several boxes goes to the object it covers best.
 *
 * @param most predictions for each object, at least 1
 * @param alpha exponent of the score
 * @param beta exponent of the overlap
 */
public record TaskAligned(int most, double alpha, double beta) {

    /** Below it a product counts as nothing. */
    private static final double TINY = 1e-9;

    public TaskAligned {
        if (most < 1) {
            throw new IllegalArgumentException("task-aligned: most must be at least 1, got most=" + most);
        }
    }

    /**
     * Predictions of an image.
     *
     * @param scores probabilities, row by row, {@code [predictions, classes]}
     * @param classes columns of {@code scores}
     * @param boxes {@code [4 predictions]}
     * @param points x and y of each, {@code [2 predictions]}
     */
    public record Predictions(float[] scores, int classes, float[] boxes, float[] points) {

        int count() {
            return points.length / 2;
        }
    }

    /**
     * Which object each prediction is to learn.
     *
     * @param objects of each prediction, -1 for background
     * @param quality of each prediction that has an object, from 0 to 1: what its score for the object's class is to be
     */
    public record Assigned(int[] objects, float[] quality) {}

    /**
     * Assigns the objects of an image.
     *
     * @param boxes of the objects, {@code [4 objects]}
     * @param labels of the objects
     */
    public Assigned assign(Predictions predictions, float[] boxes, int[] labels) {
        int count = predictions.count();
        var assigned = new Assigned(new int[count], new float[count]);
        Arrays.fill(assigned.objects(), -1);
        double[] best = new double[count]; // the overlap with the object that a prediction has so far
        double[] metric = new double[count];
        double[] ious = new double[count];
        var chosen = new Strongest(Math.min(most, count));
        double[] kept = new double[count];
        for (int object = 0; object < labels.length; object++) {
            chosen.clear();
            measure(predictions, boxes, object, labels[object], metric, ious, chosen);
            for (int i = 0; i < chosen.size; i++) {
                int at = chosen.positions[i];
                if (assigned.objects()[at] < 0 || ious[at] > best[at]) {
                    assigned.objects()[at] = object;
                    best[at] = ious[at];
                    kept[at] = metric[at];
                }
            }
        }
        qualities(assigned, best, kept, labels.length);
        return assigned;
    }

    /** Of the points in the box; of one that holds no point, of the nearest. */
    private void measure(
            Predictions predictions,
            float[] boxes,
            int object,
            int label,
            double[] metric,
            double[] ious,
            Strongest chosen) {
        int nearest = -1;
        double distance = Double.POSITIVE_INFINITY;
        float left = boxes[4 * object];
        float top = boxes[4 * object + 1];
        float right = boxes[4 * object + 2];
        float bottom = boxes[4 * object + 3];
        for (int i = 0; i < predictions.count(); i++) {
            float x = predictions.points()[2 * i];
            float y = predictions.points()[2 * i + 1];
            if (x > left && x < right && y > top && y < bottom) {
                metric[i] = metric(predictions, boxes, object, label, i, ious);
                chosen.offer(i, metric[i]);
            } else if (chosen.size == 0) {
                double dx = x - (left + right) / 2;
                double dy = y - (top + bottom) / 2;
                if (dx * dx + dy * dy < distance) {
                    distance = dx * dx + dy * dy;
                    nearest = i;
                }
            }
        }
        if (chosen.size == 0 && nearest >= 0) {
            metric[nearest] = metric(predictions, boxes, object, label, nearest, ious);
            chosen.offer(nearest, metric[nearest]);
        }
    }

    private double metric(Predictions predictions, float[] boxes, int object, int label, int index, double[] ious) {
        ious[index] = Nms.iou(predictions.boxes(), index, boxes, object);
        double score = predictions.scores()[index * predictions.classes() + label];
        return Math.max(TINY, power(score, alpha) * power(ious[index], beta));
    }

    private static double power(double value, double exponent) {
        return exponent == 1 ? value : exponent == 0.5 ? Math.sqrt(value) : Math.pow(value, exponent);
    }

    /** The metric scaled so that its largest of each object is the largest overlap. */
    private static void qualities(Assigned assigned, double[] ious, double[] metric, int objects) {
        double[] largest = new double[objects];
        double[] overlap = new double[objects];
        int[] of = assigned.objects();
        for (int i = 0; i < of.length; i++) {
            if (of[i] >= 0) {
                largest[of[i]] = Math.max(largest[of[i]], metric[i]);
                overlap[of[i]] = Math.max(overlap[of[i]], ious[i]);
            }
        }
        for (int i = 0; i < of.length; i++) {
            if (of[i] >= 0) {
                assigned.quality()[i] = (float) (metric[i] / largest[of[i]] * overlap[of[i]]);
            }
        }
    }

    /** The positions of the largest values, of equal ones the first. */
    private static final class Strongest {

        private final int[] positions;
        private final double[] values;
        private int size;

        Strongest(int most) {
            positions = new int[most];
            values = new double[most];
        }

        void clear() {
            size = 0;
        }

        void offer(int position, double value) {
            if (size == positions.length && value <= values[size - 1]) {
                return;
            }
            int at = size < positions.length ? size++ : size - 1;
            while (at > 0 && values[at - 1] < value) {
                values[at] = values[at - 1];
                positions[at] = positions[at - 1];
                at--;
            }
            values[at] = value;
            positions[at] = position;
        }
    }
}
