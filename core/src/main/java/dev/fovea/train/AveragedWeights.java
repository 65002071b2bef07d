package dev.fovea.train;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.State;
import dev.fovea.optim.WeightAverage;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The average of a network's weights, where a recipe asks for one; otherwise nothing happens here. */
final class AveragedWeights {

    private static final String PART = "average";

    private final List<WeightAverage> average;

    /** @param decay share of the old average kept at each update; 0 for none */
    AveragedWeights(State state, double decay) {
        average = decay == 0 ? List.of() : List.of(new WeightAverage(state, decay));
    }

    /** Takes the present weights in. */
    void update() {
        average.forEach(WeightAverage::update);
    }

    /** What {@code action} gives while the network carries its average. */
    <T> T during(Supplier<T> action) {
        average.forEach(WeightAverage::swap);
        try {
            return action.get();
        } finally {
            average.forEach(WeightAverage::swap);
        }
    }

    /** Gives the network its average for good. */
    void apply() {
        average.forEach(WeightAverage::apply);
    }

    void addTo(Map<String, Tensor> checkpoint) {
        average.forEach(a -> Checkpoint.addPart(checkpoint, PART, a.tensors()));
    }

    void restore(Checkpoint checkpoint) {
        average.forEach(a -> a.restore(checkpoint.part(PART)));
    }
}
