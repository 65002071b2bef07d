package dev.fovea.train;

import dev.fovea.data.Loader;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.image.Image;
import dev.fovea.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network in evaluation mode: its metrics on data, and what it generates. */
public record Evaluator(Module net, Objective objective, Precision precision, Device device) {

    private static final Seed EVALUATION = new Seed(20_131_220);

    /** Of the generated samples: the same every time, so that images of two epochs can be compared. */
    private static final Seed SAMPLES = new Seed(20_060_728);

    private static final int SAMPLES_AT_ONCE = 100;

    /** Enough for statistics, and little beside an epoch of a large set. */
    private static final int STATISTICS_BATCHES = 200;

    /**
     * Metrics over {@code data}; the mode the network had comes back. What is drawn at random on the way, as codes from
     * their distribution, is the same every time, so that a saved model has the loss that its run wrote down.
     */
    public Map<String, Double> evaluate(Loader data) {
        return validate(data).metrics();
    }

    /** The same with the worst mistakes, of tasks that have them at no cost. */
    Validation validate(Loader data) {
        boolean training = net.state().training();
        net.state().train(false);
        Random before = net.state().random();
        net.state().random(Random.of(EVALUATION, device));
        try (var noGrad = new NoGrad();
                var autocast = Autocast.of(precision, device)) {
            return objective.validate(net, data.epoch(0, 0));
        } finally {
            net.state().random(before);
            net.state().train(training);
        }
    }

    /**
     * Has the norms take their running statistics anew: the mean over batches of an epoch, as PyTorch's {@code update_bn}. It
     * trains afterwards.
     */
    void takeStatistics(Loader train, int epoch) {
        if (net.state().buffers().keySet().stream().noneMatch(name -> name.endsWith("running_var"))) {
            return;
        }
        net.state().train(true);
        try (var noGrad = new NoGrad();
                var autocast = Autocast.of(precision, device)) {
            int taken = 0;
            for (var batches = train.epoch(epoch, 0); batches.hasNext() && taken < STATISTICS_BATCHES; ) {
                net.state().newShare(1.0 / ++taken);
                try (var scope = new Scope()) {
                    objective.step(net, batches.next());
                }
            }
        } finally {
            net.state().newShare(0);
        }
    }

    /** What the network generates, at least as many images as wanted; none for most tasks. It trains afterwards. */
    List<Image> samples(int wanted) {
        var samples = new ArrayList<Image>();
        net.state().train(false);
        try (var noGrad = new NoGrad();
                var autocast = Autocast.of(precision, device)) {
            while (samples.size() < wanted) {
                List<Image> more = samples(samples.size(), Math.min(SAMPLES_AT_ONCE, wanted - samples.size()));
                if (more.isEmpty()) {
                    return samples;
                }
                samples.addAll(more);
            }
            return samples;
        } finally {
            net.state().train(true);
        }
    }

    private List<Image> samples(int from, int count) {
        try (var scope = new Scope()) {
            net.state().random().restart(SAMPLES.derive(from));
            return objective.samples(net, from, count);
        }
    }
}
