package dev.fovea.train;

import dev.fovea.nn.LayerOrder;
import dev.fovea.optim.Roles;
import dev.fovea.optim.Schedule;
import java.util.LinkedHashMap;
import java.util.Locale;

/**
 * How a network that starts from trained weights goes on learning: the head first, the rest at a lower rate; what is
 * closer to the input less than what is closer to the head.
 *
 * @param headEpochs first epochs in which the head alone learns, on features that stay as they are; at most half of all
 * @param blockEpochs epochs from one block, beginning at the head, to the next one that joins in, or 0 for all at once
 *     (gradual unfreezing, Howard and Ruder 2018, <a href="https://arxiv.org/abs/1801.06146">1801.06146</a>)
 * @param lr factor of the learning rate of the head and of all else once the head no longer learns alone, above 0
 * @param layerDecay factor of the learning rate from one block to the one before it, above 0 to 1 (Clark et al. 2020, <a
 *     href="https://arxiv.org/abs/2003.10555">2003.10555</a>, appendix)
 * @param fixedNorms whether norms with running statistics stay in evaluation mode; their scales and shifts learn
 */
public record Transfer(int headEpochs, int blockEpochs, double lr, double layerDecay, boolean fixedNorms) {

    /** All learn from the first step on, at one rate. */
    public static final Transfer OFF = new Transfer(0, 0, 1, 1, false);

    public Transfer {
        require(headEpochs >= 0, "transfer.headEpochs must be 0 (off) or more, got transfer.headEpochs=%s", headEpochs);
        require(
                blockEpochs >= 0,
                "transfer.blockEpochs must be 0 (all at once) or more, got transfer.blockEpochs=%s",
                blockEpochs);
        require(lr > 0, "transfer.lr is a factor above 0, got transfer.lr=%s", lr);
        require(
                layerDecay > 0 && layerDecay <= 1,
                "transfer.layerDecay must be above 0 to 1, got transfer.layerDecay=%s",
                layerDecay);
    }

    /** Whether some weights learn later than others. */
    public boolean later() {
        return headEpochs > 0 || blockEpochs > 0;
    }

    /** Epochs of the head alone in a run of that many. */
    int headEpochs(int epochs) {
        return Math.min(headEpochs, epochs / 2);
    }

    /**
     * Whether a group of weights learns in an epoch.
     *
     * @param distance of the group to the head, which is 0
     * @param epoch from 1
     * @param epochs of the run
     */
    public boolean learns(int distance, int epoch, int epochs) {
        return distance == 0 || epoch > headEpochs(epochs) + (distance - 1) * blockEpochs;
    }

    /** The factor of the learning rate of a group of weights at that distance to the head, beside that of its epoch. */
    public double factor(int distance) {
        return Math.pow(layerDecay, distance);
    }

    /** The factor of the base learning rate at an update: the schedule is gone through for the head alone, then for all. */
    double factor(Schedule schedule, long step, int stepsPerEpoch, int epochs) {
        long steps = (long) stepsPerEpoch * epochs;
        long head = (long) stepsPerEpoch * headEpochs(epochs);
        return step < head
                ? schedule.factor(step, head, stepsPerEpoch)
                : (head > 0 ? lr : 1) * schedule.factor(step - head, steps - head, stepsPerEpoch);
    }

    /** The rate of each weight of a network beside that of the schedule, and which of them stand at its ends. */
    Roles roles(LayerOrder order) {
        var factors = new LinkedHashMap<String, Double>();
        order.group().keySet().forEach(name -> factors.put(name, factor(order.distance(name))));
        return new Roles(factors, order.ends());
    }

    private static void require(boolean condition, String rule, Object value) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, rule, value));
        }
    }
}
