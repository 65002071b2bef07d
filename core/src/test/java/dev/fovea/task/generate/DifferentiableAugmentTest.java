package dev.fovea.task.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.HashSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DifferentiableAugmentTest {

    @Test
    void imagesAreShiftedByWholePixelsEachOnItsOwnAndLoseAHole() {
        try (var scope = new Scope()) {
            var random = Random.of(new Seed(3));
            int side = 16;
            int images = 64;
            // All white: what is left tells the shift at the border and the hole inside, colours only scale it.
            float[] made = DifferentiableAugment.apply(Tensor.ones(images, 1, side, side), random)
                    .toFloats();
            var kinds = new HashSet<String>();
            for (int n = 0; n < images; n++) {
                int black = 0;
                var kind = new StringBuilder();
                for (int i = 0; i < side * side; i++) {
                    boolean dark = made[n * side * side + i] == 0;
                    black += dark ? 1 : 0;
                    kind.append(dark ? '.' : '#');
                }
                kinds.add(kind.toString());
                assertThat(black)
                        .as("black pixels of image %d: a hole of a quarter, and at most 2 rows and 2 columns", n)
                        .isBetween(side * side / 4, side * side / 4 + 4 * side);
            }
            assertThat(kinds).as("different shifts and holes").hasSizeGreaterThan(images / 2);
        }
    }

    @Test
    void whatIsKeptKeepsItsOrderAndItsGradient() {
        try (var scope = new Scope()) {
            var random = Random.of(new Seed(5));
            int side = 8;
            Tensor x = Tensor.rand(random, 4, 3, side, side).requireGrad(true);
            Tensor made = DifferentiableAugment.apply(x, random);
            assertThat(made.shape()).containsExactly(x.shape());
            float[] slope = made.sum().gradient(x).toFloats();
            long reached = 0;
            for (float value : slope) {
                assertThat(value).isFinite();
                reached += value != 0 ? 1 : 0;
            }
            assertThat(reached).isGreaterThan(slope.length / 2);
        }
    }

    @Test
    void anImageOfOneColourIsOnlyMadeLighterOrDarkerWhereItIsLeft() {
        try (var scope = new Scope()) {
            var random = Random.of(new Seed(7));
            float[] made = DifferentiableAugment.apply(Tensor.full(0.5, 32, 3, 8, 8), random)
                    .toFloats();
            for (int n = 0; n < 32; n++) {
                var values = new TreeSet<Float>();
                for (int i = 0; i < 3 * 64; i++) {
                    values.add(Math.round(made[n * 3 * 64 + i] * 1e4f) / 1e4f);
                }
                assertThat(values).as("black and one grey").hasSize(2);
                assertThat(values.first()).isZero();
                assertThat(values.last()).isBetween(0.25f, 0.75f);
            }
        }
    }
}
