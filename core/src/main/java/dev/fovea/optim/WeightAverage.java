package dev.fovea.optim;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import dev.fovea.nn.State;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An average of a network's parameters and running statistics: an exponential moving one (Polyak and Juditsky 1992), or the
 * plain mean of all that were taken in (stochastic weight averaging, Izmailov et al. 2018, <a
 * href="https://arxiv.org/abs/1803.05407">1803.05407</a>).
 *
 * <p>Early in a run the decay of a moving average is {@code (1 + t) / (10 + t)} where that is smaller, so that the first weights do
 * not linger.
 */
public final class WeightAverage {

    private final Map<String, Tensor> live = new LinkedHashMap<>();
    private final Map<String, Tensor> mean = new LinkedHashMap<>();
    private final Tensor updates = Tensor.zeros(DType.FLOAT64);
    private final double decay;

    /**
     * A moving average, or at a decay of 1 a plain mean.
     *
     * @param decay share of the old average kept at each update, 0 to 1
     */
    public WeightAverage(State state, double decay) {
        this.decay = decay;
        try (var noGrad = new NoGrad()) {
            state.tensors().forEach((name, tensor) -> {
                live.put(name, tensor);
                mean.put(name, tensor.detach().copy());
            });
        }
    }

    /** Takes the present weights in. */
    public void update() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            updates.add_(1);
            double count = updates.item();
            double kept = decay == 1 ? (count - 1) / count : Math.min(decay, (1 + count) / (10 + count));
            mean.forEach((name, tensor) -> {
                if (tensor.type() == DType.INT64) {
                    tensor.copy_(live.get(name)); // counts and frequencies have no mean
                } else {
                    tensor.lerp_(live.get(name), 1 - kept);
                }
            });
        }
    }

    /** How often weights were taken in. */
    public long updates() {
        return (long) updates.item();
    }

    /** Exchanges the network's weights and the average; a second call puts both back. */
    public void swap() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            mean.forEach((name, tensor) -> {
                Tensor held = live.get(name).copy();
                live.get(name).copy_(tensor);
                tensor.copy_(held);
            });
        }
    }

    /** Gives the network the average for good. */
    public void apply() {
        try (var noGrad = new NoGrad()) {
            mean.forEach((name, tensor) -> live.get(name).copy_(tensor));
        }
    }

    /** The state by name, for a checkpoint. */
    public Map<String, Tensor> tensors() {
        var tensors = new LinkedHashMap<>(mean);
        tensors.put("updates", updates);
        return tensors;
    }

    /** @throws FormatException if {@code saved} is not the average of this network */
    public void restore(Map<String, Tensor> saved) {
        restore(tensors(), saved, "weight average");
    }

    /** Takes over the values of a checkpoint for what is meant by {@code what}. */
    static void restore(Map<String, Tensor> own, Map<String, Tensor> saved, String what) {
        if (!saved.keySet().equals(own.keySet())) {
            throw new FormatException("the checkpoint holds the %s of another network".formatted(what));
        }
        own.forEach((name, tensor) -> {
            if (!Arrays.equals(saved.get(name).shape(), tensor.shape())) { // copy_ would broadcast
                throw new FormatException("the checkpoint holds the %s of '%s' as %s, the network is %s"
                        .formatted(
                                what, name, Arrays.toString(saved.get(name).shape()), Arrays.toString(tensor.shape())));
            }
        });
        try (var noGrad = new NoGrad()) {
            own.forEach((name, tensor) -> tensor.copy_(saved.get(name)));
        }
    }
}
