package dev.fovea.metrics.detect;

import java.util.ArrayList;
import java.util.List;

/**
 * What precision, recall and F1 are when only detections of so much confidence are kept, gathered image by image.
 *
 * <p>Detections and true objects are matched as {@link CocoMetrics} does at an IoU of 0.5, so that AP50 is the interpolated
 * mean of these curves: of each image and class the 100 of the highest scores count, and those of ignored objects do not.
 */
public final class ConfidenceMetrics {

    private static final int LIMIT = 100;
    private static final double LEAST = 0.5;

    private final List<String> classes;
    private final Region region;
    private final List<Ranking.Scores> scores = new ArrayList<>();
    private final long[] support;

    /** @param region by what objects overlap */
    public ConfidenceMetrics(List<String> classes, Region region) {
        this.classes = List.copyOf(classes);
        this.region = region;
        support = new long[classes.size()];
        classes.forEach(name -> scores.add(new Ranking.Scores()));
    }

    /**
     * Takes an image in.
     *
     * @throws IllegalArgumentException if a label is none of the classes, or masks are asked for and missing
     */
    public void add(GroundTruth truth, Detections found) {
        Pairs pairs = region.pairs(truth, found);
        for (ClassObjects objects : ClassObjects.byClass(truth, found, classes.size(), LIMIT)) {
            boolean[] ignored = objects.ignored(pairs);
            for (boolean one : ignored) {
                support[objects.label()] += one ? 0 : 1;
            }
            int[] matches = Matching.of(objects.overlaps(pairs), ignored, objects.crowds(truth), LEAST);
            for (int d = 0; d < matches.length; d++) {
                if (matches[d] == Matching.NONE || !ignored[matches[d]]) {
                    double score = found.scores().get(objects.found()[d]);
                    scores.get(objects.label()).add(score, matches[d] != Matching.NONE);
                }
            }
        }
    }

    /** The curves of all images that were taken in. */
    public ConfidenceResult result() {
        var perClass = new ArrayList<ConfidenceResult.Curve>();
        var all = new Ranking.Scores();
        long total = 0;
        for (int label = 0; label < classes.size(); label++) {
            var own = scores.get(label);
            perClass.add(new ConfidenceResult.Curve(classes.get(label), own.curve(support[label]), support[label]));
            all.addAll(own);
            total += support[label];
        }
        return new ConfidenceResult(new ConfidenceResult.Curve("all", all.curve(total), total), perClass);
    }
}
