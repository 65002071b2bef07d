package dev.fovea.metrics.segment;

import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts, image by image, which classes pixels have and are told to have. Pixels that are ignored in the truth count neither as right nor
 * as wrong.
 */
public final class SegmentationMetrics {

    private final List<String> classes;
    private final boolean boundaries;
    private final long[][] counts;
    private final double[] boundaryF1;
    private final int[] bounded;

    /**
     * @param boundaries whether boundaries are measured, too, which takes longer than all else
     */
    public SegmentationMetrics(List<String> classes, boolean boundaries) {
        this.classes = List.copyOf(classes);
        this.boundaries = boundaries;
        counts = new long[classes.size()][classes.size()];
        boundaryF1 = new double[classes.size()];
        bounded = new int[classes.size()];
    }

    /**
     * Takes an image in.
     *
     * @param truth with {@link Target#IGNORED} where nothing is to be said
     * @param told a class for every pixel
     * @return of this image alone, rows true classes, columns told ones
     * @throws IllegalArgumentException if the sizes differ
     */
    public long[][] add(Mask truth, Mask told) {
        if (!truth.size().equals(told.size())) {
            throw new IllegalArgumentException(
                    "segmentation: masks of %s and %s pixels cannot be compared".formatted(truth.size(), told.size()));
        }
        long[][] own = new long[classes.size()][classes.size()];
        byte[] wanted = truth.values();
        byte[] found = told.values();
        for (int i = 0; i < wanted.length; i++) {
            int label = wanted[i] & 0xFF;
            if (label != Target.IGNORED) {
                own[label][found[i] & 0xFF]++;
            }
        }
        for (int row = 0; row < own.length; row++) {
            for (int column = 0; column < own.length; column++) {
                counts[row][column] += own[row][column];
            }
        }
        if (boundaries) {
            addBoundaries(truth, told);
        }
        return own;
    }

    private void addBoundaries(Mask truth, Mask told) {
        double[] scores = new BoundaryF1(truth, told).ofClasses(classes.size());
        for (int label = 0; label < scores.length; label++) {
            if (!Double.isNaN(scores[label])) {
                boundaryF1[label] += scores[label];
                bounded[label]++;
            }
        }
    }

    /** Of all images. */
    public SegmentationResult result() {
        var perClass = new ArrayList<SegmentationResult.PerClass>();
        for (int label = 0; label < classes.size(); label++) {
            perClass.add(new SegmentationResult.PerClass(
                    classes.get(label),
                    counts[label][label],
                    Arrays.stream(counts[label]).sum(),
                    column(label),
                    bounded[label] == 0 ? Double.NaN : boundaryF1[label] / bounded[label]));
        }
        return new SegmentationResult(
                perClass,
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList());
    }

    private long column(int label) {
        long sum = 0;
        for (long[] row : counts) {
            sum += row[label];
        }
        return sum;
    }
}
