package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stepByStepEqualsTheFusedKernelForwardAndBackward(boolean causal) {
        var random = Random.of(new Seed(1));
        var attention = Drawn.by(3, new SelfAttention(12, 3, causal));
        Tensor x = Tensor.randn(random, 2, 7, 12).requireGrad(true);
        Tensor steps = attention.stepByStep(x);
        steps.mul(steps).sum().backward();
        float[] gradient = x.grad().toFloats();
        x.clearGrad();
        Tensor fused = attention.fused(x);
        fused.mul(fused).sum().backward();
        assertThat(fused.toFloats()).containsExactly(steps.toFloats(), within(1e-5f));
        assertThat(x.grad().toFloats()).containsExactly(gradient, within(1e-4f));
    }

    @Test
    void weightsOfAPositionSumToOneAndNeverReachTheFuture() {
        var random = Random.of(new Seed(1));
        Tensor weights = Drawn.by(3, new SelfAttention(8, 2, true)).weights(Tensor.randn(random, 1, 5, 8));
        assertThat(weights.shape()).containsExactly(1, 2, 5, 5);
        float[] w = weights.toFloats();
        for (int row = 0; row < 10; row++) {
            float sum = 0;
            for (int column = 0; column < 5; column++) {
                sum += w[row * 5 + column];
                if (column > row % 5) {
                    assertThat(w[row * 5 + column]).isZero();
                }
            }
            assertThat(sum).isCloseTo(1, within(1e-5f));
        }
    }

    @Test
    void aCacheGivesWhatTheWholePassGives() {
        var random = Random.of(new Seed(1));
        var block = Drawn.by(3, new TransformerBlock(16, 4, true));
        Tensor x = Tensor.randn(random, 3, 6, 16);
        try (var noGrad = new NoGrad()) {
            float[] whole = block.forward(x).toFloats();
            var cache = block.cache(3, 6);
            List<Tensor> one = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                one.add(block.forward(x.narrow(1, i, 1), cache));
            }
            assertThat(Tensor.cat(one, 1).toFloats()).containsExactly(whole, within(1e-5f));
        }
    }

    @Test
    void refusesHeadsThatDoNotShareTheWidth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SelfAttention(10, 4, false))
                .withMessage("attention: width must be a multiple of heads, got width=10, heads=4");
    }

    @Test
    void aSpectralConvolutionStretchesNothingMoreThanOnce() {
        var random = Random.of(new Seed(1));
        var conv = Drawn.by(3, new SpectralConv2d(4, 6, Conv2d.Window.of(1, 1, 0)));
        try (var noGrad = new NoGrad()) {
            for (int i = 0; i < 60; i++) {
                conv.forward(Tensor.zeros(1, 4, 1, 1)); // each pass in training refines the singular value
            }
            conv.state().train(false);
            double largest = 0;
            Tensor bias = conv.forward(Tensor.zeros(1, 4, 1, 1));
            for (int i = 0; i < 500; i++) {
                Tensor x = Tensor.randn(random, 1, 4, 1, 1);
                double stretch =
                        conv.forward(x).sub(bias).norm().item() / x.norm().item();
                largest = Math.max(largest, stretch);
            }
            assertThat(largest).isBetween(0.9, 1.001);
        }
    }

    @Test
    void spectralWeightsOfAnyShapeHaveALargestSingularValueOfOne() {
        try (var noGrad = new NoGrad()) {
            var conv = new SpectralConv2d(3, 5, Conv2d.Window.of(4, 2, 1));
            var dense = new SpectralDense(7, 4);
            var table = new SpectralEmbedding(6, 9);
            for (var layer : List.of(conv, dense)) {
                Tensor x = layer == conv ? Tensor.zeros(1, 3, 8, 8) : Tensor.zeros(1, 7);
                for (int i = 0; i < 200; i++) {
                    layer.forward(x);
                }
            }
            Tensor identity = dense.forward(one(7)).sub(dense.forward(Tensor.zeros(1, 7)));
            assertThat(largestSingularValue(identity)).isCloseTo(1, within(1e-3));
            Tensor weight = conv.state().get("weight").detach().flatten(1, -1);
            Tensor seen = conv.forward(Tensor.ones(1, 3, 4, 4)).sub(conv.forward(Tensor.zeros(1, 3, 4, 4)));
            Tensor plain =
                    Tensor.ones(1, 3, 4, 4).conv2d(conv.state().get("weight").detach(), null, 2, 1, 1, 1);
            assertThat(plain.div(seen).mean().item())
                    .as("divided by the largest singular value of the whole kernel as a matrix")
                    .isCloseTo(largestSingularValue(weight), within(1e-2));
            Tensor rows = Tensor.arange(6);
            for (int i = 0; i < 200; i++) {
                table.forward(rows);
            }
            assertThat(largestSingularValue(table.forward(rows))).isCloseTo(1, within(1e-3));
        }
    }

    private static Tensor one(int size) {
        float[] values = new float[size * size];
        for (int i = 0; i < size; i++) {
            values[i * size + i] = 1;
        }
        return Tensor.of(values, size, size);
    }

    private static double largestSingularValue(Tensor matrix) {
        Tensor square = matrix.transpose(0, 1).matmul(matrix);
        return Math.sqrt(square.symmetricEigen().get(0).max().item());
    }

    @Test
    void aGradientCanItselfBeDifferentiated() {
        Tensor x = Tensor.of(new float[] {2, -3}, 2).requireGrad(true);
        Tensor slope = x.mul(x).mul(x).sum().gradient(x); // 3 x²
        assertThat(slope.toFloats()).containsExactly(12, 27);
        slope.sum().backward(); // 6 x
        assertThat(x.grad().toFloats()).containsExactly(12, -18);
    }

    @Test
    void pixelsIntoChannelsAndBackIsNothing() {
        var random = Random.of(new Seed(1));
        Tensor x = Tensor.randn(random, 2, 3, 4, 6);
        assertThat(x.pixelUnshuffle(2).shape()).containsExactly(2, 12, 2, 3);
        assertThat(x.pixelUnshuffle(2).pixelShuffle(2).toFloats()).containsExactly(x.toFloats());
    }
}
