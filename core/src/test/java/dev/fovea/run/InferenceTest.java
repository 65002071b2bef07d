package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceTest {

    @TempDir
    private Path folder;

    /** Counts how often it is asked. */
    private record Asked(UnaryOperator<Tensor> what, AtomicInteger times) implements Layer {

        static Asked of(UnaryOperator<Tensor> what) {
            return new Asked(what, new AtomicInteger());
        }

        @Override
        public State state() {
            return State.none();
        }

        @Override
        public Tensor apply(Tensor x) {
            times.incrementAndGet();
            return what.apply(x);
        }
    }

    private static Tensor scores(int images) {
        Tensor one = Tensor.of(new float[] {3, 1, 0}, 1, 3);
        return Tensor.cat(java.util.Collections.nCopies(images, one), 0);
    }

    @Test
    void fewImagesAreAnsweredInFloat32AndNotCompared() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Asked quick = Asked.of(x -> x);
            var auto = new AutoPrecision(Asked.of(x -> x), quick, true);
            auto.forward(scores(8));
            auto.forward(scores(8));
            assertThat(quick.times().get()).isZero();
            assertThat(auto.description()).isEqualTo("float32");
        }
    }

    @Test
    void theFastestBackendIsFoundAndRemembered() {
        var choice = new BackendChoice(folder.resolve("cache/backends.properties"));
        Asked slow = Asked.of(x -> {
            Tensor y = x;
            for (int i = 0; i < 300; i++) {
                y = y.add(1);
            }
            return y;
        });
        Asked fast = Asked.of(x -> x);
        Map<String, Layer> ways = new LinkedHashMap<>();
        ways.put("slow", slow);
        ways.put("fast", fast);
        try (var scope = new Scope()) {
            Tensor images = Tensor.zeros(1, 3, 8, 8);
            assertThat(choice.fastest("net, 2 threads", ways, images)).isEqualTo("fast");
            int asked = slow.times().get();
            assertThat(choice.fastest("net, 2 threads", ways, images)).isEqualTo("fast");
            assertThat(slow.times().get()).isEqualTo(asked);
        }
        assertThat(folder.resolve("cache/backends.properties")).content().contains("=fast");
    }

    @Test
    void aCacheThatCannotBeReadIsNoFault() throws Exception {
        Path file = Files.writeString(folder.resolve("backends.properties"), "\\uZZZZ");
        assertThat(new BackendChoice(file).remembered("net", Map.of())).isEmpty();
    }

    @Test
    void anUnknownBackendIsNamedWithThoseThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backend.checked("libtorsh"))
                .withMessage("backend must be one of auto, libtorch, got 'libtorsh', did you mean 'libtorch'?");
    }
}
