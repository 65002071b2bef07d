package dev.fovea.metrics.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What COCO's figures have in common: ten thresholds, ranges of areas, and limits of detections an image. */
final class CocoEvaluation {

    static final int AT_50 = 0;
    static final int AT_75 = 5;

    /** All, small, medium and large, in square pixels; both ends belong to a range. */
    static final List<Range> RANGES =
            List.of(new Range(0, 1e10), new Range(0, 32 * 32), new Range(32 * 32, 96 * 96), new Range(96 * 96, 1e10));

    static final int ALL = 0;
    static final int SMALL = 1;
    static final int MEDIUM = 2;
    static final int LARGE = 3;

    private static final double[] THRESHOLDS = thresholds();

    /** An area that lies in it may be its least or its most. */
    record Range(double least, double most) {
        boolean holds(double area) {
            return area >= least && area <= most;
        }
    }

    private final int limit;
    private final List<Log> logs = new ArrayList<>();

    /** @param limit detections of an image and class, those of the highest scores */
    CocoEvaluation(int classes, int limit) {
        this.limit = limit;
        for (int c = 0; c < classes; c++) {
            logs.add(new Log());
        }
    }

    /** From 0.5 to 0.95, to the last bit as numpy's linspace computes them. */
    private static double[] thresholds() {
        double[] thresholds = new double[10];
        for (int i = 0; i < 9; i++) {
            thresholds[i] = 0.5 + i * ((0.95 - 0.5) / 9);
        }
        thresholds[9] = 0.95;
        return thresholds;
    }

    void add(GroundTruth truth, Detections found, Pairs pairs) {
        for (ClassObjects objects : ClassObjects.byClass(truth, found, logs.size(), limit)) {
            logs.get(objects.label()).add(objects, truth, found, pairs);
        }
    }

    /** What became of the detections of a class: a bit for each range and threshold. */
    private static final class Log {

        private final long[] support = new long[RANGES.size()];
        private double[] scores = new double[16];
        private int[] ranks = new int[16]; // in the image
        private long[] matched = new long[16];
        private long[] ignored = new long[16];
        private int count;

        void add(ClassObjects objects, GroundTruth truth, Detections found, Pairs pairs) {
            int start = count;
            double[] areas = new double[objects.found().length];
            for (int d = 0; d < areas.length; d++) {
                append(found.scores().get(objects.found()[d]), d);
                areas[d] = pairs.area(objects.found()[d]);
            }
            double[][] overlaps = objects.overlaps(pairs);
            boolean[] crowds = objects.crowds(truth);
            for (int r = 0; r < RANGES.size(); r++) {
                boolean[] left = outside(objects, truth, pairs, RANGES.get(r));
                for (boolean one : left) {
                    support[r] += one ? 0 : 1;
                }
                for (int t = 0; t < THRESHOLDS.length; t++) {
                    int[] matches = Matching.of(overlaps, left, crowds, THRESHOLDS[t]);
                    for (int d = 0; d < matches.length; d++) {
                        boolean none = matches[d] == Matching.NONE;
                        boolean out = none ? !RANGES.get(r).holds(areas[d]) : left[matches[d]];
                        matched[start + d] |= none ? 0 : bit(r, t);
                        ignored[start + d] |= out ? bit(r, t) : 0;
                    }
                }
            }
        }

        private static boolean[] outside(ClassObjects objects, GroundTruth truth, Pairs pairs, Range range) {
            boolean[] outside = objects.ignored(pairs);
            for (int t = 0; t < outside.length; t++) {
                outside[t] |= !range.holds(truth.areas().get(objects.truth()[t]));
            }
            return outside;
        }

        private void append(double score, int rank) {
            if (count == scores.length) {
                scores = Arrays.copyOf(scores, 2 * count);
                ranks = Arrays.copyOf(ranks, 2 * count);
                matched = Arrays.copyOf(matched, 2 * count);
                ignored = Arrays.copyOf(ignored, 2 * count);
            }
            scores[count] = score;
            ranks[count++] = rank;
        }

        Ranking ranking(int[] order, int range, int threshold, int most) {
            boolean[] right = new boolean[count];
            int kept = 0;
            long bit = bit(range, threshold);
            for (int i : order) {
                if (ranks[i] < most && (ignored[i] & bit) == 0) {
                    right[kept++] = (matched[i] & bit) != 0;
                }
            }
            return new Ranking(right, kept, support[range]);
        }
    }

    private static long bit(int range, int threshold) {
        return 1L << (range * THRESHOLDS.length + threshold);
    }

    /** The figures of all that was taken in, worked out once. */
    Figures figures() {
        return new Figures(
                logs,
                logs.stream().map(log -> Ranking.order(log.scores, log.count)).toList());
    }

    /** Of each class and, as means over those classes that have something to find, of all. */
    record Figures(List<Log> logs, List<int[]> orders) {

        double precision(int label, int range, int most) {
            return mean(label, range, most, Ranking::cocoAverage);
        }

        double precisionAt(int label, int range, int most, int threshold) {
            return logs.get(label)
                    .ranking(orders.get(label), range, threshold, most)
                    .cocoAverage();
        }

        double recall(int label, int range, int most) {
            return mean(label, range, most, Ranking::recall);
        }

        double recallAt(int label, int range, int most, int threshold) {
            return logs.get(label)
                    .ranking(orders.get(label), range, threshold, most)
                    .recall();
        }

        private double mean(int label, int range, int most, ToDoubleFunction<Ranking> figure) {
            double sum = 0;
            for (int t = 0; t < THRESHOLDS.length; t++) {
                sum += figure.applyAsDouble(logs.get(label).ranking(orders.get(label), range, t, most));
            }
            return sum / THRESHOLDS.length;
        }

        double precision(int range, int most) {
            return Means.of(logs.size(), label -> precision(label, range, most));
        }

        double precisionAt(int range, int most, int threshold) {
            return Means.of(logs.size(), label -> precisionAt(label, range, most, threshold));
        }

        double recall(int range, int most) {
            return Means.of(logs.size(), label -> recall(label, range, most));
        }

        double recallAt(int range, int most, int threshold) {
            return Means.of(logs.size(), label -> recallAt(label, range, most, threshold));
        }

        List<CocoResult.PerClass> perClass(List<String> names, int most) {
            var all = new ArrayList<CocoResult.PerClass>();
            for (int label = 0; label < names.size(); label++) {
                all.add(new CocoResult.PerClass(
                        names.get(label),
                        precision(label, ALL, most),
                        precisionAt(label, ALL, most, AT_50),
                        recall(label, ALL, most),
                        logs.get(label).support[ALL]));
            }
            return all;
        }
    }
}
