package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenseAutoencoderTest {

    private static AutoencoderNet digits(String model) {
        return (AutoencoderNet) Models.create(model, 1, 28, 28, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "dense-autoencoder, 1066768",
        "dense-autoencoder batchNorm=1, 1068816", // 2 * (512 + 512) more
        "dense-autoencoder tied=1, 665872", // 784 * 512 + 512 * 512, biases 512 + 512 there and 512 + 784 back
        "dense-autoencoder tied=1 bottleneck=64, 436048",
        "dense-autoencoder tied=1 hidden=0 bottleneck=64, 51024",
        "dense-autoencoder tied=1 batchNorm=1, 668944", // 2 * (512 + 512 + 512) more
        "conv-autoencoder, 456993",
        "conv-autoencoder batchNorm=0, 456737" // 2 * (32 + 64 + 32) fewer
    })
    void hasAsManyParametersAsItsLayersSay(String model, long parameters) {
        assertThat(digits(model).state().parameterCount()).isEqualTo(parameters);
    }

    @Test
    void tiedWeightsGoBackTransposed() {
        var random = Random.of(new Seed(1));
        AutoencoderNet net = Drawn.by(2, digits("dense-autoencoder tied=1 hidden=20 bottleneck=5"));
        var state = net.state().tensors();
        Tensor first = state.get("encoder0.weight"); // (20, 784)
        Tensor second = state.get("encoder1.weight"); // (5, 20)
        try (var noGrad = new NoGrad()) {
            state.get("bias0").normal_(random, 0, 1);
            state.get("bias1").normal_(random, 0, 1);
            Tensor codes = Tensor.rand(random, 3, 5);
            float[] expected = codes.matmul(second)
                    .add(state.get("bias1"))
                    .relu()
                    .matmul(first)
                    .add(state.get("bias0"))
                    .sigmoid()
                    .toFloats();
            assertThat(net.decode(codes).toFloats()).containsExactly(expected, within(1e-5f));
        }
        assertThat(state.keySet())
                .containsExactlyInAnyOrder(
                        "encoder0.weight", "encoder0.bias", "encoder1.weight", "encoder1.bias", "bias0", "bias1");
    }

    @Test
    void theActivationIsThatOfTheCode() {
        for (String family :
                List.of("dense-autoencoder bottleneck=64", "dense-autoencoder tied=1", "conv-autoencoder")) {
            assertThat(least(family + " activation=linear")).as(family).isNegative();
            assertThat(least(family + " activation=relu")).as(family).isZero();
            assertThat(least(family + " activation=sigmoid")).as(family).isBetween(0.01, 0.5);
            assertThat(digits(family + " activation=sigmoid").boundedCode()).isTrue();
            assertThat(digits(family + " activation=relu").boundedCode()).isFalse();
        }
        assertThat(digits("flatten, dense 8, sigmoid -> dense 784, reshape 1 28 28")
                        .boundedCode())
                .isTrue();
    }

    private static double least(String model) {
        var random = Random.of(new Seed(1));
        AutoencoderNet net = Drawn.by(2, digits(model));
        net.state().train(false);
        try (var noGrad = new NoGrad()) {
            return net.encode(Tensor.rand(random, 8, 1, 28, 28)).min().item();
        }
    }
}
