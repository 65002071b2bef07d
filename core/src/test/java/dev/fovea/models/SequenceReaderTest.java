package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.TemporalConv;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceReaderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8, 19, 40})
    void stridesGiveWhatDilatedConvolutionsGiveForTheLastStep(int steps) {
        var random = Random.of(new Seed(1));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var reader = Drawn.by(1, new SequenceReader.TemporalConvReader(2, 6, 4));
            Tensor sequence = Tensor.randn(random, 3, steps, 2);
            var in = new Dense(2, 6, true);
            copy(reader, "in.", in.state().get("weight"), "weight");
            copy(reader, "in.", in.state().get("bias"), "bias");
            Tensor x = in.forward(sequence);
            for (int i = 0; i < 4; i++) {
                var dilated = new TemporalConv(6, 6, 3, 1 << i);
                copy(reader, "conv" + i + ".", dilated.state().get("weight"), "weight");
                copy(reader, "conv" + i + ".", dilated.state().get("bias"), "bias");
                x = x.add(dilated.forward(x).relu());
            }
            assertThat(reader.forward(sequence).toFloats())
                    .containsExactly(x.select(1, steps - 1).toFloats(), within(1e-5f));
        }
    }

    private static void copy(SequenceReader from, String prefix, Tensor to, String name) {
        to.copy_(from.state().tensors().get(prefix + name));
    }
}
