package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxValue.Dim;
import dev.fovea.models.DetectionNet;
import java.util.ArrayList;
import java.util.List;

/**
 * What makes objects of all boxes of a detector: the best boxes of each class without duplicates, the most probable first.
 *
 * <p>From {@code boxes} [N, P, 4] and {@code scores} [N, P, K] to {@code boxes} [M, 4], {@code scores} [M], {@code labels}
 * [M] and {@code image} [M], the place in the batch.
 */
final class DetectionTail {

    private static final String BOXES = "boxes";
    private static final String SCORES = "scores";
    private static final Dim FOUND = Dim.any("objects");

    private final NodeBuilder nodes;

    private DetectionTail(NodeBuilder nodes) {
        this.nodes = nodes;
    }

    /**
     * @param height of the images, in pixels, where boxes end
     * @param width of the images
     */
    static OnnxGraph of(OnnxGraph graph, DetectionNet.Limits limits, int height, int width, int opset) {
        OnnxGraph inner = OnnxRenaming.of(graph, List.of(BOXES, SCORES), "all_");
        var tail = new DetectionTail(NodeBuilder.after(inner, opset));
        tail.add(inner.outputs().get(0).name(), inner.outputs().get(1).name(), limits, height, width);
        return tail.nodes.graph(
                graph.name(),
                graph.inputs(),
                List.of(
                        new OnnxValue(BOXES, OnnxType.FLOAT32, List.of(FOUND, Dim.of(4))),
                        new OnnxValue(SCORES, OnnxType.FLOAT32, List.of(FOUND)),
                        new OnnxValue("labels", OnnxType.INT64, List.of(FOUND)),
                        new OnnxValue("image", OnnxType.INT64, List.of(FOUND))));
    }

    /** With boxes [N, P, 4], the first output, that end at the edges of the images already. */
    static Signature cut(Signature signature, int height, int width) {
        return new Signature(signature.inputs(), signature.outputs(), in -> {
            List<Tensor> given = signature.pass().apply(in);
            var edges = new ArrayList<Tensor>();
            for (int i = 0; i < 4; i++) {
                edges.add(given.get(0).narrow(2, i, 1).clamp(0, i % 2 == 0 ? width : height));
            }
            return List.of(Tensor.cat(edges, 2), given.get(1));
        });
    }

    private void add(String boxes, String scores, DetectionNet.Limits limits, int height, int width) {
        nodes.within("objects");
        String ofClasses = nodes.node("Transpose", List.of(scores), "perm", new long[] {0, 2, 1});
        String kept = nodes.node( // [M, 3]: image, class, place
                "NonMaxSuppression",
                List.of(
                        boxes,
                        ofClasses,
                        nodes.wholes(limits.most()),
                        nodes.reals((float) limits.iou()),
                        nodes.reals((float) limits.score())));
        String score = nodes.node("GatherND", List.of(ofClasses, kept));
        List<String> best = nodes.nodes("TopK", 2, List.of(score, nodes.node("Shape", List.of(score))), "axis", 0);
        String sorted = nodes.node("Gather", List.of(kept, best.get(1)), "axis", 0);
        String order = chosen(boxes, sorted, limits.most());
        String rows = nodes.node("Gather", List.of(sorted, order), "axis", 0);
        String image = column(rows, 0);
        String place = nodes.node("Gather", List.of(rows, nodes.wholes(0, 2)), "axis", 1);
        String inside =
                nodes.initializer(OnnxTensor.of("image_edges", List.of(4L), (float) width, height, width, height));
        String found = nodes.node("GatherND", List.of(boxes, place));
        String low = nodes.node("Max", List.of(found, nodes.number(0, DType.FLOAT32)));
        nodes.named(nodes.node("Min", List.of(low, inside)), BOXES);
        nodes.named(nodes.node("Gather", List.of(best.get(0), order), "axis", 0), SCORES);
        nodes.named(column(rows, 1), "labels");
        nodes.named(image, "image");
    }

    private String column(String rows, long column) {
        String narrow = nodes.node("Gather", List.of(rows, nodes.wholes(column)), "axis", 1);
        return nodes.node("Squeeze", List.of(narrow, nodes.wholes(1)));
    }

    /** Of rows in falling order of their scores the places of the first {@code most} of each image. */
    private String chosen(String boxes, String rows, int most) {
        String batch = nodes.node("Gather", List.of(nodes.node("Shape", List.of(boxes)), nodes.wholes(0)), "axis", 0);
        String count = nodes.node("Squeeze", List.of(batch, nodes.wholes(0)));
        String images = nodes.node("Range", List.of(nodes.number(0, DType.INT64), count, nodes.number(1, DType.INT64)));
        String own = nodes.cast( // [M, N]: 1 where a row is of an image
                nodes.node("Equal", List.of(nodes.node("Gather", List.of(rows, nodes.wholes(0)), "axis", 1), images)),
                DType.FLOAT32);
        String rank = nodes.node("Mul", List.of(nodes.node("CumSum", List.of(own, nodes.number(0, DType.INT64))), own));
        String ranks = nodes.node("ReduceSum", List.of(rank, nodes.wholes(1)), "keepdims", 0);
        String within = nodes.node("LessOrEqual", List.of(ranks, nodes.number(most, DType.FLOAT32)));
        return nodes.node("Squeeze", List.of(nodes.node("NonZero", List.of(within)), nodes.wholes(0)));
    }
}
