package dev.fovea.metrics.detect;

import dev.fovea.data.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The objects of one class in one image, true ones in their order and found ones by falling score.
 *
 * @param label class, from 0
 * @param truth positions in the ground truth
 * @param found positions in the detections; those of equal scores in the order given
 */
record ClassObjects(int label, int[] truth, int[] found) {

    /** What both kinds of objects must keep to. */
    static void check(String what, List<Integer> labels, List<Mask> masks, List<List<Keypoint>> keypoints) {
        for (int label : labels) {
            if (label < 0) {
                throw new IllegalArgumentException(what + ": labels are counted from 0, got " + label);
            }
        }
        for (Mask mask : masks) {
            if (!mask.size().equals(masks.get(0).size())) {
                throw new IllegalArgumentException("%s: the masks of an image must be of one size, got %s and %s"
                        .formatted(what, masks.get(0).size(), mask.size()));
            }
        }
        for (List<Keypoint> points : keypoints) {
            if (points.isEmpty() || points.size() != keypoints.get(0).size()) {
                throw new IllegalArgumentException("%s: objects must have equally many keypoints, got %s and %s"
                        .formatted(what, keypoints.get(0).size(), points.size()));
            }
        }
    }

    /** @throws IllegalArgumentException if a label is none of {@code classes} */
    static void checkLabels(GroundTruth truth, Detections found, int classes) {
        checkLabels("ground truth", truth.labels(), classes);
        checkLabels("detections", found.labels(), classes);
    }

    private static void checkLabels(String what, List<Integer> labels, int classes) {
        for (int label : labels) {
            if (label >= classes) {
                throw new IllegalArgumentException("%s: label %s is none of the %s classes, which are counted from 0"
                        .formatted(what, label, classes));
            }
        }
    }

    /**
     * Of an image, one for each class of which something is true or found.
     *
     * @param limit of each class's detections; those of the lowest scores are left out
     * @throws IllegalArgumentException if a label is none of {@code classes}
     */
    static List<ClassObjects> byClass(GroundTruth truth, Detections found, int classes, int limit) {
        checkLabels(truth, found, classes);
        int[] ranked = Ranking.order(
                found.scores().stream().mapToDouble(score -> score).toArray(), found.size());
        var truths = new TreeMap<Integer, List<Integer>>();
        var founds = new TreeMap<Integer, List<Integer>>();
        for (int t = 0; t < truth.size(); t++) {
            add(t, truth.labels().get(t), truths, founds);
        }
        for (int d : ranked) {
            add(d, found.labels().get(d), founds, truths);
        }
        var all = new ArrayList<ClassObjects>();
        truths.forEach((label, positions) ->
                all.add(new ClassObjects(label, first(positions, Integer.MAX_VALUE), first(founds.get(label), limit))));
        return all;
    }

    private static void add(
            int position, int label, TreeMap<Integer, List<Integer>> to, TreeMap<Integer, List<Integer>> other) {
        to.computeIfAbsent(label, key -> new ArrayList<>()).add(position);
        other.computeIfAbsent(label, key -> new ArrayList<>());
    }

    private static int[] first(List<Integer> positions, int limit) {
        int[] first = new int[Math.min(positions.size(), limit)];
        for (int i = 0; i < first.length; i++) {
            first[i] = positions.get(i);
        }
        return first;
    }

    /** How much each found object overlaps each true one; crowds as {@link Pairs#overlap} says. */
    double[][] overlaps(Pairs pairs) {
        double[][] overlaps = new double[found.length][truth.length];
        for (int d = 0; d < found.length; d++) {
            for (int t = 0; t < truth.length; t++) {
                overlaps[d][t] = pairs.overlap(found[d], truth[t]);
            }
        }
        return overlaps;
    }

    /** Which of the true objects are not to be counted. */
    boolean[] ignored(Pairs pairs) {
        boolean[] ignored = new boolean[truth.length];
        for (int t = 0; t < truth.length; t++) {
            ignored[t] = pairs.ignored(truth[t]);
        }
        return ignored;
    }

    /** Which of them may be matched many times. */
    boolean[] crowds(GroundTruth all) {
        boolean[] crowds = new boolean[truth.length];
        for (int t = 0; t < truth.length; t++) {
            crowds[t] = all.ignore().get(truth[t]);
        }
        return crowds;
    }
}
