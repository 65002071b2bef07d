package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;

class VqVaeTest {

    private static VqVae coder() {
        return Drawn.by(1, (VqVae) Models.create("vq-vae base=4 codes=4 code=2", 1, 8, 8, 0));
    }

    @Test
    void theEncoderLearnsThroughItsCodes() {
        var random = Random.of(new Seed(1));
        VqVae net = coder();
        Tensor code = net.encode(Tensor.rand(random, 4, 1, 8, 8));
        code.mul(Tensor.rand(random, code.shape())).sum().backward();
        net.state().parameters().forEach((name, parameter) -> {
            if (name.startsWith("encoder.") && name.endsWith("weight")) {
                assertThat(parameter.hasGrad()).as(name).isTrue();
                assertThat(parameter.grad().abs().max().item()).as(name).isPositive();
            }
        });
    }

    @Test
    void gradientsPassTheChoiceAsIfThereWereNone() {
        var random = Random.of(new Seed(1));
        VqVae net = coder();
        Tensor vectors = Tensor.randn(random, 2, 2, 2, 2).requireGrad(true);
        VqVae.Quantized quantized = net.quantized(vectors);
        Tensor through = net.through(vectors, quantized);
        assertThat(through.toFloats())
                .isEqualTo(quantized.vectors().contiguous().toFloats());
        Tensor weight = Tensor.rand(random, 2, 2, 2, 2);
        assertThat(through.mul(weight).sum().gradient(vectors).toFloats())
                .containsExactly(weight.toFloats(), within(1e-6f));
    }

    @Test
    void codesMoveByAMovingAverageOfWhatTheyStandFor() {
        VqVae net = coder();
        double[] before = net.state().get("codebook").toDoubles(); // (4, 2), as are the sums; counts are 1
        float[] x = {1, 2, 3, 4};
        float[] y = {-1, -2, -3, -4};
        net.learn(
                Tensor.of(new float[] {x[0], x[1], x[2], x[3], y[0], y[1], y[2], y[3]}, 1, 2, 2, 2),
                Tensor.of(new long[] {0, 0, 1, 3}, 1, 4));
        assertThat(net.state().get("counts").toFloats())
                .containsExactly(new float[] {1.01f, 1, 0.99f, 1}, within(1e-5f));
        double[] after = net.state().get("codebook").toDoubles();
        assertThat(after[0]).isCloseTo((0.99 * before[0] + 0.01 * (1 + 2)) / 1.01, within(1e-4));
        assertThat(after[1]).isCloseTo((0.99 * before[1] - 0.01 * (1 + 2)) / 1.01, within(1e-4));
        assertThat(after[2]).isCloseTo(0.99 * before[2] + 0.01 * 3, within(1e-4));
        assertThat(after[4]).as("nothing stands for it").isCloseTo(before[4], within(1e-4));
        assertThat(after[7]).isCloseTo(0.99 * before[7] - 0.01 * 4, within(1e-4));
    }
}
