package dev.fovea.metrics.detect;

import java.util.List;

/**
 * COCO's twelve figures of found boxes or masks, gathered image by image.
 *
 * <p>Lin et al., <a href="https://arxiv.org/abs/1405.0312">Microsoft COCO: Common Objects in Context</a>, and
 * <a href="https://cocodataset.org/#detection-eval">the rules of its evaluation</a>; equal to pycocotools 2.0.11 to six
 * decimals and more, except that a figure for which nothing is true is NaN, not -1. Equal scores keep the order in which
 * they were added. Of each image and class the 100 detections of the highest scores count.
 *
 * <p>Keeps 28 bytes for each detection.
 */
public final class CocoMetrics {

    private static final int LIMIT = 100;

    private final List<String> classes;
    private final Region region;
    private final CocoEvaluation evaluation;

    /** @param region by what objects overlap */
    public CocoMetrics(List<String> classes, Region region) {
        this.classes = List.copyOf(classes);
        this.region = region;
        evaluation = new CocoEvaluation(classes.size(), LIMIT);
    }

    /**
     * Takes an image in.
     *
     * @throws IllegalArgumentException if a label is none of the classes, or masks are asked for and missing
     */
    public void add(GroundTruth truth, Detections found) {
        evaluation.add(truth, found, region.pairs(truth, found));
    }

    /** The figures of all images that were taken in. */
    public CocoResult result() {
        var figures = evaluation.figures();
        return new CocoResult(
                new CocoResult.AveragePrecision(
                        figures.precision(CocoEvaluation.ALL, LIMIT),
                        figures.precisionAt(CocoEvaluation.ALL, LIMIT, CocoEvaluation.AT_50),
                        figures.precisionAt(CocoEvaluation.ALL, LIMIT, CocoEvaluation.AT_75),
                        figures.precision(CocoEvaluation.SMALL, LIMIT),
                        figures.precision(CocoEvaluation.MEDIUM, LIMIT),
                        figures.precision(CocoEvaluation.LARGE, LIMIT)),
                new CocoResult.AverageRecall(
                        figures.recall(CocoEvaluation.ALL, 1),
                        figures.recall(CocoEvaluation.ALL, 10),
                        figures.recall(CocoEvaluation.ALL, LIMIT),
                        figures.recall(CocoEvaluation.SMALL, LIMIT),
                        figures.recall(CocoEvaluation.MEDIUM, LIMIT),
                        figures.recall(CocoEvaluation.LARGE, LIMIT)),
                figures.perClass(classes, LIMIT));
    }
}
