package dev.fovea.metrics.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How well classes of pixels are told.
 *
 * @param perClass each class
 * @param confusion pixels, rows true classes, columns told ones
 */
public record SegmentationResult(List<PerClass> perClass, List<List<Long>> confusion) {

    public SegmentationResult {
        perClass = List.copyOf(perClass);
        confusion = List.copyOf(confusion);
    }

    /**
     * Of counts alone, without boundaries.
     *
     * @param counts pixels, rows true classes, columns told ones
     */
    public static SegmentationResult of(List<String> classes, long[][] counts) {
        var perClass = new ArrayList<PerClass>();
        for (int label = 0; label < classes.size(); label++) {
            long told = 0;
            for (long[] row : counts) {
                told += row[label];
            }
            perClass.add(new PerClass(
                    classes.get(label),
                    counts[label][label],
                    Arrays.stream(counts[label]).sum(),
                    told,
                    Double.NaN));
        }
        return new SegmentationResult(
                perClass,
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList());
    }

    /**
     * A class.
     *
     * @param name of it
     * @param right pixels of it that are told so
     * @param pixels of it
     * @param told pixels that are told to be of it, right or wrong
     * @param boundaryF1 mean over the images in which it is seen or told, 0 to 1; NaN where there is none or it was not measured
     */
    public record PerClass(String name, long right, long pixels, long told, double boundaryF1) {

        /** Intersection over union, 0 to 1; NaN of a class that is neither there nor told. */
        public double iou() {
            return quotient(right, pixels + told - right);
        }

        /** Share of its pixels that are told right; NaN of a class that is not there. */
        public double accuracy() {
            return quotient(right, pixels);
        }

        /** Share of what is told to be of it that is; NaN of a class that is never told. */
        public double precision() {
            return quotient(right, told);
        }

        /** Twice what is in common by the sum of both, 0 to 1; NaN of a class that is neither there nor told. */
        public double dice() {
            return quotient(2 * right, pixels + told);
        }

        private static double quotient(long part, long whole) {
            return whole == 0 ? Double.NaN : part / (double) whole;
        }

        /** By the names of JSON. */
        public Map<String, Object> values() {
            var values = new LinkedHashMap<String, Object>();
            values.put("name", name);
            values.put("iou", finite(iou()));
            values.put("accuracy", finite(accuracy()));
            values.put("precision", finite(precision()));
            values.put("dice", finite(dice()));
            values.put("boundaryF1", finite(boundaryF1));
            values.put("pixels", pixels);
            return values;
        }

        private static Object finite(double value) {
            return Double.isNaN(value) ? "" : value;
        }
    }

    /** The mean over the classes that are there or told. */
    public double miou() {
        return mean(PerClass::iou);
    }

    /** Share of the pixels that are told right. */
    public double pixelAccuracy() {
        long right = perClass.stream().mapToLong(PerClass::right).sum();
        long all = perClass.stream().mapToLong(PerClass::pixels).sum();
        return all == 0 ? Double.NaN : right / (double) all;
    }

    private double mean(ToDoubleFunction<PerClass> of) {
        return perClass.stream()
                .mapToDouble(of)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** By the names of the command line's JSON; those that cannot be said of these images are left out. */
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        values.put("miou", miou());
        values.put("pixelAccuracy", pixelAccuracy());
        values.put("classAccuracy", mean(PerClass::accuracy));
        values.put("dice", mean(PerClass::dice));
        values.put("boundaryF1", mean(PerClass::boundaryF1));
        values.values().removeIf(value -> Double.isNaN(value));
        return values;
    }
}
