package dev.fovea.export;

import dev.fovea.engine.Op;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All operations that have a form in ONNX, each with what writes it. */
final class Conversions {

    private static final Map<Op, Conversion> ALL = all();

    private Conversions() {}

    private static Map<Op, Conversion> all() {
        var all = new EnumMap<Op, Conversion>(Op.class);
        all.putAll(ArithmeticConversions.ALL);
        all.putAll(ActivationConversions.ALL);
        all.putAll(LayoutConversions.ALL);
        all.putAll(WindowConversions.ALL);
        all.putAll(LayerConversions.ALL);
        all.put(Op.RECURRENT, new RecurrentConversion());
        all.put(Op.CALL, Conversions::call);
        return all;
    }

    /** @throws NotExportableException if there is none for the step's operation */
    static void write(Step step, GraphBuilder graph) {
        Conversion conversion = ALL.get(step.op());
        if (conversion == null) {
            throw unknown(step, step.op().toString());
        }
        graph.enter(step);
        conversion.write(step, graph);
    }

    private static NotExportableException unknown(Step step, String operation) {
        return new NotExportableException(
                "%s: operation '%s' has no form in ONNX that is known. Use others".formatted(step.place(), operation));
    }

    /** Operators by libtorch's names. */
    private static void call(Step step, GraphBuilder graph) {
        String operator = step.get(0, String.class);
        Object[] arguments = step.get(1, Object[].class);
        switch (operator) {
            case "aten::floor" -> graph.out(graph.node("Floor", List.of(graph.in(0))));
            case "aten::atan" -> graph.out(graph.node("Atan", List.of(graph.in(0))));
            case "aten::topk" -> {
                List<String> made = graph.nodes(
                        "TopK",
                        2,
                        List.of(graph.in(0), graph.wholes((Long) arguments[1])),
                        "axis",
                        Step.dim((Long) arguments[2], step.rank(0)),
                        "largest",
                        (Boolean) arguments[3] ? 1 : 0);
                graph.out(0, made.get(0));
                graph.out(1, made.get(1));
            }
            default -> throw unknown(step, operator);
        }
    }
}
