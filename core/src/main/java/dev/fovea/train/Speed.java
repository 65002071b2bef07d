package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.nn.Traceable;
import dev.fovea.nn.compiled.CompiledNet;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Roles;
import java.util.List;
import java.util.function.Supplier;

/**
 * Speed of a network on synthetic tensors: what remains when reading and augmenting cost nothing.
 *
 * @param device where it runs
 * @param precision what it runs in
 * @param batch images per step
 * @param steps measured, after a tenth as many (at least 5) to warm up
 */
public record Speed(Device device, Precision precision, int batch, int steps) {

    /**
     * What was measured.
     *
     * @param imagesPerSecond from the mean step
     * @param millisPerStep the mean
     * @param loss of the last step, or NaN
     */
    public record Measured(double imagesPerSecond, double millisPerStep, double loss) {}

    /** Full training steps with Adam: forward, cross-entropy, backward, update; input [batch, C, H, W]. */
    public Measured train(Layer net, int channels, int height, int width, int classes) {
        var parameters = net.state().parameters();
        var updater = Optimizer.adam(1e-3).updater(parameters);
        Loss loss = Loss.crossEntropy();
        net.state().train(true);
        Random random = drawnFor(net);
        Tensor images = images(random, channels, height, width);
        Tensor labels = Tensor.rand(random, batch).mul(classes).to(DType.INT64).to(device);
        return measure(() -> {
            Tensor logits;
            try (var autocast = Autocast.of(precision, device)) {
                logits = net.forward(images);
            }
            Tensor value = loss.of(logits.to(DType.FLOAT32), labels);
            value.backward();
            updater.step(1e-3);
            updater.clearGradients();
            return value.item();
        });
    }

    /** Full training steps of any task with Adam, all its phases, on one batch of bytes. */
    public Measured train(Module net, Objective objective, Batch images) {
        List<ParameterGroup> groups =
                ParameterGroup.of(objective, net.state().parameters(), Optimizer.adam(1e-4), Roles.ALIKE);
        net.state().train(true);
        drawnFor(net);
        return measure(() -> {
            double last = 0;
            for (ParameterGroup group : groups) {
                groups.forEach(other -> other.learns(other == group));
                Tensor value;
                try (var autocast = Autocast.of(precision, device)) {
                    value = objective.step(net, images, group.phase()).loss();
                }
                value.backward();
                group.updater().step(1e-4);
                group.updater().clearGradients();
                last = value.item();
            }
            return last;
        });
    }

    /** Forward passes in evaluation mode, as predictions compute them; input [batch, C, H, W]. */
    public Measured predict(Module net, int channels, int height, int width) {
        net.state().train(false);
        Tensor images = images(drawnFor(net), channels, height, width);
        try (var noGrad = new NoGrad()) {
            CompiledNet compiled = net instanceof Layer layer
                    ? CompiledNet.of(layer, precision == Precision.BF16 ? DType.BFLOAT16 : DType.FLOAT32)
                    : null;
            if (compiled != null && compiled.compiles(images)) {
                return measure(
                        () -> compiled.forward(images).sum().to(DType.FLOAT32).item());
            }
            return measure(() -> {
                try (var autocast = Autocast.of(precision, device)) {
                    return Traceable.run(net, images).sum().to(DType.FLOAT32).item();
                }
            });
        }
    }

    /** The stream that all is drawn from: the same work every time. */
    private Random drawnFor(Module net) {
        Random random = Random.of(new Seed(1), device);
        net.state().random(random);
        return random;
    }

    private Tensor images(Random random, int channels, int height, int width) {
        return Tensor.rand(random, batch, channels, height, width).channelsLast();
    }

    private Measured measure(Supplier<Double> step) {
        double last = Double.NaN;
        long began = 0;
        int warmup = Math.max(5, steps / 10);
        for (int i = -warmup; i < steps; i++) {
            if (i == 0) {
                began = System.nanoTime();
            }
            try (var scope = new Scope()) {
                last = step.get();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Measured(batch * (double) steps / seconds, 1000 * seconds / steps, last);
    }
}
