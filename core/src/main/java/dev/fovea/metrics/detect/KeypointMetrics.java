package dev.fovea.metrics.detect;

import java.util.List;

/**
 * COCO's ten figures of found keypoints, gathered image by image. Objects are compared by the similarity of their keypoints
 * (OKS) in the place of IoU; those without a labelled point are ignored, and of each image and class the 20 detections of the
 * highest scores count.
 *
 * <p><a href="https://cocodataset.org/#keypoints-eval">The rules of COCO's evaluation</a>; equal to pycocotools 2.0.11 to six
 * decimals and more, except that a figure for which nothing is true is NaN, not -1.
 */
public final class KeypointMetrics {

    /** Of COCO's 17 keypoints of people, nose to right ankle: how far annotators differ, in square roots of the area. */
    public static final List<Double> COCO_SIGMAS = List.of(
            0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087,
            0.089, 0.089);

    private static final int LIMIT = 20;

    private final List<String> classes;
    private final List<Double> sigmas;
    private final CocoEvaluation evaluation;

    /**
     * @param sigmas one for each keypoint of an object, above 0; {@link #COCO_SIGMAS} for people
     * @throws IllegalArgumentException if there is none or one is not above 0
     */
    public KeypointMetrics(List<String> classes, List<Double> sigmas) {
        this.classes = List.copyOf(classes);
        this.sigmas = List.copyOf(sigmas);
        if (sigmas.isEmpty() || !sigmas.stream().allMatch(sigma -> sigma > 0 && Double.isFinite(sigma))) {
            throw new IllegalArgumentException("keypoints: sigmas must be finite and above 0, got " + sigmas);
        }
        evaluation = new CocoEvaluation(classes.size(), LIMIT);
    }

    /**
     * Takes an image in.
     *
     * @throws IllegalArgumentException if a label is none of the classes, or an object has not as many keypoints as there are
     *     sigmas
     */
    public void add(GroundTruth truth, Detections found) {
        evaluation.add(truth, found, new KeypointPairs(truth, found, sigmas));
    }

    /** The figures of all images that were taken in. */
    public KeypointResult result() {
        var figures = evaluation.figures();
        return new KeypointResult(
                new KeypointResult.Figures(
                        figures.precision(CocoEvaluation.ALL, LIMIT),
                        figures.precisionAt(CocoEvaluation.ALL, LIMIT, CocoEvaluation.AT_50),
                        figures.precisionAt(CocoEvaluation.ALL, LIMIT, CocoEvaluation.AT_75),
                        figures.precision(CocoEvaluation.MEDIUM, LIMIT),
                        figures.precision(CocoEvaluation.LARGE, LIMIT)),
                new KeypointResult.Figures(
                        figures.recall(CocoEvaluation.ALL, LIMIT),
                        figures.recallAt(CocoEvaluation.ALL, LIMIT, CocoEvaluation.AT_50),
                        figures.recallAt(CocoEvaluation.ALL, LIMIT, CocoEvaluation.AT_75),
                        figures.recall(CocoEvaluation.MEDIUM, LIMIT),
                        figures.recall(CocoEvaluation.LARGE, LIMIT)),
                figures.perClass(classes, LIMIT));
    }
}
