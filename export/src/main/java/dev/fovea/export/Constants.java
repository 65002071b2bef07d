package dev.fovea.export;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Recorder.Value;
import dev.fovea.engine.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of a recorded network does not hang on its inputs: weights, tables, and what is computed from these alone. */
final class Constants {

    private final Recordings recorded;
    private final Set<Integer> variable = new HashSet<>();
    private final Map<Integer, Step> makers = new HashMap<>();
    private final Map<Integer, Tensor> values = new HashMap<>();

    Constants(Recordings recorded) {
        this.recorded = recorded;
        variable.addAll(recorded.first().inputs());
        values.putAll(recorded.first().given());
        recorded.steps().forEach(step -> {
            if (step.op().inPlace()) {
                throw new NotExportableException(
                        "%s: changes a tensor in place (%s), which no graph shows. Compute a new one"
                                .formatted(step.layer().isEmpty() ? "the network" : step.layer(), step.op()));
            }
            sort(step);
        });
    }

    private void sort(Step step) {
        boolean free = numbers(step.first().inputs()).stream().anyMatch(variable::contains) || !repeatable(step);
        numbers(step.first().outputs()).forEach(number -> {
            makers.put(number, step);
            if (free) {
                variable.add(number);
            }
        });
    }

    /** Whether it makes the same in all recordings from the same. */
    private static boolean repeatable(Step step) {
        Object[] first = step.first().attributes().values().toArray();
        return step.calls().stream()
                .map(call -> call.attributes().values())
                .allMatch(values -> values.stream().noneMatch(Random.class::isInstance)
                        && Arrays.deepEquals(first, values.toArray()));
    }

    private static List<Integer> numbers(List<Value> values) {
        return values.stream().filter(Value::present).map(Value::number).toList();
    }

    /** Whether this step's outputs are constants. */
    boolean made(Step step) {
        return !variable.contains(step.first().outputs().get(0).number());
    }

    boolean contains(int number) {
        return !variable.contains(number);
    }

    /** The step that makes it, if one does. */
    String place(int number) {
        Step maker = makers.get(number);
        return maker == null ? "table" : (maker.layer().isEmpty() ? "" : maker.layer() + ".") + maker.op();
    }

    /** Its value; of what is computed, computed again. */
    Tensor value(int number) {
        Tensor known = values.get(number);
        if (known != null) {
            return known;
        }
        Step step = makers.get(number);
        Tensor[] inputs = step.first().inputs().stream()
                .map(value -> value.present() ? value(value.number()) : null)
                .toArray(Tensor[]::new);
        try (var noGrad = new NoGrad()) {
            List<Tensor> made = step.op().call(step.first().attributes(), inputs);
            for (int i = 0; i < made.size(); i++) {
                values.put(step.first().outputs().get(i).number(), made.get(i));
            }
        }
        return values.get(number);
    }
}
