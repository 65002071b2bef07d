package dev.fovea.export.runtime;

import dev.fovea.data.Targets;
import dev.fovea.engine.Tensor;
import dev.fovea.models.DetectionNet;
import dev.fovea.nn.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An ONNX file that finds objects, duplicates left out: {@code boxes} [.., n, 4] in pixels of what it is shown, {@code scores} and
 * {@code labels} [.., n], for one image at a time.
 */
final class OnnxDetector implements DetectionNet {

    static final String BOXES = "boxes";
    static final String SCORES = "scores";
    static final String LABELS = "labels";

    private static final int SIDES = 4;

    private final OnnxFunction function;
    private final Limits limits;
    private final int multiple;

    /** @param multiple that sides of images must be of; 1 where the file is for one size */
    OnnxDetector(OnnxFunction function, Limits limits, int multiple) {
        this.function = function;
        this.limits = limits;
        this.multiple = multiple;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public List<String> classLayers() {
        return List.of();
    }

    @Override
    public int multiple() {
        return multiple;
    }

    @Override
    public Map<String, Tensor> losses(Tensor images, Targets.Objects truth) {
        throw new IllegalArgumentException(
                "the network of an ONNX file answers and has no losses. Train the model that it was exported from");
    }

    @Override
    public Tensor trace(Tensor images) {
        return function.apply(images).get(SCORES);
    }

    @Override
    public List<Found> detect(Tensor images, Limits wanted) {
        var found = new ArrayList<Found>();
        for (long i = 0; i < images.size(0); i++) {
            found.add(found(function.apply(images.narrow(0, i, 1)), wanted));
        }
        return found;
    }

    private static Found found(Map<String, Tensor> outputs, Limits wanted) {
        float[] boxes = outputs.get(BOXES).toFloats();
        float[] scores = outputs.get(SCORES).toFloats();
        long[] labels = outputs.get(LABELS).toLongs();
        if (boxes.length != SIDES * scores.length || labels.length != scores.length) {
            throw new IllegalArgumentException(
                    "the ONNX file gives %s boxes, %s scores and %s labels, expected one of each for an object"
                            .formatted(boxes.length / SIDES, scores.length, labels.length));
        }
        int[] best = java.util.stream.IntStream.range(0, scores.length)
                .filter(i -> scores[i] >= wanted.score() && scores[i] > 0)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                .limit(wanted.most())
                .mapToInt(Integer::intValue)
                .toArray();
        var bestBoxes = new float[SIDES * best.length];
        var bestLabels = new int[best.length];
        var bestScores = new float[best.length];
        for (int i = 0; i < best.length; i++) {
            System.arraycopy(boxes, SIDES * best[i], bestBoxes, SIDES * i, SIDES);
            bestLabels[i] = Math.toIntExact(labels[best[i]]);
            bestScores[i] = scores[best[i]];
        }
        return new Found(bestBoxes, bestLabels, bestScores);
    }

    @Override
    public State state() {
        return function.state();
    }
}
