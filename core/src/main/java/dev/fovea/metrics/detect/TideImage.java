package dev.fovea.metrics.detect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The errors in one image. */
final class TideImage {

    private static final int LIMIT = 100;
    private static final double FOREGROUND = 0.5;
    private static final double BACKGROUND = 0.1;

    private static final int LEFT_OUT = -2; // it does not count

    private final GroundTruth truth;
    private final Detections found;
    private final Pairs pairs;
    private final int[] matches; // of found objects
    private final boolean[] settled; // true objects that are found, or would be if their error were put right
    private final List<Judged> judged = new ArrayList<>();
    private final Map<Integer, Judged> verdicts = new HashMap<>(); // of found objects that count

    TideImage(GroundTruth truth, Detections found, Pairs pairs, int classes) {
        this.truth = truth;
        this.found = found;
        this.pairs = pairs;
        matches = IntStream.generate(() -> LEFT_OUT).limit(found.size()).toArray();
        settled = new boolean[truth.size()];
        for (ClassObjects objects : ClassObjects.byClass(truth, found, classes, LIMIT)) {
            match(objects);
        }
        double[] scores = found.scores().stream().mapToDouble(score -> score).toArray();
        for (int d : Ranking.order(scores, scores.length)) {
            if (matches[d] != LEFT_OUT) {
                judge(d);
            }
        }
    }

    private void match(ClassObjects objects) {
        boolean[] ignored = objects.ignored(pairs);
        int[] own = Matching.of(objects.overlaps(pairs), ignored, objects.crowds(truth), FOREGROUND);
        for (int d = 0; d < own.length; d++) {
            if (own[d] == Matching.NONE) {
                matches[objects.found()[d]] = Matching.NONE;
            } else if (!ignored[own[d]]) {
                matches[objects.found()[d]] = objects.truth()[own[d]];
                settled[objects.truth()[own[d]]] = true;
            }
        }
    }

    private void judge(int d) {
        int label = found.labels().get(d);
        double score = found.scores().get(d);
        if (matches[d] != Matching.NONE) {
            add(d, new Judged.Right(label, score));
            return;
        }
        int same = nearest(d, true);
        int other = nearest(d, false);
        DetectionError error = error(overlap(d, same), overlap(d, other));
        int repaired = Judged.NOWHERE;
        if (error == DetectionError.LOCALIZATION) {
            repaired = settle(same);
        } else if (error == DetectionError.CLASSIFICATION) {
            repaired = settle(other);
        }
        add(d, new Judged.Wrong(label, score, error, repaired));
    }

    private void add(int d, Judged verdict) {
        judged.add(verdict);
        verdicts.put(d, verdict);
    }

    /**
     * @param same the highest overlap with an object of its class
     * @param other with one of another
     */
    private static DetectionError error(double same, double other) {
        if (same >= BACKGROUND && same < FOREGROUND) {
            return DetectionError.LOCALIZATION;
        }
        if (other >= FOREGROUND) {
            return DetectionError.CLASSIFICATION;
        }
        if (same >= FOREGROUND) {
            return DetectionError.DUPLICATE;
        }
        return other <= BACKGROUND ? DetectionError.BACKGROUND : DetectionError.BOTH;
    }

    /** The true object's class if nobody has found it before, and it is found now. */
    private int settle(int t) {
        if (settled[t]) {
            return Judged.NOWHERE;
        }
        settled[t] = true;
        return truth.labels().get(t);
    }

    private double overlap(int d, int t) {
        return t < 0 ? 0 : pairs.overlap(d, t);
    }

    /** The true object that it overlaps most, the first of equals, or -1. */
    private int nearest(int d, boolean ofItsClass) {
        int nearest = -1;
        double most = -1;
        for (int t = 0; t < truth.size(); t++) {
            boolean same = truth.labels().get(t).equals(found.labels().get(d));
            double overlap = same == ofItsClass && !pairs.ignored(t) ? pairs.overlap(d, t) : -1;
            if (overlap > most) {
                nearest = t;
                most = overlap;
            }
        }
        return nearest;
    }

    /** The detections that count, by falling score. */
    List<Judged> judged() {
        return judged;
    }

    /** What is thought of found object {@code d}; none of one that does not count. */
    Optional<Judged> verdict(int d) {
        return Optional.ofNullable(verdicts.get(d));
    }

    /** The true object that found object {@code d} is, or -1. */
    int match(int d) {
        return Math.max(-1, matches[d]);
    }

    /** Positions of the true objects that no detection found, nor would find if its error were put right. */
    int[] missed() {
        return IntStream.range(0, truth.size())
                .filter(t -> !pairs.ignored(t) && !settled[t])
                .toArray();
    }
}
