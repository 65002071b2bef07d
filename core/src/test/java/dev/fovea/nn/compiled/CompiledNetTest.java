package dev.fovea.nn.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.Models;
import dev.fovea.models.ReducedModels;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledNetTest {

    /** They hand on a state as well as what they give. */
    private static final Set<String> RECURRENT = Set.of("row-rnn", "row-lstm", "row-gru");

    static List<ModelEntry> functionsOfImages() {
        return ReducedModels.all().stream()
                .filter(entry -> entry.input().frames() == 1
                        && Layer.class.isAssignableFrom(entry.config().network()))
                .toList();
    }

    /** In evaluation mode, with norms that have seen something. */
    private static Layer net(ModelEntry entry) {
        ModelEntry.Input in = entry.input();
        int side = ReducedModels.side(entry);
        var net = Drawn.by(1, Models.create(entry.name(), in.channels(), side, side, 10));
        Random random = Random.of(new Seed(2));
        try (var noGrad = new NoGrad()) {
            net.state().tensors().forEach((name, tensor) -> {
                if (name.endsWith("running_var")) {
                    tensor.uniform_(random, 0.5, 1.5);
                } else if (name.endsWith("running_mean")) {
                    tensor.normal_(random, 0, 0.1);
                }
            });
        }
        net.state().train(false);
        return Layer.of(net);
    }

    private static Tensor images(ModelEntry entry, int count) {
        int side = ReducedModels.side(entry);
        return Tensor.rand(Random.of(new Seed(3)), count, entry.input().channels(), side, side)
                .channelsLast();
    }

    private static double difference(Tensor one, Tensor other) {
        return one.sub(other).abs().max().item()
                / Math.max(1e-6, other.abs().max().item());
    }

    @ParameterizedTest
    @MethodSource("functionsOfImages")
    void givesWhatTheNetworkGivesForAnyNumberOfImages(ModelEntry entry) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Layer net = net(entry);
            CompiledNet compiled = CompiledNet.of(net, DType.FLOAT32);
            for (int count : new int[] {1, 3}) {
                Tensor images = images(entry, count);
                Tensor expected = net.forward(images);
                assertThat(compiled.compiles(images)).isEqualTo(!RECURRENT.contains(entry.name()));
                assertThat(difference(compiled.forward(images), expected)).isLessThan(1e-4);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functionsOfImages")
    void isCloseInBfloat16(ModelEntry entry) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Layer net = net(entry);
            Tensor images = images(entry, 2);
            Tensor expected = net.forward(images);
            assertThat(difference(CompiledNet.of(net, DType.BFLOAT16).forward(images), expected))
                    .isLessThan(0.05);
        }
    }

    /** Of any images. */
    private record Function(State state, java.util.function.UnaryOperator<Tensor> what) implements Layer {

        static Function of(java.util.function.UnaryOperator<Tensor> what) {
            State state = new State();
            state.train(false);
            return new Function(state, what);
        }

        @Override
        public Tensor apply(Tensor x) {
            return what.apply(x);
        }
    }

    @Test
    void leavesAloneWhatDependsOnValues() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            CompiledNet net =
                    CompiledNet.of(Function.of(x -> x.mean().item() > 0.5 ? x.mul(2) : x.mul(3)), DType.FLOAT32);
            Tensor dark = Tensor.full(0.25, 1, 3, 4, 4);
            assertThat(net.forward(dark).max().item()).isEqualTo(0.75);
            assertThat(net.forward(dark.add(0.5)).max().item()).isEqualTo(1.5);
            assertThat(net.compiles(dark)).isFalse();
        }
    }

    @Test
    void leavesAloneWhatDependsOnTheNumberOfImages() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            CompiledNet net = CompiledNet.of(
                    Function.of(x -> x.size(0) % 2 == 0 ? x.mul(2) : x.mul(3).add(0)), DType.FLOAT32);
            assertThat(net.forward(Tensor.ones(3, 3, 4, 4)).max().item()).isEqualTo(3);
            assertThat(net.forward(Tensor.ones(4, 3, 4, 4)).max().item()).isEqualTo(2);
        }
    }

    @Test
    void gradientsGoThroughTheNetworkItself() {
        ModelEntry entry = functionsOfImages().get(0);
        try (var scope = new Scope()) {
            Layer net = net(entry);
            CompiledNet compiled = CompiledNet.of(net, DType.FLOAT32);
            Tensor images = images(entry, 1).requireGrad(true);
            compiled.forward(images).sum().backward();
            assertThat(images.grad().abs().max().item()).isPositive();
        }
    }

    @Test
    void fewImagesGoThroughTheNetworkItself() {
        ModelEntry entry = functionsOfImages().get(0);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Layer net = net(entry);
            Tensor images = images(entry, 2);
            assertThat(CompiledNet.of(net).forward(images).toFloats())
                    .isEqualTo(net.forward(images).toFloats());
        }
    }

    @Test
    void severalThreadsAtOnceGetTheSame() throws Exception {
        ModelEntry entry = functionsOfImages().get(0);
        Layer net = net(entry);
        CompiledNet compiled = CompiledNet.of(net, DType.FLOAT32);
        float[] expected = answer(compiled, entry);
        var pool = Executors.newFixedThreadPool(3);
        try {
            Callable<float[]> asking = () -> answer(compiled, entry);
            var asked = new ArrayList<Callable<float[]>>();
            for (int i = 0; i < 60; i++) {
                asked.add(asking);
            }
            for (var answer : pool.invokeAll(asked)) {
                assertThat(answer.get()).containsExactly(expected, within(1e-6f));
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void leavesTheImagesAsTheyAreWhereTheyAreAddedToWhatIsMadeOfThem() {
        var window = Conv2d.Window.of(3, 1, 1);
        Layer first = Drawn.by(4, new Conv2d(3, 3, window, 1, true));
        Layer second = Drawn.by(5, new Conv2d(3, 3, window, 1, true));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            CompiledNet net = CompiledNet.of(
                    Function.of(x -> second.forward(first.forward(x).relu()).add(x)), DType.FLOAT32);
            Tensor images = Tensor.rand(Random.of(new Seed(3)), 2, 3, 8, 8).channelsLast();
            float[] before = images.toFloats();
            assertThat(net.compiles(images)).isTrue();
            net.forward(images);
            assertThat(images.toFloats()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit_b_16 ", "resnet18 "})
    void weightsThatChangeInPlaceAreTakenOver(String name) {
        ModelEntry entry = functionsOfImages().stream()
                .filter(one -> one.name().startsWith(name))
                .findFirst()
                .orElseThrow();
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Layer net = net(entry);
            CompiledNet compiled = CompiledNet.of(net, DType.FLOAT32);
            Tensor images = images(entry, 2);
            Tensor before = compiled.forward(images);
            net.state().parameters().values().forEach(tensor -> tensor.add_(0.02));
            assertThat(difference(compiled.forward(images), net.forward(images)))
                    .isLessThan(1e-4);
            assertThat(difference(compiled.forward(images), before)).isGreaterThan(0.01);
            assertThat(compiled.compiles(images)).isTrue();
        }
    }

    @Test
    void waitsWhileSomebodyChangesTheWeights() throws Exception {
        ModelEntry entry = functionsOfImages().get(0);
        Layer net = net(entry);
        CompiledNet compiled = CompiledNet.of(net, DType.FLOAT32);
        float[] expected = answer(compiled, entry);
        var asking = new FutureTask<>(() -> answer(compiled, entry));
        var changing = net.state().use().writeLock();
        changing.lock();
        try (var noGrad = new NoGrad()) {
            net.state().parameters().values().forEach(tensor -> tensor.mul_(2));
            new Thread(asking).start();
            assertThatThrownBy(() -> asking.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            net.state().parameters().values().forEach(tensor -> tensor.mul_(0.5));
        } finally {
            changing.unlock();
        }
        assertThat(asking.get(1, TimeUnit.MINUTES)).containsExactly(expected, within(1e-5f));
    }

    @Test
    void sizesThatComeByTurnsAreNotCompiledForEver() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            CompiledNet net = CompiledNet.of(Function.of(x -> x.mul(2)), DType.FLOAT32);
            for (int width = 1; width <= 32; width++) {
                assertThat(net.compiles(Tensor.ones(1, 3, 4, width))).isTrue();
            }
            assertThat(net.compiles(Tensor.ones(1, 3, 4, 40))).isFalse();
            assertThat(net.compiles(Tensor.ones(1, 3, 4, 32))).isTrue();
            assertThat(net.forward(Tensor.ones(1, 3, 4, 40)).max().item()).isEqualTo(2);
        }
    }

    private static float[] answer(Layer net, ModelEntry entry) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return net.forward(images(entry, 2)).toFloats();
        }
    }
}
