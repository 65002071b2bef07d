package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.Drawn;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DcganTest {

    @ParameterizedTest
    @ValueSource(ints = {28, 32, 64})
    void generatesAndDiscriminatesImagesOfTheUsualSizes(int size) {
        var random = Random.of(new Seed(1));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var pair = Drawn.by(2, new Dcgan(3, size, size, 4, 10, Dcgan.Norm.BATCH));
            Tensor labels = Tensor.zeros(DType.INT64, 2);
            Tensor made = pair.generate(Tensor.randn(random, 2, pair.noiseSize()), labels);
            assertThat(made.shape()).containsExactly(2, 3, size, size);
            assertThat(made.min().item()).isGreaterThanOrEqualTo(0);
            assertThat(made.max().item()).isLessThanOrEqualTo(1);
            assertThat(pair.discriminate(made, labels).shape()).containsExactly(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Dcgan.Norm.class)
    void theClassConditionsGeneratorAndDiscriminator(Dcgan.Norm norm) {
        var random = Random.of(new Seed(2));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var pair = Drawn.by(2, new Dcgan(1, 28, 28, 8, 10, norm));
            pair.state().train(false);
            Tensor noise = Tensor.randn(random, 1, pair.noiseSize());
            Tensor one = Tensor.of(new long[] {1}, 1);
            Tensor seven = Tensor.of(new long[] {7}, 1);
            Tensor made = pair.generate(noise, one);
            assertThat(pair.generate(noise, seven).toFloats()).isNotEqualTo(made.toFloats());
            assertThat(pair.discriminate(made, seven).item())
                    .isNotEqualTo(pair.discriminate(made, one).item());
        }
    }

    @ParameterizedTest
    @EnumSource(Dcgan.Norm.class)
    void onlyBatchNormsLetImagesLookAtEachOther(Dcgan.Norm norm) {
        var random = Random.of(new Seed(3));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var pair = Drawn.by(2, new Dcgan(1, 28, 28, 8, 1, norm));
            Tensor labels = Tensor.zeros(DType.INT64, 4);
            Tensor images = Tensor.rand(random, 4, 1, 28, 28);
            Tensor others = images.copy();
            others.narrow(0, 1, 3).mul_(0.1);
            for (int i = 0; i < 300; i++) {
                pair.discriminate(images, labels); // brings the vectors of spectral weights to rest
            }
            double among = pair.discriminate(images, labels).select(0, 0).item();
            double amongOthers = pair.discriminate(others, labels).select(0, 0).item();
            boolean alone = Math.abs(among - amongOthers) < 1e-4;
            assertThat(alone).isEqualTo(pair.batchIndependent());
        }
    }

    @Test
    void theTutorialPairIsOfItsSizesAndKnowsNoClasses() {
        var pair = new TutorialGan(3, 32, 32);
        assertThat(pair.classConditional()).isFalse();
        var state = pair.state().tensors();
        assertThat(state.get("generator.0.weight").shape()).containsExactly(8 * 8 * 256, 100);
        assertThat(state.keySet().stream()
                        .filter(name -> name.startsWith("discriminator.") && name.endsWith("weight"))
                        .map(name -> state.get(name).size(0)))
                .containsExactly(1024L, 512L, 256L, 128L, 64L, 1L);
    }
}
