package dev.fovea;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** Gradients of a layer beside slopes found by trying. */
public final class FiniteDifferences {

    private static final int TRIED = 5;
    private static final double STEP = 1e-5;

    private FiniteDifferences() {}

    /** Checks the first values of the input and of every parameter, all float64. */
    public static void check(Layer layer, Tensor input) {
        Tensor x = input.requireGrad(true);
        objective(layer, x).backward();
        compare(layer, x, x);
        layer.state().parameters().values().forEach(parameter -> compare(layer, x, parameter));
    }

    private static void compare(Layer layer, Tensor x, Tensor varied) {
        double[] gradient = varied.grad().toDoubles();
        for (int i = 0; i < Math.min(TRIED, gradient.length); i++) {
            double up = shifted(layer, x, varied.detach(), i, STEP);
            double slope = (up - shifted(layer, x, varied.detach(), i, -STEP)) / (2 * STEP);
            assertThat(gradient[i]).isCloseTo(slope, within(1e-7 + 1e-5 * Math.abs(slope)));
        }
    }

    private static double shifted(Layer layer, Tensor x, Tensor varied, int index, double by) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor before = varied.copy();
            double[] values = varied.toDoubles();
            values[index] += by;
            varied.copy_(Tensor.of(values, varied.shape()));
            double result = objective(layer, x.detach()).item();
            varied.copy_(before);
            return result;
        }
    }

    private static Tensor objective(Layer layer, Tensor x) {
        Tensor y = layer.forward(x);
        return y.mul(Golden.wave(9, 0.5, y.shape())).sum();
    }
}
