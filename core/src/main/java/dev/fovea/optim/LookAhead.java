package dev.fovea.optim;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import dev.fovea.nn.State;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slow weights that follow those of the network, which is set back to them every few updates (Zhang et al. 2019, <a
 * href="https://arxiv.org/abs/1907.08610">1907.08610</a>), with the rising inertia of airbench (Jordan 2024, <a
 * href="https://arxiv.org/abs/2404.00498">2404.00498</a>): {@code 0.95^every (t/T)^3} of the slow weights are kept.
 */
public final class LookAhead {

    private static final double DECAY = 0.95;

    private final int every;
    private final Map<String, Tensor> live = new LinkedHashMap<>();
    private final Map<String, Tensor> slow = new LinkedHashMap<>();

    /** @param every updates after which the network is set back, at least 1 */
    public LookAhead(State state, int every) {
        this.every = every;
        try (var noGrad = new NoGrad()) {
            state.tensors().forEach((name, tensor) -> {
                if (tensor.type() != DType.INT64) {
                    live.put(name, tensor);
                    slow.put(name, tensor.detach().copy());
                }
            });
        }
    }

    /**
     * Follows the network after an update.
     *
     * @param step updates made, this one included
     * @param steps of the whole run
     * @param epochEnds whether it was the last of its epoch, after which the network has the slow weights in any case
     */
    public void update(long step, long steps, boolean epochEnds) {
        if (step % every != 0 && !epochEnds) {
            return;
        }
        double kept = Math.pow(DECAY, every) * Math.pow((double) step / steps, 3);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            slow.forEach((name, tensor) -> {
                tensor.lerp_(live.get(name), 1 - kept);
                live.get(name).copy_(tensor);
            });
        }
    }

    /** The state by name, for a checkpoint. */
    public Map<String, Tensor> tensors() {
        return new LinkedHashMap<>(slow);
    }

    /** @throws FormatException if {@code saved} is not of this network */
    public void restore(Map<String, Tensor> saved) {
        WeightAverage.restore(slow, saved, "slow weights");
    }
}
