package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Augment;
import dev.fovea.data.Batch;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Adversaries;
import dev.fovea.nn.Net;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContestingTest {

    private static final int SIZE = 16;

    /** Makes of all noise the same picture, another for every class; or noise itself. */
    private static final class Fixed extends Net implements Adversaries {

        private final boolean varied;

        Fixed(boolean varied) {
            this.varied = varied;
        }

        @Override
        public Tensor generate(Tensor noise, Tensor labels) {
            Tensor made = varied
                    ? noise
                    : labels.to(DType.FLOAT32).mul(0.1).unsqueeze(1).expand(-1, noise.size(1));
            return made.reshape(-1, 3, SIZE, SIZE);
        }

        @Override
        public Tensor judge(Tensor pictures, Tensor labels) {
            return pictures.mean(1, 2, 3);
        }

        @Override
        public int noiseSize() {
            return 3 * SIZE * SIZE;
        }

        @Override
        public Tensor forward(Tensor x) {
            return Adversaries.super.forward(x);
        }
    }

    private static Contesting contesting(double realPenalty, int penaltyEvery) {
        return new Contesting(
                new Task.Adversarial(Task.Contest.LOGISTIC, 0, realPenalty, penaltyEvery, false),
                10,
                new Pixels(Preprocess.of(SIZE, SIZE, 3), Device.of("cpu")));
    }

    private static <T> T onShapes(Function<Batch, T> use) {
        try (var loader = new Loader(
                new Shapes(1, 40, SIZE),
                Preprocess.of(SIZE, SIZE, 3),
                Augment.none(),
                Loader.Options.training(40, 1, false))) {
            return use.apply(loader.epoch(1, 0).next());
        }
    }

    private static Objective.Outcome judged(Contesting objective, boolean varied, Batch batch) {
        return objective.step(new Fixed(varied), batch, objective.phases().get(0));
    }

    private static double spread(boolean varied) {
        return onShapes(batch ->
                judged(contesting(0, 1), varied, batch).metrics().get("spread").item());
    }

    @Test
    void onePicturePerClassIsNoSpreadHoweverTheClassesDiffer() {
        try (var scope = new Scope()) {
            double spread = spread(false);
            assertThat(spread).isLessThan(1e-3);
            assertThat(spread(true)).isGreaterThan(1);
            var objective = contesting(1, 1);
            assertThat(objective.remarks(Map.of("spread", spread)))
                    .singleElement()
                    .asString()
                    .contains("the generator collapses (its pictures of a class differ 0 % as much");
            assertThat(objective.remarks(Map.of("spread", 0.9, "discriminatorAccuracy", 0.8)))
                    .isEmpty();
            assertThat(objective.remarks(Map.of("discriminatorAccuracy", 0.999)))
                    .singleElement()
                    .asString()
                    .contains("the discriminator wins (it is right 99.9 % of the time)");
            assertThat(objective.remarks(Map.of("generatorGradient", 1e-6, "discriminatorGradient", 2000.0)))
                    .satisfiesExactlyInAnyOrder(
                            vanished -> assertThat(vanished)
                                    .contains("the gradient of the generator has vanished (norm 1e-06)"),
                            exploded -> assertThat(exploded)
                                    .contains("the gradient of the discriminator explodes (norm 2e+03)"));
        }
    }

    @Test
    void aPenaltyTakenSeldomIsThatManyTimesAsStrong() {
        try (var scope = new Scope()) {
            new Seed(8).apply();
            List<Double> losses = onShapes(batch -> IntStream.range(0, 200)
                    .mapToObj(i -> judged(contesting(3, 4), false, batch).loss().item())
                    .toList());
            double without = losses.stream().mapToDouble(x -> x).min().orElseThrow();
            double penalty = 3.0 / 2 * 4 / (3 * SIZE * SIZE); // the slope of a mean is one over their number
            assertThat(losses)
                    .allSatisfy(loss -> assertThat(loss - without)
                            .satisfiesAnyOf(
                                    more -> assertThat(more).isCloseTo(0, within(1e-6)),
                                    more -> assertThat(more).isCloseTo(penalty, within(1e-6))));
            assertThat(losses.stream()
                            .filter(loss -> loss - without > penalty / 2)
                            .count())
                    .isBetween(30L, 70L);
        }
    }
}
