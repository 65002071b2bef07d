package dev.fovea.export;

import dev.fovea.engine.Op;
import java.util.EnumMap;
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
        return all;
    }

    /** @throws NotExportableException if there is none for the step's operation */
    static void write(Step step, GraphBuilder graph) {
        Conversion conversion = ALL.get(step.op());
        if (conversion == null) {
            String name =
                    step.op() == Op.CALL ? step.get(0, String.class) : step.op().toString();
            throw new NotExportableException(
                    "%s: operation '%s' has no form in ONNX. Use others, or make a conversion for it"
                            .formatted(step.place(), name));
        }
        graph.enter(step);
        conversion.write(step, graph);
    }
}
