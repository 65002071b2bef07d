package dev.fovea.task.classify;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.models.SequenceNet;
import dev.fovea.nn.Loss;
import dev.fovea.report.Charts;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Subset;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How much of the loss's gradient reaches each step of a sequence.
 *
 * @param norms of the gradient by what is read at each step, the mean over images or clips
 */
record GradientThroughTime(List<Double> norms) {

    private static final int SHOWN = 64;
    private static final double NOTHING = 1e-12;
    private static final int POINTS = 56;

    /** On some of {@code data}. */
    static GradientThroughTime of(SavedNet network, SequenceNet net, Dataset data) {
        Dataset some = Subset.evenly(data, SHOWN);
        var preprocess = network.model().config().preprocess();
        try (var loader = new Loader(some, preprocess, Augmentation.NONE, Loader.Options.sequential(SHOWN));
                var scope = new Scope()) {
            var batch = loader.epoch(0, 0).next();
            var pixels = network.pixels();
            Tensor input = pixels.images(batch).detach().requireGrad(true);
            Loss.crossEntropy().of(net.forward(input), pixels.labels(batch)).backward();
            net.state().parameters().values().forEach(Tensor::clearGrad);
            Tensor steps = net.steps(input.grad());
            float[] each = steps.mul(steps).sum(2).sqrt().mean(0).toFloats();
            var norms = new ArrayList<Double>();
            for (float value : each) {
                norms.add((double) value);
            }
            return new GradientThroughTime(norms);
        }
    }

    /** What reaches the first tenth of the steps, as a multiple of what reaches the last. */
    double early() {
        int steps = norms.size();
        int tenth = (steps + 9) / 10;
        return mean(0, tenth) / Math.max(NOTHING, mean(steps - tenth, steps));
    }

    private double mean(int from, int to) {
        return norms.subList(from, to).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    /** On a scale of powers of ten; of very many steps, means over a few at a time. */
    BufferedImage chart() {
        var points = new ArrayList<double[]>();
        int each = (norms.size() + POINTS - 1) / POINTS;
        for (int t = 0; t < norms.size(); t += each) {
            points.add(new double[] {t + 1, Math.log10(Math.max(NOTHING, mean(t, Math.min(t + each, norms.size()))))});
        }
        return Charts.lines(
                "Gradient through time", "step", "gradient norm, power of ten", Map.of("gradient of the loss", points));
    }
}
