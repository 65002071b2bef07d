package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Op;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Activations and softmax. */
final class ActivationConversions {

    static final Map<Op, Conversion> ALL = all();

    /** The first version with an operator for it. */
    private static final int HARD_SWISH = 14;

    private static final int GELU = 20;

    private ActivationConversions() {}

    private static Map<Op, Conversion> all() {
        var all = new EnumMap<Op, Conversion>(Op.class);
        Map.of(Op.RELU, "Relu", Op.SIGMOID, "Sigmoid", Op.TANH, "Tanh", Op.SOFTPLUS, "Softplus")
                .forEach((op, name) -> all.put(op, ArithmeticConversions.unary(name)));
        all.put(Op.GELU, ActivationConversions::gelu);
        all.put(Op.SILU, (step, graph) -> {
            String gate = graph.node("Sigmoid", List.of(graph.in(0)));
            graph.out(graph.node("Mul", List.of(graph.in(0), gate)));
        });
        all.put(Op.HARD_SIGMOID, (step, graph) -> graph.out(hardSigmoid(graph)));
        all.put(
                Op.HARD_SWISH,
                (step, graph) -> graph.out(
                        graph.opset() >= HARD_SWISH
                                ? graph.node("HardSwish", List.of(graph.in(0)))
                                : graph.node("Mul", List.of(graph.in(0), hardSigmoid(graph)))));
        all.put(
                Op.LEAKY_RELU,
                (step, graph) -> graph.out(graph.node("LeakyRelu", List.of(graph.in(0)), "alpha", step.real(0))));
        all.put(Op.SOFTMAX, (step, graph) -> along("Softmax", step, graph));
        all.put(Op.LOG_SOFTMAX, (step, graph) -> along("LogSoftmax", step, graph));
        return all;
    }

    private static String hardSigmoid(GraphBuilder graph) {
        return graph.node("HardSigmoid", List.of(graph.in(0)), "alpha", 1 / 6.0, "beta", 0.5);
    }

    private static void along(String name, Step step, GraphBuilder graph) {
        graph.out(graph.node(name, List.of(graph.in(0)), "axis", step.dim(0)));
    }

    private static void gelu(Step step, GraphBuilder graph) {
        if (graph.opset() >= GELU) {
            graph.out(graph.node("Gelu", List.of(graph.in(0))));
            return;
        }
        DType type = step.made();
        String scaled = graph.node("Mul", List.of(graph.in(0), graph.number(Math.sqrt(0.5), type)));
        String share = graph.node("Add", List.of(graph.node("Erf", List.of(scaled)), graph.number(1, type)));
        String half = graph.node("Mul", List.of(graph.in(0), graph.number(0.5, type)));
        graph.out(graph.node("Mul", List.of(half, share)));
    }
}
