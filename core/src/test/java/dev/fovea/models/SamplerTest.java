package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.DType;
import dev.fovea.engine.Engine;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Sampler.Method;
import dev.fovea.models.Sampler.Path;
import dev.fovea.nn.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

    private static final Tensor LABELS = Tensor.zeros(DType.INT64, 2);

    /** Of one class. */
    private interface Weightless extends DiffusionNet {
        @Override
        default int unknown() {
            return 1;
        }

        @Override
        default State state() {
            return State.none();
        }
    }

    /** Knows the only image there is, and tells the way to it without error. */
    private record Oracle(Path path, Tensor image) implements Weightless {
        @Override
        public Tensor forward(Tensor x, Tensor time, Tensor labels) {
            double t = time.select(0, 0).item();
            Tensor noise = x.sub(image.mul(path.signal(t))).mul(1 / Math.max(1e-6, path.noise(t)));
            return path == Path.STRAIGHT ? image.sub(noise) : noise;
        }
    }

    static Stream<Arguments> ways() {
        return Stream.of(Path.values())
                .flatMap(path -> Stream.of(Method.values()).map(m -> Arguments.of(path, m)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void arrivesAtTheOnlyImageThereIs(Path path, Method method) {
        var random = Random.of(new Seed(1));
        Tensor image = Tensor.rand(random, 2, 1, 3, 3).mul(1.6).sub(0.8);
        var oracle = new Oracle(path, image);
        Tensor made = new Sampler(path, method, 12, 1.5).sample(oracle, Tensor.randn(random, 2, 1, 3, 3), LABELS);
        assertThat(made.toFloats()).containsExactly(image.toFloats(), within(2e-2f));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatIsHeldStays(Path path, Method method) {
        var random = Random.of(new Seed(1));
        Tensor known = Tensor.full(0.25, 2, 1, 3, 3);
        Tensor hidden = Tensor.of(new float[] {0, 0, 0, 1, 1, 1, 0, 1, 0}, 1, 1, 3, 3);
        var oracle = new Oracle(path, Tensor.full(-0.5, 2, 1, 3, 3));
        Tensor made = new Sampler(path, method, 8, 1)
                .sample(
                        oracle,
                        Tensor.randn(random, 2, 1, 3, 3),
                        LABELS,
                        0,
                        x -> x.mul(hidden).add(known.mul(hidden.neg().add(1))));
        float[] values = made.toFloats();
        float[] mask = hidden.toFloats();
        for (int i = 0; i < values.length; i++) {
            if (mask[i % 9] == 0) {
                assertThat(values[i]).isEqualTo(0.25f);
            }
        }
    }

    @Test
    void imageAndNoiseMixSoThatTheWayEndsAtTheImage() {
        for (Path path : Path.values()) {
            assertThat(path.signal(1)).isCloseTo(1, within(1e-4));
            assertThat(path.noise(1)).isCloseTo(0, within(0.02));
            assertThat(path.signal(0)).isCloseTo(0, within(1e-6));
            assertThat(path.noise(0)).isCloseTo(1, within(1e-6));
            double h = 1e-6;
            assertThat(path.signalSlope(0.4))
                    .isCloseTo((path.signal(0.4 + h) - path.signal(0.4 - h)) / (2 * h), within(1e-5));
            assertThat(path.noiseSlope(0.4))
                    .isCloseTo((path.noise(0.4 + h) - path.noise(0.4 - h)) / (2 * h), within(1e-5));
        }
    }

    /** What a network that knows them would tell of images that are normal, of this deviation, around 0. */
    private record Bell(Path path, double deviation, List<float[]> shown) implements Weightless {
        @Override
        public Tensor forward(Tensor x, Tensor time, Tensor labels) {
            double t = time.select(0, 0).item();
            shown.add(x.toFloats());
            double a = path.signal(t) * deviation * deviation;
            double b = path.noise(t);
            double spread = path.signal(t) * a + b * b;
            return x.mul((path == Path.STRAIGHT ? a - b : b) / spread);
        }
    }

    private static Tensor ofBell(Path path, Method method, int steps, Tensor noise) {
        Tensor labels = Tensor.zeros(DType.INT64, noise.size(0));
        return new Sampler(path, method, steps, 1).sample(new Bell(path, 0.2, new ArrayList<>()), noise, labels);
    }

    @ParameterizedTest
    @EnumSource(Path.class)
    void theWayOfEachNoiseIsTheOneOfItsEquation(Path path) {
        Tensor noise = Tensor.of(new float[] {-1.5f, -0.4f, 0.3f, 1}, 4, 1, 1, 1);
        double[] exact = noise.mul(0.2).toDoubles(); // both keep their place among their like
        double euler = worst(ofBell(path, Method.DDIM, 40, noise), exact);
        double heun = worst(ofBell(path, Method.HEUN, 40, noise), exact);
        assertThat(worst(ofBell(path, Method.DDIM, 160, noise), exact))
                .as("of first order")
                .isLessThan(0.4 * euler);
        assertThat(worst(ofBell(path, Method.HEUN, 160, noise), exact))
                .as("of second order")
                .isLessThan(0.24 * heun);
    }

    private static double worst(Tensor made, double[] exact) {
        double[] values = made.toDoubles();
        return IntStream.range(0, exact.length)
                .mapToDouble(i -> Math.abs(values[i] - exact[i]))
                .max()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Path.class)
    void newNoiseAtEveryStepKeepsTheSpreadOfImages(Path path) {
        Tensor made = ofBell(path, Method.DDPM, 200, Tensor.zeros(20_000, 1, 1, 1));
        double spread = Math.sqrt(made.mul(made).mean().item());
        assertThat(spread).as("although all begin at the same noise").isCloseTo(0.2, within(0.015));
    }

    /** Tells its class, nothing where there is none. */
    private record Guided(AtomicInteger asked) implements Weightless {
        @Override
        public Tensor forward(Tensor x, Tensor time, Tensor labels) {
            asked.incrementAndGet();
            return x.mul(0).add(labels.select(0, 0).item() == unknown() ? 0.1 : 0.3);
        }
    }

    @Test
    void guidanceGoesBeyondWhatTheClassChanges() {
        var random = Random.of(new Seed(1));
        Tensor noise = Tensor.randn(random, 2, 1, 3, 3);
        Tensor made =
                new Sampler(Path.STRAIGHT, Method.DDIM, 1, 2.5).sample(new Guided(new AtomicInteger()), noise, LABELS);
        double guided = 0.1 + 2.5 * (0.3 - 0.1);
        assertThat(made.sub(noise).toFloats()).containsOnly(new float[] {(float) guided}, within(1e-6f));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 12, 24, 48})
    void theLastStepEndsAtTheImage(int steps) {
        var random = Random.of(new Seed(1));
        for (Method method : List.of(Method.DDIM, Method.HEUN)) {
            var asked = new AtomicInteger();
            new Sampler(Path.STRAIGHT, method, steps, 1)
                    .sample(new Guided(asked), Tensor.randn(random, 2, 1, 3, 3), LABELS, 1 - 0.7, x -> x);
            assertThat(asked).hasValue(method == Method.HEUN ? 2 * steps - 1 : steps);
        }
    }

    @ParameterizedTest
    @EnumSource(Path.class)
    void whatIsHeldGoesItsOwnWayInTheSightOfTheNetwork(Path path) {
        var random = Random.of(new Seed(1));
        Tensor noise = Tensor.randn(random, 2, 1, 3, 3);
        Tensor known = Tensor.full(0.25, 2, 1, 3, 3);
        var net = new Bell(path, 0.2, new ArrayList<>());
        new Sampler(path, Method.HEUN, 8, 1).sample(net, noise, LABELS, 0, x -> known);
        for (int step = 0; step < 8; step++) {
            double first = path == Path.COSINE ? 1e-3 : 0;
            double time = first + (1 - first) * step / 8;
            Tensor expected = known.mul(path.signal(time)).add(noise.mul(path.noise(time)));
            assertThat(net.shown().get(2 * step)).containsExactly(expected.toFloats(), within(0.02f));
        }
    }

    @Test
    void refusesNoStepsAtAll() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sampler(Path.STRAIGHT, Method.DDIM, 0, 1))
                .withMessage("sampling: steps must be 1 to 10000, got 0");
    }

    /** Needs 40 MB for every answer. */
    private record Hungry() implements Weightless {
        @Override
        public Tensor forward(Tensor x, Tensor time, Tensor labels) {
            return x.mul(Tensor.ones(10, 1_000_000).mean().item());
        }
    }

    @Test
    void whatAStepNeedsIsFreedBeforeTheNext() {
        var random = Random.of(new Seed(1));
        try (var scope = new Scope()) {
            long before = Engine.residentBytes();
            new Sampler(Path.STRAIGHT, Method.HEUN, 30, 2)
                    .sample(new Hungry(), Tensor.randn(random, 2, 1, 3, 3), LABELS);
            assertThat(Engine.residentBytes() - before).as("of 4.8 GB in all").isLessThan(600L << 20);
        }
    }
}
