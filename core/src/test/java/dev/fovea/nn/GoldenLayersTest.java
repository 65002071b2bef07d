package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.Golden;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Loss.CrossEntropy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Forward values and gradients of every layer and loss against PyTorch, and against finite differences. */
class GoldenLayersTest {

    private static final JsonNode GOLDEN = Golden.read("golden.json");

    static Stream<JsonNode> layers() {
        return StreamSupport.stream(GOLDEN.get("layers").spliterator(), false);
    }

    private static Layer layer(JsonNode golden) {
        long[] shape = Golden.shape(golden.get("input"));
        Shape input = Shape.of(java.util.Arrays.copyOfRange(shape, 1, shape.length));
        Layer layer = Spec.chain(input, LayerText.parse(golden.get("text").asString()), 0)
                .layers()
                .get(0);
        Golden.fill(layer.state(), 0.5);
        layer.state().train(true);
        return layer;
    }

    @ParameterizedTest
    @MethodSource("layers")
    void equalsPyTorchForwardAndBackward(JsonNode golden) {
        Tensor x = Golden.wave(0, 0.5, Golden.shape(golden.get("input"))).requireGrad(true);
        Tensor y = layer(golden).forward(x);
        assertThat(y.shape()).containsExactly(Golden.shape(golden.get("output")));
        assertThat(y.toDoubles()).containsExactly(Golden.array(golden.get("values")), within(1e-7));
        y.mul(Golden.wave(9, 0.5, y.shape())).sum().backward();
        assertThat(x.grad().toDoubles()).containsExactly(Golden.array(golden.get("gradient")), within(1e-7));
    }

    static Stream<JsonNode> layersWithParameters() {
        return layers().filter(golden -> !layer(golden).state().parameters().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("layersWithParameters")
    void parameterGradientsEqualFiniteDifferences(JsonNode golden) {
        Layer layer = layer(golden);
        Tensor x = Golden.wave(0, 0.5, Golden.shape(golden.get("input")));
        objective(layer, x).backward();
        for (var parameter : layer.state().parameters().entrySet()) {
            double[] gradient = parameter.getValue().grad().toDoubles();
            Tensor flat = parameter.getValue().detach();
            for (int i = 0; i < Math.min(4, gradient.length); i++) {
                double slope = (shifted(layer, x, flat, i, 1e-5) - shifted(layer, x, flat, i, -1e-5)) / 2e-5;
                assertThat(gradient[i])
                        .as(parameter.getKey() + " " + i)
                        .isCloseTo(slope, within(1e-6 + 1e-5 * Math.abs(slope)));
            }
        }
    }

    private static double shifted(Layer layer, Tensor x, Tensor parameter, int index, double by) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            double[] values = parameter.toDoubles();
            values[index] += by;
            Tensor before = parameter.copy();
            parameter.copy_(Tensor.of(values, parameter.shape()));
            double result = objective(layer, x).item();
            parameter.copy_(before);
            return result;
        }
    }

    private static Tensor objective(Layer layer, Tensor x) {
        Tensor y = layer.forward(x);
        return y.mul(Golden.wave(9, 0.5, y.shape())).sum();
    }

    static Stream<Map.Entry<String, Loss>> losses() {
        return Map.<String, Loss>of(
                "cross-entropy", Loss.crossEntropy(),
                "cross-entropy smoothed", new CrossEntropy(0.1, List.of()),
                "cross-entropy weighted", new CrossEntropy(0, List.of(1.0, 2.0, 0.5, 1.5, 3.0)),
                "cross-entropy soft", Loss.crossEntropy(),
                "binary-cross-entropy", new Loss.BinaryCrossEntropy(),
                "focal", new Loss.Focal(2),
                "mse", new Loss.Mse(),
                "mae", new Loss.Mae(),
                "huber", new Loss.Huber(0.7))
                .entrySet()
                .stream();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void lossesEqualPyTorchAndFiniteDifferences(Map.Entry<String, Loss> entry) {
        boolean soft = List.of("cross-entropy soft", "mse", "mae", "huber").contains(entry.getKey());
        Tensor target = soft ? Golden.wave(1, 0.5, 6, 5).softmax(1) : Tensor.of(new long[] {0, 1, 2, 3, 4, 1}, 6);
        Tensor logits = Golden.wave(0, 3, 6, 5).requireGrad(true);
        Tensor loss = entry.getValue().of(logits, target);
        assertThat(loss.item())
                .isCloseTo(GOLDEN.get("losses").get(entry.getKey()).asDouble(), within(1e-8));
        loss.backward();
        double[] gradient = logits.grad().toDoubles();
        for (int i = 0; i < 6; i++) {
            double[] up = logits.detach().toDoubles();
            double[] down = up.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double slope = (entry.getValue().of(Tensor.of(up, 6, 5), target).item()
                            - entry.getValue().of(Tensor.of(down, 6, 5), target).item())
                    / 2e-5;
            assertThat(gradient[i]).isCloseTo(slope, within(1e-6));
        }
    }

    @Test
    void dropoutKeepsTheMeanWhileTrainingAndPassesThroughOtherwise() {
        for (Dropout.Unit unit : Dropout.Unit.values()) {
            var dropout = Drawn.by(1, new Dropout(unit, 0.25));
            Tensor x = Tensor.ones(4000, 4, 2, 2);
            assertThat(dropout.forward(x).mean().item()).isCloseTo(1, within(0.05));
            assertThat(dropout.forward(x).min().item()).isZero();
            dropout.state().train(false);
            assertThat(dropout.forward(x).toFloats()).containsOnly(1f);
        }
    }

    @Test
    void minPoolTakesTheSmallestOfEachWindow() {
        Layer pool = Spec.chain(Shape.of(1, 2, 2), LayerText.parse("minpool 2"), 0)
                .layers()
                .get(0);
        assertThat(pool.forward(Tensor.of(new float[] {3, -1, 2, 5}, 1, 1, 2, 2))
                        .toFloats())
                .containsExactly(-1);
    }

    @Test
    void initialisersHaveTheirSpread() {
        var random = Random.of(new Seed(3));
        var deviations = new ArrayList<Double>();
        for (Init init : List.of(
                Init.GLOROT_UNIFORM,
                Init.GLOROT_NORMAL,
                Init.HE_UNIFORM,
                Init.HE_NORMAL,
                Init.HE_NORMAL_FAN_OUT,
                Init.TRUNCATED_NORMAL,
                Init.PYTORCH)) {
            Tensor w = Tensor.zeros(200, 100, 3, 3);
            init.fill(w, random);
            deviations.add(Math.sqrt(w.mul(w).mean().item()));
        }
        double in = 900;
        double out = 1800;
        double[] expected = {
            Math.sqrt(2 / (in + out)),
            Math.sqrt(2 / (in + out)),
            Math.sqrt(2 / in),
            Math.sqrt(2 / in),
            Math.sqrt(2 / out),
            0.02 * 0.8796,
            Math.sqrt(1 / (3 * in))
        };
        for (int i = 0; i < expected.length; i++) {
            assertThat(deviations.get(i)).as("initialiser " + i).isCloseTo(expected[i], within(0.02 * expected[i]));
        }
        Tensor q = Tensor.zeros(4, 9);
        Init.ORTHOGONAL.fill(q, random);
        assertThat(q.matmul(q.transpose(0, 1)).toFloats())
                .containsExactly(new float[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, within(1e-5f));
    }
}
