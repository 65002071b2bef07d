package dev.fovea.nn.compiled;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
                assertThat(compiled.compiles(images)).isEqualTo(!RECURRENT.contains(entry.name()));
                assertThat(difference(compiled.forward(images), net.forward(images)))
                        .isLessThan(1e-4);
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
            assertThat(difference(CompiledNet.of(net, DType.BFLOAT16).forward(images), net.forward(images)))
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
    void keepsTheWeightsThatItWasCompiledWith() {
        ModelEntry entry = functionsOfImages().get(0);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Layer net = net(entry);
            CompiledNet compiled = CompiledNet.of(net, DType.FLOAT32);
            float[] before = compiled.forward(images(entry, 1)).toFloats();
            net.state().tensors().forEach((name, tensor) -> tensor.fill_(0.5));
            assertThat(compiled.forward(images(entry, 1)).toFloats()).containsExactly(before);
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

    private static float[] answer(Layer net, ModelEntry entry) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return net.forward(images(entry, 2)).toFloats();
        }
    }
}
