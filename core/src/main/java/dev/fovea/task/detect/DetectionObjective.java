package dev.fovea.task.detect;

import dev.fovea.data.Batch;
import dev.fovea.data.Box;
import dev.fovea.data.DataException;
import dev.fovea.data.Targets;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.detect.CocoMetrics;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.metrics.detect.Region;
import dev.fovea.models.DetectionNet;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Detection: the network has losses of its own; its answers are measured in the size that it is shown.
 *
 * @param names of the classes
 * @param limits of what it answers when it is measured
 */
record DetectionObjective(List<String> names, DetectionNet.Limits limits, Pixels pixels) implements Objective {

    DetectionObjective {
        names = List.copyOf(names);
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        Map<String, Tensor> losses = ((DetectionNet) net).losses(pixels.images(batch), objects(batch));
        Tensor sum = losses.values().stream().reduce(Tensor::add).orElseThrow();
        var metrics = new LinkedHashMap<String, Tensor>();
        losses.forEach((name, loss) -> metrics.put(name, loss.detach()));
        return new Outcome(sum, metrics);
    }

    private static Targets.Objects objects(Batch batch) {
        if (batch.targets() instanceof Targets.Objects objects) {
            return objects;
        }
        throw new DataException("the images have no boxes, which a detector learns from");
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var coco = new CocoMetrics(names, Region.BOX);
        while (batches.hasNext()) {
            Batch batch = batches.next();
            Targets.Objects truth = objects(batch);
            List<DetectionNet.Found> found;
            try (var scope = new Scope()) {
                found = ((DetectionNet) net).detect(pixels.images(batch), limits);
            }
            for (int i = 0; i < batch.size(); i++) {
                coco.add(truth(truth, i), detections(found.get(i)));
            }
        }
        Map<String, Double> all = coco.result().values();
        var metrics = new LinkedHashMap<String, Double>();
        for (String name : List.of("map", "map50", "mar100")) {
            metrics.put(name, Double.isNaN(all.get(name)) ? 0 : all.get(name));
        }
        return metrics;
    }

    /** Of image {@code index} of a batch. */
    static GroundTruth truth(Targets.Objects truth, int index) {
        var boxes = new ArrayList<Box>();
        var labels = new ArrayList<Integer>();
        var ignore = new ArrayList<Boolean>();
        for (int i = truth.offsets()[index]; i < truth.offsets()[index + 1]; i++) {
            boxes.add(box(truth.boxes(), i));
            labels.add((int) truth.labels()[i]);
            ignore.add(truth.ignore()[i]);
        }
        return GroundTruth.of(boxes, labels).withIgnore(ignore);
    }

    static Detections detections(DetectionNet.Found found) {
        var boxes = new ArrayList<Box>();
        var labels = new ArrayList<Integer>();
        var scores = new ArrayList<Double>();
        for (int i = 0; i < found.count(); i++) {
            boxes.add(box(found.boxes(), i));
            labels.add(found.labels()[i]);
            scores.add((double) found.scores()[i]);
        }
        return Detections.of(boxes, labels, scores);
    }

    private static Box box(float[] boxes, int index) {
        float left = boxes[4 * index];
        float top = boxes[4 * index + 1];
        return new Box(left, top, Math.max(left, boxes[4 * index + 2]), Math.max(top, boxes[4 * index + 3]));
    }

    @Override
    public String criterion() {
        return "map";
    }

    @Override
    public boolean largerIsBetter() {
        return true;
    }
}
