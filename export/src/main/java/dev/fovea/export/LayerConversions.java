package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Op;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Dense layers, norms and attention. */
final class LayerConversions {

    static final Map<Op, Conversion> ALL = all();

    /** The first version with an operator for it. */
    private static final int LAYER_NORM = 17;

    private LayerConversions() {}

    private static Map<Op, Conversion> all() {
        var all = new EnumMap<Op, Conversion>(Op.class);
        all.put(Op.LINEAR, LayerConversions::linear);
        all.put(Op.BATCH_NORM, LayerConversions::batchNorm);
        all.put(Op.LAYER_NORM, LayerConversions::layerNorm);
        all.put(Op.GROUP_NORM, LayerConversions::groupNorm);
        all.put(Op.ATTENTION, LayerConversions::attention);
        return all;
    }

    /** Weights are [out, in], as in the network's state. */
    private static void linear(Step step, GraphBuilder graph) {
        if (step.rank(0) == 2) {
            var inputs = new ArrayList<>(List.of(graph.in(0), graph.in(1)));
            if (step.present(2)) {
                inputs.add(graph.in(2));
            }
            graph.out(graph.node("Gemm", inputs, "transB", 1));
            return;
        }
        String turned = graph.node("Transpose", List.of(graph.in(1)), "perm", new long[] {1, 0});
        String product = graph.node("MatMul", List.of(graph.in(0), turned));
        graph.out(step.present(2) ? graph.node("Add", List.of(product, graph.in(2))) : product);
    }

    private static void batchNorm(Step step, GraphBuilder graph) {
        if (step.flag(0)) {
            throw new NotExportableException(
                    "%s: normalises by the statistics of its batch even in evaluation mode, which is not exported"
                            .formatted(step.place()));
        }
        Size channels = step.shape(0).get(1);
        graph.out(graph.node(
                "BatchNormalization",
                List.of(
                        graph.in(0),
                        step.present(1) ? graph.in(1) : graph.repeated(1, channels.value()),
                        step.present(2) ? graph.in(2) : graph.repeated(0, channels.value()),
                        graph.in(3),
                        graph.in(4)),
                "epsilon",
                step.real(2)));
    }

    private static void layerNorm(Step step, GraphBuilder graph) {
        int over = step.rank(1);
        if (graph.opset() >= LAYER_NORM) {
            var inputs = new ArrayList<>(List.of(graph.in(0), graph.in(1)));
            if (step.present(2)) {
                inputs.add(graph.in(2));
            }
            graph.out(graph.node("LayerNormalization", inputs, "axis", -over, "epsilon", step.real(0)));
            return;
        }
        long[] dims = LongStream.range(step.rank(0) - over, step.rank(0)).toArray();
        String mean = ArithmeticConversions.mean(graph.in(0), graph, true, dims);
        String centred = graph.node("Sub", List.of(graph.in(0), mean));
        String variance = ArithmeticConversions.mean(graph.node("Mul", List.of(centred, centred)), graph, true, dims);
        String safe = graph.node("Add", List.of(variance, graph.number(step.real(0), step.made())));
        String normal = graph.node("Div", List.of(centred, graph.node("Sqrt", List.of(safe))));
        String scaled = graph.node("Mul", List.of(normal, graph.in(1)));
        graph.out(step.present(2) ? graph.node("Add", List.of(scaled, graph.in(2))) : scaled);
    }

    /** Each group as one channel of an instance norm. */
    private static void groupNorm(Step step, GraphBuilder graph) {
        long groups = step.whole(0);
        List<Size> shape = step.shape(0);
        String grouped = graph.node("Reshape", List.of(graph.in(0), graph.wholes(0, groups, -1)));
        String normal = graph.node(
                "InstanceNormalization",
                List.of(grouped, graph.repeated(1, groups), graph.repeated(0, groups)),
                "epsilon",
                step.real(1));
        String x = graph.node("Reshape", List.of(normal, graph.node("Shape", List.of(graph.in(0)))));
        long[] column = LongStream.range(1, shape.size() - 1L).toArray();
        if (step.present(1)) {
            x = graph.node("Mul", List.of(x, column(graph.in(1), graph, column)));
        }
        if (step.present(2)) {
            x = graph.node("Add", List.of(x, column(graph.in(2), graph, column)));
        }
        graph.out(x);
    }

    private static String column(String weight, GraphBuilder graph, long... dims) {
        return dims.length == 0 ? weight : LayoutConversions.unsqueezed(weight, graph, dims);
    }

    private static void attention(Step step, GraphBuilder graph) {
        int rank = step.rank(0);
        Size depth = step.shape(0).get(rank - 1);
        String scaled =
                graph.node("Mul", List.of(graph.in(0), graph.number(1 / Math.sqrt(depth.value()), step.made())));
        String keys = LayoutConversions.swapped(graph.in(1), rank, rank - 2, rank - 1, graph);
        String scores = graph.node("MatMul", List.of(scaled, keys));
        if (step.flag(0)) {
            Size queries = step.shape(0).get(rank - 2);
            Size all = step.shape(1).get(rank - 2);
            if (!queries.isFixed() || !all.isFixed()) {
                throw new SizeDependentException(
                        "%s: causal attention over a number of places that hangs on the size of the images"
                                .formatted(step.place()));
            }
            scores = graph.node("Add", List.of(scores, graph.initializer(unseen(queries.value(), all.value()))));
        }
        String shares = graph.node("Softmax", List.of(scores), "axis", rank - 1);
        graph.out(graph.node("MatMul", List.of(shares, graph.in(2))));
    }

    /** What is added to scores so that no place sees later ones. */
    private static OnnxTensor unseen(long queries, long keys) {
        float[] added = new float[Math.toIntExact(queries * keys)];
        for (int i = 0; i < queries; i++) {
            for (int j = i + 1; j < keys; j++) {
                added[(int) (i * keys + j)] = Float.NEGATIVE_INFINITY;
            }
        }
        return OnnxTensor.of("causal_%s_%s".formatted(queries, keys), List.of(queries, keys), added);
    }

    /** Weights as they are needed, made without gradients. */
    static Tensor exactly(java.util.function.Supplier<Tensor> making) {
        try (var noGrad = new NoGrad()) {
            return Scope.only(() -> making.get().to(DType.FLOAT32).contiguous());
        }
    }
}
