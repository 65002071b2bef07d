package dev.fovea.models;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.detect.Hungarian;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.nn.detect.Overlap;
import java.util.Arrays;

/**
 * Which object each query of a {@link Detr} learns: one to one, so that all together cost least. A query costs an object the less,
 * the more probable the object's class is to it, the nearer its box lies and the more it covers (section 3.1 of the paper).
 */
record SetMatching(BoxShares shares) {

    private static final double CLASS = 1;
    private static final double DISTANCE = 5;
    private static final double OVERLAP = 2;

    /**
     * The object of each query of one image, {@link MaxIou#BACKGROUND} where there is none for it, {@link MaxIou#IGNORED} where the
     * middle of its box then lies in an object that does not count. Of more objects than queries some go without.
     *
     * @param logits [Q, K + 1]
     * @param boxes in shares, [Q, 4]
     */
    int[] assign(Tensor logits, Tensor boxes, ObjectsOfImage objects) {
        try (var noGrad = new NoGrad()) {
            int[] assigned = new int[(int) logits.size(0)];
            Arrays.fill(assigned, MaxIou.BACKGROUND);
            Tensor edges = shares.edges(boxes.detach());
            if (objects.labels().length > 0) {
                int[] queries = Hungarian.assign(costs(logits.detach(), edges, objects));
                for (int object = 0; object < queries.length; object++) {
                    if (queries[object] >= 0) {
                        assigned[queries[object]] = object;
                    }
                }
            }
            return objects.withoutIgnored(assigned, edges.toFloats());
        }
    }

    /** Of each object with each query, [M, Q]; a training that has diverged has costs that are no numbers, which are 0 here. */
    private double[][] costs(Tensor logits, Tensor edges, ObjectsOfImage objects) {
        int count = objects.labels().length;
        long queries = edges.size(0);
        Tensor target = Tensor.of(objects.boxes(), count, 4).to(edges.device());
        Tensor theirs = target.unsqueeze(1).expand(count, queries, 4).reshape(-1, 4);
        Tensor own = edges.unsqueeze(0).expand(count, queries, 4).reshape(-1, 4);
        Tensor distance = shares.shares(own).sub(shares.shares(theirs)).abs().sum(1);
        long[] labels = Arrays.stream(objects.labels()).asLongStream().toArray();
        Tensor probability = logits.softmax(1)
                .indexSelect(1, Tensor.of(labels, count).to(logits.device())) // (Q, M)
                .transpose(0, 1)
                .reshape(-1);
        float[] costs = distance.mul(DISTANCE)
                .sub(Overlap.GIOU.of(own, theirs).mul(OVERLAP))
                .sub(probability.mul(CLASS))
                .toFloats();
        double[][] matrix = new double[count][(int) queries];
        for (int i = 0; i < costs.length; i++) {
            matrix[i / (int) queries][i % (int) queries] = Float.isFinite(costs[i]) ? costs[i] : 0;
        }
        return matrix;
    }
}
