package dev.fovea.models;

import dev.fovea.data.Targets;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.detect.Anchors;
import dev.fovea.nn.detect.BoxCoder;
import dev.fovea.nn.detect.DefaultBoxes;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.nn.detect.Nms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How SSD scores and moves its default boxes, learns and answers (Liu et al. 2015, <a
 * href="https://arxiv.org/abs/1512.02325">1512.02325</a>, section 2.2).
 *
 * @param columns classes and the background, which is the first
 * @param candidates boxes of a class and an image among which duplicates are looked for
 */
record BoxScoring(DefaultBoxes boxes, int columns, int candidates) {

    private static final BoxCoder CODER = new BoxCoder.Deltas(10, 10, 5, 5);
    private static final MaxIou ASSIGNMENT = MaxIou.ssd(0.5);

    /** Boxes of background that teach, for each that has an object. */
    private static final int NEGATIVES = 3;

    /** The head with torchvision's names. */
    static Parts named(List<Layer> classes, List<Layer> boxes) {
        return new Parts(Map.of(
                "classification_head", new Parts(Map.of("module_list", new Sequential(classes))),
                "regression_head", new Parts(Map.of("module_list", new Sequential(boxes)))));
    }

    /**
     * What the head gives.
     *
     * @param logits [N, anchors, K + 1]
     * @param deltas [N, anchors, 4]
     */
    record Raw(Tensor logits, Tensor deltas, Anchors anchors) {}

    Raw raw(List<Tensor> maps, List<Layer> classes, List<Layer> moves, Tensor images) {
        return new Raw(each(maps, classes, columns), each(maps, moves, 4), boxes.of(maps, (int) images.size(2), (int)
                images.size(3)));
    }

    private static Tensor each(List<Tensor> maps, List<Layer> layers, int columns) {
        var all = new ArrayList<Tensor>();
        for (int i = 0; i < maps.size(); i++) {
            all.add(HeadParts.places(layers.get(i).forward(maps.get(i)), columns));
        }
        return Tensor.cat(all, 1);
    }

    /** Means over all anchors, of which there are thousands. */
    Tensor trace(List<Tensor> maps, List<Layer> classes, List<Layer> moves) {
        return Tensor.cat(
                List.of(
                        each(maps, classes, columns).mean(1),
                        each(maps, moves, 4).mean(1)),
                1);
    }

    Map<String, Tensor> losses(Raw raw, Targets.Objects truth) {
        Anchors anchors = raw.anchors();
        Device device = raw.logits().device();
        List<ObjectsOfImage> objects = ObjectsOfImage.of(truth);
        var learned = new Learned(anchors.count());
        long[] labels = new long[objects.size() * anchors.count()];
        var assigned = new ArrayList<int[]>();
        for (int i = 0; i < objects.size(); i++) {
            ObjectsOfImage own = objects.get(i);
            assigned.add(own.withoutIgnored(ASSIGNMENT.assign(anchors.boxes(), own.boxes()), anchors.boxes()));
            learned.add(i, assigned.get(i), own, anchors.boxes(), 1);
            for (int j = 0; j < anchors.count(); j++) {
                int object = assigned.get(i)[j];
                labels[i * anchors.count() + j] = object < 0 ? 0 : own.labels()[object] + 1;
            }
        }
        double total = Math.max(1, learned.count());
        Tensor target = CODER.encode(learned.boxes(device), learned.references(device));
        Tensor logits = raw.logits().reshape(-1, columns);
        Tensor entropy = Tensor.call(
                        "aten::cross_entropy_loss",
                        logits,
                        Tensor.of(labels, labels.length).to(device),
                        null,
                        0,
                        -100,
                        0.0)
                .get(0);
        Tensor counted =
                Tensor.of(counted(entropy.toFloats(), assigned), labels.length).to(device);
        var losses = new LinkedHashMap<String, Tensor>();
        losses.put("classLoss", entropy.mul(counted).sum().div(total));
        losses.put(
                "boxLoss",
                HeadParts.smooth(learned.rows(raw.deltas()), target, 1).div(total));
        return losses;
    }

    /** 1 for those with an object and, of each image, the three times as many that take most for an object; else 0. */
    private static float[] counted(float[] entropy, List<int[]> assigned) {
        float[] counted = new float[entropy.length];
        int count = entropy.length / assigned.size();
        for (int image = 0; image < assigned.size(); image++) {
            float[] background = new float[count];
            int left = NEGATIVES * Learned.positives(assigned.get(image));
            for (int i = 0; i < count; i++) {
                int object = assigned.get(image)[i];
                counted[image * count + i] = object >= 0 ? 1 : 0;
                background[i] = object == MaxIou.BACKGROUND ? entropy[image * count + i] : Float.NEGATIVE_INFINITY;
            }
            for (int i : Nms.order(background)) {
                if (left-- <= 0 || background[i] == Float.NEGATIVE_INFINITY) {
                    break;
                }
                counted[image * count + i] = 1;
            }
        }
        return counted;
    }

    /** All boxes with their scores, the background left out. */
    SingleStageNet.Boxes all(Raw raw) {
        return new SingleStageNet.Boxes(
                places(raw), RetinaNet.withoutBackground(raw.logits().softmax(2)));
    }

    private static Tensor places(Raw raw) {
        return CODER.decode(raw.deltas(), raw.anchors().tensor(raw.deltas().device()));
    }

    List<DetectionNet.Found> detect(Raw raw, Tensor images, DetectionNet.Limits limits) {
        float[] scores = raw.logits().softmax(2).toFloats();
        float[] places = places(raw).toFloats();
        int anchors = raw.anchors().count();
        var found = new ArrayList<DetectionNet.Found>();
        for (int i = 0; i < images.size(0); i++) {
            var top = new TopCandidates((int) images.size(2), (int) images.size(3));
            int to = (i + 1) * anchors * columns;
            for (int label = 1; label < columns; label++) {
                int from = i * anchors * columns + label;
                top.addStrongest(scores, columns, from, to, columns, limits.score(), candidates, places);
            }
            found.add(top.kept(limits));
        }
        return found;
    }
}
