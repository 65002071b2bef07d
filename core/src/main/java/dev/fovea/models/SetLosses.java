package dev.fovea.models;

import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.nn.detect.Overlap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The losses of a {@link Detr}: each query learns the object that {@link SetMatching} gives it, or that there is none, behind each
 * layer of the decoder anew (sections 3.1 and 3.2 of the paper).
 *
 * @param objects of each image
 */
record SetLosses(int classes, BoxShares shares, List<ObjectsOfImage> objects) {

    private static final double DISTANCE = 5;
    private static final double OVERLAP = 2;

    /** How much a query without an object counts in the loss of the class, as most have none. */
    private static final float ABSENT = 0.1f;

    /** Of the last layer by name, and the sum of those of all layers before it. */
    Map<String, Tensor> of(Detr.Raw raw) {
        int last = (int) raw.logits().size(0) - 1;
        var before = new ArrayList<Tensor>();
        for (int layer = 0; layer < last; layer++) {
            before.addAll(ofLayer(raw, layer).values());
        }
        Map<String, Tensor> losses = ofLayer(raw, last);
        before.stream().reduce(Tensor::add).ifPresent(sum -> losses.put("auxiliaryLoss", sum));
        return losses;
    }

    private Map<String, Tensor> ofLayer(Detr.Raw raw, int layer) {
        Tensor logits = raw.logits().select(0, layer); // (N, Q, K + 1)
        Tensor boxes = raw.boxes().select(0, layer); // (N, Q, 4)
        List<int[]> assigned = assigned(logits, boxes);
        var losses = new LinkedHashMap<String, Tensor>();
        losses.put("classLoss", classLoss(logits, assigned));
        boxLosses(boxes, assigned, losses);
        return losses;
    }

    private List<int[]> assigned(Tensor logits, Tensor boxes) {
        var matching = new SetMatching(shares);
        var assigned = new ArrayList<int[]>();
        for (int image = 0; image < objects.size(); image++) {
            try (var scope = new Scope()) {
                assigned.add(matching.assign(logits.select(0, image), boxes.select(0, image), objects.get(image)));
            }
        }
        return assigned;
    }

    /** The mean cross-entropy of all queries that count, weighed. */
    private Tensor classLoss(Tensor logits, List<int[]> assigned) {
        int queries = (int) logits.size(1);
        long[] labels = new long[objects.size() * queries];
        float[] weights = new float[labels.length];
        double total = 0;
        for (int i = 0; i < labels.length; i++) {
            int image = i / queries;
            int object = assigned.get(image)[i % queries];
            labels[i] = object < 0 ? classes : objects.get(image).labels()[object];
            weights[i] = object >= 0 ? 1 : object == MaxIou.IGNORED ? 0 : ABSENT;
            total += weights[i];
        }
        Device device = logits.device();
        Tensor wanted = Tensor.of(labels, objects.size(), queries, 1).to(device);
        return logits.logSoftmax(2)
                .gather(2, wanted)
                .mul(Tensor.of(weights, objects.size(), queries, 1).to(device))
                .sum()
                .mul(-1 / Math.max(total, ABSENT));
    }

    /** Over the number of objects in the batch. */
    private void boxLosses(Tensor boxes, List<int[]> assigned, Map<String, Tensor> into) {
        int queries = (int) boxes.size(1);
        float[] references = new float[4 * queries]; // there are no anchors
        var learned = new Learned(queries);
        for (int image = 0; image < objects.size(); image++) {
            learned.add(image, assigned.get(image), objects.get(image), references, 1);
        }
        int count = Math.max(
                1, objects.stream().mapToInt(one -> one.labels().length).sum());
        Tensor own = learned.rows(boxes);
        Tensor target = learned.boxes(boxes.device());
        into.put("boxLoss", own.sub(shares.shares(target)).abs().sum().mul(DISTANCE / count));
        Tensor overlap = Overlap.GIOU.of(shares.edges(own), target);
        into.put("overlapLoss", overlap.neg().add(1).sum().mul(OVERLAP / count));
    }
}
