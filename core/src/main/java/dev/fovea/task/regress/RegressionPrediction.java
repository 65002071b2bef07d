package dev.fovea.task.regress;

import dev.fovea.run.Predictor;
import dev.fovea.run.TaskReport;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The numbers predicted for one image, in the units of the data the model was trained on. */
public record RegressionPrediction(List<Value> numbers) implements Predictor.Answer {

    /** One number with its name. */
    public record Value(String name, double value) {}

    public RegressionPrediction {
        numbers = List.copyOf(numbers);
    }

    @Override
    public Map<String, Object> values() {
        return Map.of("values", numbers);
    }

    @Override
    public String text() {
        return numbers.stream()
                .map(one -> one.name() + " " + TaskReport.written(one.value()))
                .collect(Collectors.joining("  "));
    }
}
