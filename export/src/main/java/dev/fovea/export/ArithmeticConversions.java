package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Op;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Sums, products, comparisons and reductions. */
final class ArithmeticConversions {

    static final Map<Op, Conversion> ALL = all();

    /** Reductions take their dimensions as an input from here on, sums always do. */
    private static final int AXES_AS_INPUT = 18;

    private ArithmeticConversions() {}

    private static Map<Op, Conversion> all() {
        var all = new EnumMap<Op, Conversion>(Op.class);
        Map.of(Op.ADD, "Add", Op.SUB, "Sub", Op.MUL, "Mul", Op.DIV, "Div", Op.POW, "Pow")
                .forEach((op, name) -> all.put(op, (step, graph) -> binary(name, step, graph)));
        Map.of(Op.NEG, "Neg", Op.SIGN, "Sign", Op.ABS, "Abs", Op.SQRT, "Sqrt", Op.EXP, "Exp", Op.LOG, "Log")
                .forEach((op, name) -> all.put(op, unary(name)));
        Map.of(Op.SIN, "Sin", Op.COS, "Cos", Op.ROUND, "Round").forEach((op, name) -> all.put(op, unary(name)));
        all.put(Op.MATMUL, (step, graph) -> graph.out(graph.node("MatMul", List.of(graph.in(0), graph.in(1)))));
        all.put(Op.CLAMP, ArithmeticConversions::clamp);
        all.put(Op.MAXIMUM, (step, graph) -> pair("Max", step, graph));
        all.put(Op.MINIMUM, (step, graph) -> pair("Min", step, graph));
        all.put(Op.EQ, (step, graph) -> compared("Equal", step, graph));
        all.put(Op.GE, (step, graph) -> compared("GreaterOrEqual", step, graph));
        all.put(
                Op.WHERE,
                (step, graph) -> graph.out(
                        graph.node("Where", List.of(graph.in(0), graph.in(1, step.made()), graph.in(2, step.made())))));
        all.put(Op.SUM, (step, graph) -> reduced("ReduceSum", step, graph, 0));
        all.put(Op.MEAN, (step, graph) -> reduced("ReduceMean", step, graph, AXES_AS_INPUT));
        all.put(Op.MAX, (step, graph) -> reduced("ReduceMax", step, graph, AXES_AS_INPUT));
        all.put(Op.MIN, (step, graph) -> reduced("ReduceMin", step, graph, AXES_AS_INPUT));
        all.put(Op.NORM, (step, graph) -> reduced("ReduceL2", step, graph, AXES_AS_INPUT));
        all.put(
                Op.ARGMAX,
                (step, graph) ->
                        graph.out(graph.node("ArgMax", List.of(graph.in(0)), "axis", step.dim(0), "keepdims", 0)));
        return all;
    }

    static Conversion unary(String name) {
        return (step, graph) -> graph.out(graph.node(name, List.of(graph.in(0))));
    }

    private static void binary(String name, Step step, GraphBuilder graph) {
        String right = step.has(0) ? graph.number(step.real(0), step.made()) : graph.in(1, step.made());
        graph.out(graph.node(name, List.of(graph.in(0, step.made()), right)));
    }

    private static void pair(String name, Step step, GraphBuilder graph) {
        graph.out(graph.node(name, List.of(graph.in(0, step.made()), graph.in(1, step.made()))));
    }

    /** Numbers are compared as what the first operand is, or both as fractions where one is. */
    private static void compared(String name, Step step, GraphBuilder graph) {
        boolean fractions = step.type(0) == DType.FLOAT32
                || (step.has(0) ? step.real(0) != Math.rint(step.real(0)) : step.type(1) == DType.FLOAT32);
        DType type = fractions ? DType.FLOAT32 : DType.INT64;
        String right = step.has(0) ? graph.number(step.real(0), type) : graph.in(1, type);
        graph.out(graph.node(name, List.of(graph.in(0, type), right)));
    }

    private static void clamp(Step step, GraphBuilder graph) {
        String low = step.real(0) == Double.NEGATIVE_INFINITY ? "" : graph.number(step.real(0), step.made());
        String high = step.real(1) == Double.POSITIVE_INFINITY ? "" : graph.number(step.real(1), step.made());
        var inputs = new ArrayList<>(List.of(graph.in(0, step.made()), low));
        if (!high.isEmpty()) {
            inputs.add(high);
        }
        graph.out(graph.node("Clip", inputs));
    }

    /** @param since the version whose operator takes the dimensions as an input */
    private static void reduced(String name, Step step, GraphBuilder graph, int since) {
        long[] dims = !step.has(0)
                ? IntStream.range(0, step.rank(0)).asLongStream().toArray()
                : step.op() == Op.MAX ? new long[] {step.whole(0)} : step.wholes(0);
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Step.dim(dims[i], step.rank(0));
        }
        String x = graph.in(0, step.made());
        graph.out(reduced(name, x, dims, false, graph, since));
    }

    /** The mean over some dimensions. */
    static String mean(String x, NodeBuilder graph, boolean keep, long... dims) {
        return reduced("ReduceMean", x, dims, keep, graph, AXES_AS_INPUT);
    }

    /** The largest over some dimensions. */
    static String max(String x, NodeBuilder graph, boolean keep, long... dims) {
        return reduced("ReduceMax", x, dims, keep, graph, AXES_AS_INPUT);
    }

    /** The least of all elements of a row, as [1]. */
    static String least(String x, NodeBuilder graph) {
        return reduced("ReduceMin", x, new long[] {0}, true, graph, AXES_AS_INPUT);
    }

    private static String reduced(String name, String x, long[] dims, boolean keep, NodeBuilder graph, int since) {
        if (dims.length == 0) {
            return x;
        }
        int keeping = keep ? 1 : 0;
        return graph.opset() >= since
                ? graph.node(name, List.of(x, graph.wholes(dims)), "keepdims", keeping)
                : graph.node(name, List.of(x), "axes", dims, "keepdims", keeping);
    }
}
