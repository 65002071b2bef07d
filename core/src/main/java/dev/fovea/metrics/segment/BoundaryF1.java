package dev.fovea.metrics.segment;

import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import dev.fovea.image.DistanceTransform;
import dev.fovea.image.Size;

/**
 * How well the boundaries of classes in one image lie where they are: the harmonic mean of the shares of either boundary that lie within a
 * tolerance of the other, 0.75 % of the image's diagonal (Csurka et al. 2013, What is a good evaluation measure for semantic
 * segmentation?).
 */
final class BoundaryF1 {

    private static final double TOLERANCE = 0.0075;

    private final Mask truth;
    private final Mask told;
    private final Size size;
    private final double tolerance;

    BoundaryF1(Mask truth, Mask told) {
        this.truth = truth;
        this.told = told;
        size = truth.size();
        tolerance = Math.max(1, TOLERANCE * Math.hypot(size.width(), size.height()));
    }

    /** Of each class 0 to 1; NaN of one that has a boundary in neither. */
    double[] ofClasses(int classes) {
        double[] scores = new double[classes];
        for (int label = 0; label < classes; label++) {
            scores[label] = of(boundary(truth, label), boundary(told, label));
        }
        return scores;
    }

    /** Pixels of a class beside others; neither is what is ignored, nor what is beside it only. */
    private byte[] boundary(Mask mask, int label) {
        byte[] values = mask.values();
        byte[] known = truth.values();
        byte[] boundary = new byte[values.length];
        int width = size.width();
        for (int i = 0; i < values.length; i++) {
            if ((values[i] & 0xFF) == label && (known[i] & 0xFF) != Target.IGNORED) {
                int x = i % width;
                boolean edge = x > 0 && other(values, known, i - 1, label)
                        || x < width - 1 && other(values, known, i + 1, label)
                        || i >= width && other(values, known, i - width, label)
                        || i < values.length - width && other(values, known, i + width, label);
                boundary[i] = (byte) (edge ? 1 : 0);
            }
        }
        return boundary;
    }

    private static boolean other(byte[] values, byte[] known, int at, int label) {
        return (values[at] & 0xFF) != label && (known[at] & 0xFF) != Target.IGNORED;
    }

    private double of(byte[] wanted, byte[] found) {
        int wantedPixels = count(wanted);
        int foundPixels = count(found);
        if (wantedPixels == 0 || foundPixels == 0) {
            return wantedPixels + foundPixels == 0 ? Double.NaN : 0;
        }
        double precision = near(found, wanted) / (double) foundPixels;
        double recall = near(wanted, found) / (double) wantedPixels;
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    private static int count(byte[] marked) {
        int count = 0;
        for (byte value : marked) {
            count += value;
        }
        return count;
    }

    private int near(byte[] marked, byte[] others) {
        float[] distances = DistanceTransform.of(size, others);
        int near = 0;
        for (int i = 0; i < marked.length; i++) {
            near += marked[i] != 0 && distances[i] <= tolerance ? 1 : 0;
        }
        return near;
    }
}
