package dev.fovea.train;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.State;
import dev.fovea.optim.LookAhead;
import dev.fovea.optim.WeightAverage;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The averages of a network's weights that a recipe asks for; where it asks for none, nothing happens here. */
final class AveragedWeights {

    private static final String PART = "average";
    private static final String SLOW = "look-ahead";

    private final Recipe recipe;
    private final List<WeightAverage> average;
    private final List<LookAhead> lookAhead;

    AveragedWeights(State state, Recipe recipe) {
        this.recipe = recipe;
        Recipe.Update update = recipe.update();
        average = update.ema() == 0 && update.swa() == 0
                ? List.of()
                : List.of(new WeightAverage(state, update.swa() > 0 ? 1 : update.ema()));
        lookAhead = update.lookAhead() == 0 ? List.of() : List.of(new LookAhead(state, update.lookAhead()));
    }

    /** Takes in the weights of an update, the {@code step}th of so many. */
    void update(long step, int stepsPerEpoch) {
        lookAhead.forEach(slow -> slow.update(step, (long) stepsPerEpoch * recipe.epochs(), step % stepsPerEpoch == 0));
        if (recipe.update().swa() == 0) {
            average.forEach(WeightAverage::update);
        }
    }

    /**
     * Takes in the weights of an epoch, if it is one of those whose mean is wanted.
     *
     * @param statistics takes those of norms anew, for the weights that the network has then
     */
    void endEpoch(int epoch, Runnable statistics) {
        if (recipe.update().swa() > 0
                && epoch > recipe.epochs() * (1 - recipe.update().swa())) {
            average.forEach(WeightAverage::update);
            during(() -> {
                statistics.run();
                return statistics;
            });
        }
    }

    /** What {@code action} gives while the network carries its average, if there is one yet. */
    <T> T during(Supplier<T> action) {
        begun().forEach(WeightAverage::swap);
        try {
            return action.get();
        } finally {
            begun().forEach(WeightAverage::swap);
        }
    }

    /** Gives the network its average for good. */
    void apply() {
        begun().forEach(WeightAverage::apply);
    }

    /** The mean over the last epochs is none before the first of them; a moving average begins with the first weights. */
    private List<WeightAverage> begun() {
        return average.stream()
                .filter(a -> recipe.update().swa() == 0 || a.updates() > 0)
                .toList();
    }

    void addTo(Map<String, Tensor> checkpoint) {
        average.forEach(a -> Checkpoint.addPart(checkpoint, PART, a.tensors()));
        lookAhead.forEach(slow -> Checkpoint.addPart(checkpoint, SLOW, slow.tensors()));
    }

    void restore(Checkpoint checkpoint) {
        average.forEach(a -> a.restore(checkpoint.part(PART)));
        lookAhead.forEach(slow -> slow.restore(checkpoint.part(SLOW)));
    }
}
