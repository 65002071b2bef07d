package dev.fovea.metrics.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which classes are taken for which, and for background, gathered image by image.
 *
 * <p>Of all pairs of a true and a found object of whatever classes that overlap by an IoU of 0.5 or more, the one of the
 * highest IoU is matched first, and each object once; of equal ones that whose classes agree, then that of the higher score.
 * What stays unmatched is background. An object to be ignored is left out, and with it unmatched detections of its class at
 * least half of which lie in it.
 */
public final class DetectionConfusion {

    private static final double LEAST = 0.5;

    private final List<String> classes;
    private final Region region;
    private final double confidence;
    private final long[][] counts;

    /**
     * @param region by what objects overlap
     * @param confidence least score of a detection that counts, 0 to 1
     */
    public DetectionConfusion(List<String> classes, Region region, double confidence) {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException(
                    "detection confusion: confidence must be from 0 to 1, got " + confidence);
        }
        this.classes = List.copyOf(classes);
        this.region = region;
        this.confidence = confidence;
        counts = new long[classes.size() + 1][classes.size() + 1];
    }

    private record Pair(int truth, int found, double overlap, boolean agrees, double score) {}

    private static final Comparator<Pair> FIRST = Comparator.comparingDouble(Pair::overlap)
            .thenComparing(Pair::agrees)
            .thenComparingDouble(Pair::score)
            .reversed();

    /**
     * Takes an image in.
     *
     * @throws IllegalArgumentException if a label is none of the classes, or masks are asked for and missing
     */
    public void add(GroundTruth truth, Detections found) {
        ClassObjects.checkLabels(truth, found, classes.size());
        Pairs pairs = region.pairs(truth, found);
        int[] matches = matches(truth, found, pairs);
        int background = classes.size();
        boolean[] taken = new boolean[truth.size()];
        for (int d = 0; d < matches.length; d++) {
            int label = found.labels().get(d);
            if (matches[d] != Matching.NONE) {
                taken[matches[d]] = true;
                counts[truth.labels().get(matches[d])][label]++;
            } else if (kept(found, d) && !inIgnored(truth, label, pairs, d)) {
                counts[background][label]++;
            }
        }
        for (int t = 0; t < taken.length; t++) {
            if (!taken[t] && !pairs.ignored(t)) {
                counts[truth.labels().get(t)][background]++;
            }
        }
    }

    private boolean kept(Detections found, int d) {
        return found.scores().get(d) >= confidence;
    }

    private int[] matches(GroundTruth truth, Detections found, Pairs pairs) {
        var candidates = new ArrayList<Pair>();
        for (int d = 0; d < found.size(); d++) {
            for (int t = 0; kept(found, d) && t < truth.size(); t++) {
                double overlap = pairs.ignored(t) ? 0 : pairs.overlap(d, t);
                if (overlap >= LEAST) {
                    boolean agrees = truth.labels().get(t).equals(found.labels().get(d));
                    candidates.add(
                            new Pair(t, d, overlap, agrees, found.scores().get(d)));
                }
            }
        }
        candidates.sort(FIRST);
        int[] matches = new int[found.size()];
        Arrays.fill(matches, Matching.NONE);
        boolean[] taken = new boolean[truth.size()];
        for (Pair pair : candidates) {
            if (!taken[pair.truth()] && matches[pair.found()] == Matching.NONE) {
                taken[pair.truth()] = true;
                matches[pair.found()] = pair.truth();
            }
        }
        return matches;
    }

    private static boolean inIgnored(GroundTruth truth, int label, Pairs pairs, int d) {
        for (int t = 0; t < truth.size(); t++) {
            if (pairs.ignored(t) && truth.labels().get(t) == label && pairs.overlap(d, t) >= LEAST) {
                return true;
            }
        }
        return false;
    }

    /** The counts of all images that were taken in. */
    public DetectionConfusionResult result() {
        var names = new ArrayList<>(classes);
        names.add("background");
        var rows = Arrays.stream(counts)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
        return new DetectionConfusionResult(names, rows, confidence);
    }
}
