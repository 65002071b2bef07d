package dev.fovea.export.runtime;

import dev.fovea.data.Targets;
import dev.fovea.engine.Tensor;
import dev.fovea.models.DetectionNet;
import dev.fovea.nn.State;
import dev.fovea.nn.detect.Nms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * An ONNX file that finds objects in one image at a time: {@code boxes} [.., n, 4] in pixels of what it is shown, with {@code scores}
 * and {@code labels} [.., n], duplicates left out; or, without labels, {@code scores} [.., n, classes] of all boxes.
 */
final class OnnxDetector implements DetectionNet {

    static final String BOXES = "boxes";
    static final String SCORES = "scores";
    static final String LABELS = "labels";

    private static final int SIDES = 4;

    private final OnnxFunction function;
    private final Limits limits;
    private final int multiple;
    private final Answers answers;

    /**
     * What the numbers of a file mean.
     *
     * @param classes how many there are
     * @param firstLabel the label of the first of them: 1 where 0 is the background
     * @param cutFirst whether duplicates are looked for among boxes that are cut at the edges already
     */
    record Answers(int classes, int firstLabel, boolean cutFirst) {}

    /** @param multiple that sides of images must be of; 1 where the file is for one size */
    OnnxDetector(OnnxFunction function, Limits limits, int multiple, Answers answers) {
        this.function = function;
        this.limits = limits;
        this.multiple = multiple;
        this.answers = answers;
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
            Tensor image = images.narrow(0, i, 1);
            found.add(found(function.apply(image), wanted, image));
        }
        return found;
    }

    private Found found(Map<String, Tensor> outputs, Limits wanted, Tensor image) {
        float[] boxes = outputs.get(BOXES).toFloats();
        float[] scores = outputs.get(SCORES).toFloats();
        checkFinite(boxes);
        if (!outputs.containsKey(LABELS)) {
            return ofAll(boxes, scores, wanted, image);
        }
        long[] labels = outputs.get(LABELS).toLongs();
        if (boxes.length != SIDES * scores.length || labels.length != scores.length) {
            throw new IllegalArgumentException(
                    "the ONNX file gives %s boxes, %s scores and %s labels, expected one of each for an object"
                            .formatted(boxes.length / SIDES, scores.length, labels.length));
        }
        int[] best = IntStream.range(0, scores.length)
                .filter(i -> scores[i] >= wanted.score() && scores[i] > 0)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                .limit(wanted.most())
                .mapToInt(Integer::intValue)
                .toArray();
        return at(best, boxes, i -> i, scores, i -> label(labels[i]));
    }

    private int label(long given) {
        long label = given - answers.firstLabel();
        if (label < 0 || label >= answers.classes()) {
            throw new IllegalArgumentException(
                    "the ONNX file gives the label %s, expected %s to %s for %s classes. Say firstLabel: 1 in the file beside it where 0 is the background"
                            .formatted(
                                    given,
                                    answers.firstLabel(),
                                    answers.firstLabel() + answers.classes() - 1L,
                                    answers.classes()));
        }
        return (int) label;
    }

    private static void checkFinite(float[] boxes) {
        for (float edge : boxes) {
            if (!Float.isFinite(edge)) {
                throw new IllegalArgumentException(
                        "the ONNX file gives a box that ends at %s, so the model is broken. Export it again"
                                .formatted(edge));
            }
        }
    }

    /** Of scores of all boxes for all classes those that are left without duplicates, within the image. */
    private Found ofAll(float[] boxes, float[] scores, Limits wanted, Tensor image) {
        int classes = answers.classes();
        if (boxes.length % SIDES != 0 || (long) boxes.length / SIDES * classes != scores.length) {
            throw new IllegalArgumentException(
                    "the ONNX file gives %s boxes and %s scores, expected one for each box and each of %s classes"
                            .formatted(boxes.length / SIDES, scores.length, classes));
        }
        if (answers.cutFirst()) {
            cut(boxes, image);
        }
        int[] above = IntStream.range(0, scores.length)
                .filter(i -> scores[i] > (float) wanted.score())
                .toArray();
        Found all = at(above, boxes, i -> i / classes, scores, i -> i % classes);
        int[] kept = Nms.keep(all.boxes(), all.scores(), all.labels(), wanted.iou(), wanted.most());
        Found found = at(kept, all.boxes(), i -> i, all.scores(), i -> all.labels()[i]);
        cut(found.boxes(), image);
        return found;
    }

    /** Has boxes end at the edges of the image. */
    private static void cut(float[] boxes, Tensor image) {
        for (int i = 0; i < boxes.length; i++) {
            float edge = image.size(i % 2 == 0 ? 3 : 2);
            boxes[i] = Math.max(0, Math.min(edge, boxes[i]));
        }
    }

    /** Those at some places, of which each has a box and a label. */
    private static Found at(int[] places, float[] boxes, IntUnaryOperator box, float[] scores, IntUnaryOperator label) {
        var own = new float[SIDES * places.length];
        var labels = new int[places.length];
        var values = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(boxes, SIDES * box.applyAsInt(places[i]), own, SIDES * i, SIDES);
            labels[i] = label.applyAsInt(places[i]);
            values[i] = scores[places[i]];
        }
        return new Found(own, labels, values);
    }

    @Override
    public State state() {
        return function.state();
    }
}
