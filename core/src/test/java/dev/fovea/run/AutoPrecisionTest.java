package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AutoPrecisionTest {

    private static final int BATCH = 32;

    private record Function(State state, UnaryOperator<Tensor> what) implements Layer {

        static Function of(UnaryOperator<Tensor> what) {
            return new Function(State.none(), what);
        }

        @Override
        public Tensor apply(Tensor x) {
            return what.apply(x);
        }
    }

    /** Scores of two classes by the mean of an image. */
    private static Tensor scores(Tensor images) {
        Tensor mean = images.flatten(1, -1).mean(1).unsqueeze(1);
        return Tensor.cat(java.util.List.of(mean, mean.neg()), 1).mul(10);
    }

    private static Tensor drawn(int seed) {
        return Tensor.rand(Random.of(new Seed(seed)), BATCH, 3, 4, 4);
    }

    @Test
    void imagesOfOneColourAndThoseThatComeAgainDecideNothing() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var auto =
                    new AutoPrecision(Function.of(AutoPrecisionTest::scores), Function.of(x -> scores(x.neg())), true);
            Tensor one = drawn(1).narrow(0, 0, 1).expand(BATCH, 3, 4, 4);
            for (int i = 0; i < 20; i++) {
                auto.forward(Tensor.zeros(BATCH, 3, 4, 4));
                auto.forward(one);
            }
            assertThat(auto.description()).startsWith("float32: of 1 images");
            for (int i = 0; i < 10; i++) {
                Tensor images = drawn(2 + i);
                assertThat(auto.forward(images).toFloats())
                        .isEqualTo(scores(images).toFloats());
            }
            assertThat(auto.description()).startsWith("float32: of 129 images");
        }
    }

    @Test
    void choosesBfloat16WhereManyImagesAreAnsweredTheSame() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var auto = new AutoPrecision(
                    Function.of(AutoPrecisionTest::scores),
                    Function.of(x -> scores(x).mul(1.0001)),
                    true);
            for (int i = 0; i < 4; i++) {
                auto.forward(drawn(i));
            }
            assertThat(auto.description())
                    .startsWith("float32: of 96 images 0 of 96 answers change")
                    .endsWith("; 128 images decide");
            auto.forward(drawn(4));
            auto.forward(drawn(5));
            assertThat(auto.description()).startsWith("bfloat16: of 128 images").doesNotContain("decide");
        }
    }

    @Test
    void float32StaysWhereProbabilitiesChangeMuch() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var auto = new AutoPrecision(
                    Function.of(AutoPrecisionTest::scores),
                    Function.of(x -> scores(x).mul(0.2)),
                    true);
            for (int i = 0; i < 6; i++) {
                auto.forward(drawn(i));
            }
            assertThat(auto.description()).startsWith("float32: of 128 images 0 of 128 answers change");
        }
    }
}
