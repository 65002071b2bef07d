package dev.fovea.task.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.data.Augmentation;
import dev.fovea.data.Batch;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.models.GeneratorAndDiscriminator;
import dev.fovea.nn.Net;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdversarialObjectiveTest {

    private static final int SIZE = 16;

    /** Makes of all noise the same image, another for every class; or noise itself. */
    private static final class Fixed extends Net implements GeneratorAndDiscriminator {

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
        public Tensor discriminate(Tensor images, Tensor labels) {
            return images.mean(1, 2, 3);
        }

        @Override
        public boolean classConditional() {
            return true;
        }

        @Override
        public boolean batchIndependent() {
            return true;
        }

        @Override
        public int noiseSize() {
            return 3 * SIZE * SIZE;
        }
    }

    private static AdversarialObjective objective(double r1Penalty, int penaltyInterval) {
        return objective(new Adversarial(GanLoss.NON_SATURATING, 0, r1Penalty, penaltyInterval, 1, false));
    }

    private static AdversarialObjective objective(Adversarial task) {
        return new AdversarialObjective(task, 10, new Pixels(Preprocess.of(SIZE, SIZE, 3), Device.of("cpu")));
    }

    private static <T> T onShapes(Function<Batch, T> use) {
        try (var loader = new Loader(
                new Shapes(1, 40, SIZE),
                Preprocess.of(SIZE, SIZE, 3),
                Augmentation.NONE,
                Loader.Options.training(40, 1))) {
            return use.apply(loader.epoch(1, 0).next());
        }
    }

    private static Objective.Outcome discriminatorOutcome(AdversarialObjective objective, boolean varied, Batch batch) {
        return discriminatorOutcome(objective, new Fixed(varied), batch);
    }

    private static Objective.Outcome discriminatorOutcome(AdversarialObjective objective, Fixed net, Batch batch) {
        return objective.step(net, batch, objective.phases().get(0));
    }

    private static double diversity(boolean varied) {
        return onShapes(batch -> discriminatorOutcome(objective(0, 1), varied, batch)
                .metrics()
                .get("intraClassDiversity")
                .item());
    }

    @Test
    void oneImagePerClassHasNoDiversityHoweverTheClassesDiffer() {
        try (var scope = new Scope()) {
            double diversity = diversity(false);
            assertThat(diversity).isLessThan(1e-3);
            assertThat(diversity(true)).isGreaterThan(1);
            var objective = objective(1, 1);
            assertThat(objective.remarks(Map.of("intraClassDiversity", diversity)))
                    .singleElement()
                    .asString()
                    .contains("the generator collapses (the diversity within a class is 0 %");
            assertThat(objective.remarks(Map.of("intraClassDiversity", 0.9, "discriminatorAccuracy", 0.8)))
                    .isEmpty();
            assertThat(objective.remarks(Map.of("discriminatorAccuracy", 0.999)))
                    .singleElement()
                    .asString()
                    .contains("the discriminator wins (its accuracy is 99.9 %)");
            assertThat(objective.remarks(Map.of("generatorGradient", 1e-6, "discriminatorGradient", 2000.0)))
                    .satisfiesExactlyInAnyOrder(
                            vanished -> assertThat(vanished)
                                    .contains("the gradient of the generator has vanished (norm 1e-06)"),
                            exploded -> assertThat(exploded)
                                    .contains("the gradient of the discriminator explodes (norm 2e+03)"));
        }
    }

    static Stream<Arguments> losses() {
        // r and f: what the discriminator says of real and of generated images, above 0 here both.
        return Stream.of(
                Arguments.of(GanLoss.NON_SATURATING, both((r, f) -> soft(-r) + soft(f)), (DoubleUnaryOperator)
                        f -> soft(-f)),
                Arguments.of(
                        GanLoss.HINGE, both((r, f) -> Math.max(0, 1 - r) + Math.max(0, 1 + f)), (DoubleUnaryOperator)
                                f -> -f),
                Arguments.of(GanLoss.WGAN, both((r, f) -> f - r), (DoubleUnaryOperator) f -> -f),
                Arguments.of(GanLoss.LSGAN, both((r, f) -> ((r - 1) * (r - 1) + f * f) / 2), (DoubleUnaryOperator)
                        f -> (f - 1) * (f - 1) / 2));
    }

    private static DoubleBinaryOperator both(DoubleBinaryOperator loss) {
        return loss;
    }

    private static double soft(double x) {
        return Math.log1p(Math.exp(x));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyLossIsItsFormula(
            GanLoss ganLoss, DoubleBinaryOperator discriminatorLoss, DoubleUnaryOperator generatorLoss) {
        double slope = 1 / Math.sqrt(3 * SIZE * SIZE); // of a mean, everywhere
        double critic = ganLoss == GanLoss.WGAN ? 10 : 0;
        double penalty = critic * (slope - 1) * (slope - 1);
        try (var scope = new Scope()) {
            var objective = objective(new Adversarial(ganLoss, critic, 0, 1, 1, false));
            onShapes(batch -> {
                double[] real = objective.pixels().images(batch).mean(1, 2, 3).toDoubles();
                double[] made = Arrays.stream(batch.labels())
                        .mapToDouble(label -> 0.1 * label)
                        .toArray();
                double expected = IntStream.range(0, real.length)
                        .mapToDouble(i -> discriminatorLoss.applyAsDouble(real[i], made[i]))
                        .average()
                        .orElseThrow();
                assertThat(discriminatorOutcome(objective, false, batch).loss().item())
                        .isCloseTo(expected + penalty, within(1e-4));
                var phase = objective.phases().get(1);
                assertThat(objective.step(new Fixed(false), batch, phase).loss().item())
                        .isCloseTo(
                                Arrays.stream(made).map(generatorLoss).average().orElseThrow(), within(1e-5));
                return null;
            });
        }
    }

    @Test
    void theGeneratorLearnsInOneOfSoManySteps() {
        var objective = objective(new Adversarial(GanLoss.WGAN, 10, 0, 1, 5, false));
        Objective.Phase discriminator = objective.phases().get(0);
        Objective.Phase make = objective.phases().get(1);
        assertThat(IntStream.range(0, 11).filter(step -> objective.due(make, step)))
                .containsExactly(0, 5, 10);
        assertThat(IntStream.range(0, 11).allMatch(step -> objective.due(discriminator, step)))
                .isTrue();
    }

    @Test
    void aCriticIsAskedOnWhichSideOfTheMiddleAnImageIsAndMayWin() {
        try (var scope = new Scope()) {
            var objective = objective(new Adversarial(GanLoss.WGAN, 10, 0, 1, 1, false));
            onShapes(batch -> {
                double[] real = objective.pixels().images(batch).mean(1, 2, 3).toDoubles();
                double[] made = Arrays.stream(batch.labels())
                        .mapToDouble(label -> 0.1 * label)
                        .toArray();
                double middle = (Arrays.stream(real).average().orElseThrow()
                                + Arrays.stream(made).average().orElseThrow())
                        / 2;
                double right = Arrays.stream(real).filter(r -> r >= middle).count()
                        + Arrays.stream(made).filter(m -> m < middle).count();
                assertThat(discriminatorOutcome(objective, false, batch)
                                .metrics()
                                .get("discriminatorAccuracy")
                                .item())
                        .isCloseTo(right / (2 * real.length), within(1e-6));
                return null;
            });
            assertThat(objective.remarks(Map.of("discriminatorAccuracy", 1.0))).isEmpty();
        }
    }

    @Test
    void adviceAgainstAWinnerIsWhatTheRunDoesNotDoYet() {
        assertThat(objective(new Adversarial(GanLoss.NON_SATURATING, 0, 0, 1, 1, false))
                        .remarks(Map.of("discriminatorAccuracy", 1.0))
                        .get(0))
                .endsWith("Try task.r1Penalty=1, task.augment=true or a smaller optimizer.lr");
        assertThat(objective(new Adversarial(GanLoss.NON_SATURATING, 0, 2, 1, 1, true))
                        .remarks(Map.of("discriminatorAccuracy", 1.0))
                        .get(0))
                .endsWith("Try task.r1Penalty=20.0 or a smaller optimizer.lr");
    }

    @Test
    void aCriticWithoutLimitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Adversarial(GanLoss.WGAN, 0, 0, 1, 1, false))
                .withMessageContaining("Set task.gradientPenalty=10");
    }

    @Test
    void aPenaltyTakenSeldomIsThatManyTimesAsStrong() {
        try (var scope = new Scope()) {
            var net = Drawn.by(8, new Fixed(false));
            List<Double> losses = onShapes(batch -> IntStream.range(0, 200)
                    .mapToObj(i -> discriminatorOutcome(objective(3, 4), net, batch)
                            .loss()
                            .item())
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
