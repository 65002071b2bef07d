package dev.fovea.task.detect;

import dev.fovea.data.Batch;
import dev.fovea.data.Box;
import dev.fovea.data.DataException;
import dev.fovea.data.Target;
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
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
        var beyond = new BeyondBoxes(names, (DetectionNet) net);
        while (batches.hasNext()) {
            Batch batch = batches.next();
            Targets.Objects truth = objects(batch);
            List<DetectionNet.Found> found;
            try (var scope = new Scope()) {
                found = ((DetectionNet) net).detect(pixels.images(batch), limits);
            }
            for (int i = 0; i < batch.size(); i++) {
                GroundTruth own = truth(truth, i);
                Detections answer = ShownObjects.detections(found.get(i));
                coco.add(own, answer);
                beyond.add(own, answer);
            }
        }
        var all = new LinkedHashMap<>(coco.result().values());
        all.keySet().retainAll(List.of("map", "map50", "mar100"));
        beyond.masks()
                .ifPresent(masks -> all.put("maskMap", masks.averagePrecision().mean()));
        beyond.keypoints()
                .ifPresent(keypoints ->
                        all.put("keypointMap", keypoints.averagePrecision().mean()));
        all.replaceAll((name, value) -> Double.isNaN(value) ? 0 : value);
        return all;
    }

    /** Of image {@code index} of a batch. */
    static GroundTruth truth(Targets.Objects truth, int index) {
        int from = truth.offsets()[index];
        int to = truth.offsets()[index + 1];
        return GroundTruth.of(new Target.Objects(
                IntStream.range(from, to)
                        .mapToObj(i -> Box.of(truth.boxes(), i))
                        .toList(),
                IntStream.range(from, to).map(i -> (int) truth.labels()[i]).toArray(),
                truth.masks().isEmpty() ? List.of() : truth.masks().subList(from, to),
                Arrays.copyOfRange(truth.ignore(), from, to),
                truth.keypoints().isEmpty() ? List.of() : truth.keypoints().subList(from, to)));
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
