package dev.fovea.metrics.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * What a detector's errors cost: by how much AP50 would rise were all errors of a kind put right, gathered image by image.
 *
 * <p>Bolya et al., <a href="https://arxiv.org/abs/2008.08115">TIDE: A General Toolbox for Identifying Object Detection
 * Errors</a>, sections 2.2 and 2.3, with a foreground threshold of 0.5 and a background threshold of 0.1. Kinds are tried in
 * the order of the authors' program: localization, classification, duplicate, background, both. An error of class or place is put
 * right only for the detection of the highest score for each object that nobody found; others for the same object are
 * removed, as are those of the kinds that cannot be put right. A missed object is put right by not asking for it.
 *
 * <p>Here AP50 is that of {@link CocoMetrics}: 100 detections of each image and class, ties of IoU to the last, and classes
 * of which nothing is true left out (the authors' program limits the detections of an image and counts such classes as 0). A
 * class all of whose objects are put right by not asking counts as 0 where something of it is found, as in that program, and is
 * left out where nothing is; where that leaves no class, AP50 counts as 1.
 */
public final class TideMetrics {

    private static final int AS_IT_IS = -2;

    private final List<String> classes;
    private final Region region;
    private final long[] support;
    private final long[] missed;
    private final List<Judged> all = new ArrayList<>();

    /** @param region by what objects overlap */
    public TideMetrics(List<String> classes, Region region) {
        this.classes = List.copyOf(classes);
        this.region = region;
        support = new long[classes.size()];
        missed = new long[classes.size()];
    }

    /**
     * Takes an image in.
     *
     * @throws IllegalArgumentException if a label is none of the classes, or masks are asked for and missing
     */
    public void add(GroundTruth truth, Detections found) {
        var image = new TideImage(truth, found, region.pairs(truth, found), classes.size());
        all.addAll(image.judged());
        for (int t = 0; t < truth.size(); t++) {
            if (!truth.ignore().get(t)) {
                support[truth.labels().get(t)]++;
            }
        }
        for (int t : image.missed()) {
            missed[truth.labels().get(t)]++;
        }
    }

    /** The errors of all images that were taken in. */
    public TideResult result() {
        double now = averagePrecision(support, wrong -> AS_IT_IS);
        var costs = new ArrayList<TideResult.Cost>();
        for (DetectionError error : DetectionError.values()) {
            boolean isMissed = error == DetectionError.MISSED;
            double then = averagePrecision(
                    isMissed ? less(support, missed) : support,
                    wrong -> wrong.error() == error ? wrong.repaired() : AS_IT_IS);
            costs.add(new TideResult.Cost(error, isMissed ? sum(missed) : count(error), Math.max(0, then - now)));
        }
        double precise = averagePrecision(support, wrong -> Judged.NOWHERE);
        double complete = averagePrecision(hits(), wrong -> AS_IT_IS);
        return new TideResult(now, costs, precise - now, complete - now);
    }

    /**
     * The mean over the classes that have something to find.
     *
     * @param asked objects of each class
     * @param repair the class of which a wrong detection is to be a right one, or what else is to become of it
     */
    private double averagePrecision(long[] asked, ToIntFunction<Judged.Wrong> repair) {
        var scores = Stream.generate(Ranking.Scores::new).limit(asked.length).toList();
        for (Judged one : all) {
            if (one instanceof Judged.Wrong wrong) {
                int label = repair.applyAsInt(wrong);
                if (label == AS_IT_IS) {
                    scores.get(wrong.label()).add(wrong.score(), false);
                } else if (label != Judged.NOWHERE) {
                    scores.get(label).add(wrong.score(), true);
                }
            } else {
                scores.get(one.label()).add(one.score(), true);
            }
        }
        double mean = Means.of(asked.length, label -> {
            if (support[label] == 0 || asked[label] == 0 && scores.get(label).count() == 0) {
                return Double.NaN;
            }
            return asked[label] == 0
                    ? 0
                    : scores.get(label).ranking(asked[label]).cocoAverage();
        });
        return Double.isNaN(mean) && sum(support) > 0 ? 1 : mean;
    }

    private long[] hits() {
        long[] hits = new long[support.length];
        for (Judged one : all) {
            hits[one.label()] += one instanceof Judged.Right ? 1 : 0;
        }
        return hits;
    }

    private long count(DetectionError error) {
        return all.stream()
                .filter(one -> one instanceof Judged.Wrong wrong && wrong.error() == error)
                .count();
    }

    private static long sum(long[] counts) {
        return Arrays.stream(counts).sum();
    }

    private static long[] less(long[] counts, long[] others) {
        long[] less = counts.clone();
        for (int i = 0; i < less.length; i++) {
            less[i] -= others[i];
        }
        return less;
    }
}
