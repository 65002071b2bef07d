package dev.fovea.models;

import dev.fovea.data.Targets;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.detect.Overlap;
import dev.fovea.nn.detect.Points;
import dev.fovea.nn.detect.TaskAligned;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The losses of a {@link FoveaDet}: of the class, of the overlap with the object's box and of the distributions of the
 * distances, those of boxes weighed by how good the assigned predictions are.
 *
 * @param rule which predictions learn an object
 */
record AlignedLosses(int classes, Distances distances, TaskAligned rule) {

    private static final TaskAligned SEVERAL = new TaskAligned(13, 1, 6);
    private static final TaskAligned ONE = new TaskAligned(1, 1, 6);
    private static final double OVERLAP = 2.5;
    private static final double DISTRIBUTION = 0.5;

    AlignedLosses(int classes, Distances distances) {
        this(classes, distances, SEVERAL);
    }

    /** The same where one prediction learns each object. */
    AlignedLosses single() {
        return new AlignedLosses(classes, distances, ONE);
    }

    /** In a map that can be changed. */
    Map<String, Tensor> of(FoveaDet.Raw raw, Targets.Objects truth) {
        Tensor found = distances.expected(raw.sides());
        Tensor boxes = raw.points().boxes(found);
        Assignment assignment = assign(raw, boxes, truth);
        int batch = truth.offsets().length - 1;
        int points = raw.points().count();
        var losses = new LinkedHashMap<String, Tensor>();
        Tensor wanted = Tensor.of(assignment.scores, batch, points, classes)
                .to(raw.logits().device());
        double total = Math.max(1, assignment.quality());
        losses.put("classLoss", classLoss(raw.logits(), wanted, assignment).div(total));
        if (assignment.count == 0) {
            losses.put("boxLoss", found.sum().mul(0));
            losses.put("edgeLoss", raw.sides().sum().mul(0));
            return losses;
        }
        Tensor index = Tensor.of(assignment.places(), assignment.count).to(found.device());
        Tensor weights = Tensor.of(assignment.weights(), assignment.count).to(found.device());
        Tensor own = boxes.reshape(-1, 4).indexSelect(0, index);
        Tensor target = Tensor.of(assignment.boxes(), assignment.count, 4).to(found.device());
        losses.put(
                "boxLoss",
                Overlap.GIOU.of(own, target).neg().add(1).mul(weights).sum().mul(OVERLAP / total));
        if (distances.bins() > 1) {
            Tensor sides = raw.sides().reshape(-1, 4L * distances.bins()).indexSelect(0, index);
            Tensor sayable = distances.sayable(Tensor.of(assignment.distances(raw.points()), assignment.count, 4)
                    .to(found.device()));
            losses.put(
                    "edgeLoss",
                    distances.loss(sides, sayable).mul(weights).sum().mul(DISTRIBUTION / total));
        }
        return losses;
    }

    /**
     * Varifocal (Zhang et al. 2020, <a href="https://arxiv.org/abs/2008.13367">2008.13367</a>): what has an object counts by
     * its quality, the rest by how sure it is of being one.
     */
    private static Tensor classLoss(Tensor logits, Tensor wanted, Assignment assignment) {
        Tensor probability = logits.detach().sigmoid();
        Tensor background = probability.mul(probability).mul(0.75);
        Tensor weight = Tensor.where(wanted.eq(0.0), background, wanted);
        if (assignment.anyIgnored) {
            weight = weight.mul(Tensor.of(assignment.counts, logits.size(0), logits.size(1), 1)
                    .to(logits.device()));
        }
        Tensor each = logits.softplus().sub(logits.mul(wanted));
        return each.mul(weight).sum();
    }

