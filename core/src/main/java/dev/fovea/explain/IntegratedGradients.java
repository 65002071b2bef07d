package dev.fovea.explain;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/**
 * Integrated gradients (Sundararajan et al. 2017, <a href="https://arxiv.org/abs/1703.01365">1703.01365</a>): the mean
 * gradient on the straight way from a blank image, of the image's mean colour, to the image, times the difference of both.
 *
 * <p>They are complete: their sum is by how much the class's logit of the image is above that of the blank one.
 */
public final class IntegratedGradients implements GradientExplainer {

    private static final int STEPS = 64;

    @Override
    public String word() {
        return "integrated-gradients";
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        return explain(net, input, label, Progress.NONE);
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label, Progress progress) {
        try (var scope = new Scope()) {
            return Grid.positive(attributions(net, input, Blank.of(input), label, progress)
                    .sum(1)
                    .squeeze(0));
        }
    }

    /** What each value of {@code input} adds to the class's logit over that of {@code blank}, all [1, C, H, W]. */
    static Tensor attributions(Layer net, Tensor input, Tensor blank, int label, Progress progress) {
        Tensor difference = input.sub(blank);
        Tensor sum = Tensor.zeros(input.shape()).to(input.device());
        int most = GradientExplainer.atOnce(input);
        for (int from = 0; from < STEPS; from += most) {
            progress.at(from, STEPS);
            int count = Math.min(most, STEPS - from);
            double[] shares = new double[count];
            for (int i = 0; i < count; i++) {
                shares[i] = (from + i + 0.5) / STEPS; // the middles of equal parts of the way
            }
            try (var scope = new Scope()) {
                Tensor way = Tensor.of(shares, count, 1, 1, 1).to(input.type()).to(input.device());
                Tensor gradients = GradientExplainer.gradient(net, blank.add(difference.mul(way)), label);
                sum.add_(gradients.sum(0).unsqueeze(0), 1.0 / STEPS);
            }
        }
        return sum.mul(difference);
    }
}
