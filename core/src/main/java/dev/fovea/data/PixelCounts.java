package dev.fovea.data;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * How often each class occurs in masks.
 *
 * @param pixels of each class, in all images
 * @param images in which each class occurs
 * @param around pixels of all the images in which each class occurs, without those that are ignored
 */
public record PixelCounts(long[] pixels, int[] images, long[] around) {

    /**
     * Reads all masks.
     *
     * @throws DataException if a mask is not what it should be, or the data has none
     */
    public static PixelCounts of(Dataset data) {
        return of(data, IntStream.range(0, data.size()).toArray());
    }

    /** Of some of the images. */
    static PixelCounts of(Dataset data, int... indices) {
        int classes = data.classes().size();
        var pixels = new AtomicLongArray(classes);
        var images = new AtomicIntegerArray(classes);
        var around = new AtomicLongArray(classes);
        var fault = new AtomicReference<DataException>();
        Arrays.stream(indices).parallel().forEach(index -> {
            try {
                long[] histogram = histogram(mask(data, index));
                long known = Arrays.stream(histogram, 0, Target.IGNORED).sum();
                for (int label = 0; label < classes; label++) {
                    if (histogram[label] > 0) {
                        pixels.addAndGet(label, histogram[label]);
                        images.incrementAndGet(label);
                        around.addAndGet(label, known);
                    }
                }
            } catch (DataException e) {
                fault.compareAndSet(null, e);
            }
        });
        if (fault.get() != null) {
            throw fault.get();
        }
        return new PixelCounts(
                IntStream.range(0, classes).mapToLong(pixels::get).toArray(),
                IntStream.range(0, classes).map(images::get).toArray(),
                IntStream.range(0, classes).mapToLong(around::get).toArray());
    }

    private static Mask mask(Dataset data, int index) {
        if (data.target(index) instanceof Target.PixelLabels labels) {
            return labels.classes();
        }
        throw new DataException("%s: has no mask. Expected the class of every pixel".formatted(data.name(index)));
    }

    static long[] histogram(Mask mask) {
        long[] counts = new long[256];
        for (byte value : mask.values()) {
            counts[value & 0xFF]++;
        }
        return counts;
    }

    /** The share of the labelled pixels that each class has, 0 to 1. */
    public double[] shares() {
        double all = Math.max(1, Arrays.stream(pixels).sum());
        return Arrays.stream(pixels).mapToDouble(count -> count / all).toArray();
    }

    /**
     * What each class counts for, that rare ones are not forgotten: the median of the classes' frequencies divided by its own, each
     * frequency being that in the images where the class occurs (Eigen and Fergus 2015,
     * <a href="https://arxiv.org/abs/1411.4734">1411.4734</a>, section 6.3.2); 0 of a class that never occurs.
     */
    public List<Double> medianFrequencyWeights() {
        double[] frequencies = IntStream.range(0, pixels.length)
                .mapToDouble(label -> pixels[label] / (double) Math.max(1, around[label]))
                .toArray();
        double[] sorted =
                Arrays.stream(frequencies).filter(value -> value > 0).sorted().toArray();
        double median = sorted.length == 0 ? 1 : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return Arrays.stream(frequencies)
                .mapToObj(value -> value == 0 ? 0 : median / value)
                .toList();
    }

    /**
     * The same by the effective number of samples (Cui et al. 2019, <a href="https://arxiv.org/abs/1901.05555">1901.05555</a>), a sample
     * being as many pixels as an image has; their mean over the classes that occur is 1.
     *
     * @param beta from 0, all alike, to 1, the reciprocals of the shares of pixels
     */
    public List<Double> effectiveNumberWeights(double beta, int samples) {
        double[] shares = shares();
        double[] weights = Arrays.stream(shares)
                .map(share ->
                        share == 0 ? 0 : beta == 1 ? 1 / share : (1 - beta) / (1 - Math.pow(beta, share * samples)))
                .toArray();
        double mean =
                Arrays.stream(weights).filter(weight -> weight > 0).average().orElse(1);
        return Arrays.stream(weights).mapToObj(weight -> weight / mean).toList();
    }
}