    private Assignment assign(FoveaDet.Raw raw, Tensor boxes, Targets.Objects truth) {
        float[] probabilities = raw.logits().detach().sigmoid().toFloats();
        float[] places = boxes.detach().toFloats();
        int images = truth.offsets().length - 1;
        int points = raw.points().count();
        var assignment = new Assignment(rule, images * points, points, classes);
        for (int i = 0; i < images; i++) {
            var predictions = new TaskAligned.Predictions(
                    Arrays.copyOfRange(probabilities, i * points * classes, (i + 1) * points * classes),
                    classes,
                    Arrays.copyOfRange(places, 4 * i * points, 4 * (i + 1) * points),
                    raw.points().places());
            assignment.add(i * points, predictions, truth, i);
        }
        return assignment;
    }

    /** What the predictions of a batch are to learn. */
    private static final class Assignment {

        private final TaskAligned rule;
        private final int points;
        private final int classes;
        private final float[] scores;
        private final float[] counts;
        private final long[] places;
        private final float[] weights;
        private final float[] boxes;
        private int count;
        private boolean anyIgnored;

        Assignment(TaskAligned rule, int predictions, int points, int classes) {
            this.rule = rule;
            this.points = points;
            this.classes = classes;
            scores = new float[predictions * classes];
            counts = new float[predictions];
            Arrays.fill(counts, 1);
            places = new long[predictions];
            weights = new float[predictions];
            boxes = new float[4 * predictions];
        }

        void add(int first, TaskAligned.Predictions predictions, Targets.Objects truth, int image) {
            int from = truth.offsets()[image];
            int to = truth.offsets()[image + 1];
            int[] real =
                    IntStream.range(from, to).filter(i -> !truth.ignore()[i]).toArray();
            float[] own = new float[4 * real.length];
            int[] labels = new int[real.length];
            for (int i = 0; i < real.length; i++) {
                System.arraycopy(truth.boxes(), 4 * real[i], own, 4 * i, 4);
                labels[i] = (int) truth.labels()[real[i]];
            }
            var assigned = rule.assign(predictions, own, labels);
            for (int i = 0; i < points; i++) {
                int object = assigned.objects()[i];
                if (object >= 0) {
                    places[count] = first + i;
                    weights[count] = assigned.quality()[i];
                    scores[(first + i) * classes + labels[object]] = assigned.quality()[i];
                    System.arraycopy(own, 4 * object, boxes, 4 * count++, 4);
                }
            }
            for (int i = from; i < to; i++) {
                if (truth.ignore()[i]) {
                    ignore(first, predictions.points(), truth.boxes(), i, assigned.objects());
                }
            }
        }

        /** Background within an object that does not count does not count either. */
        private void ignore(int first, float[] at, float[] objects, int object, int[] assigned) {
            anyIgnored = true;
            for (int i = 0; i < points; i++) {
                float x = at[2 * i];
                float y = at[2 * i + 1];
                if (assigned[i] < 0
                        && x > objects[4 * object]
                        && x < objects[4 * object + 2]
                        && y > objects[4 * object + 1]
                        && y < objects[4 * object + 3]) {
                    counts[first + i] = 0;
                }
            }
        }

        double quality() {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += weights[i];
            }
            return sum;
        }

        long[] places() {
            return Arrays.copyOf(places, count);
        }

        float[] weights() {
            return Arrays.copyOf(weights, count);
        }

        float[] boxes() {
            return Arrays.copyOf(boxes, 4 * count);
        }

        /** To the edges of the wanted boxes, in strides. */
        float[] distances(Points of) {
            float[] distances = new float[4 * count];
            for (int i = 0; i < count; i++) {
                int point = (int) (places[i] % points);
                float x = of.places()[2 * point];
                float y = of.places()[2 * point + 1];
                float stride = of.strides()[point];
                distances[4 * i] = (x - boxes[4 * i]) / stride;
                distances[4 * i + 1] = (y - boxes[4 * i + 1]) / stride;
                distances[4 * i + 2] = (boxes[4 * i + 2] - x) / stride;
                distances[4 * i + 3] = (boxes[4 * i + 3] - y) / stride;
            }
            return distances;
        }
    }
}
