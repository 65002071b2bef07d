package dev.fovea.task.autoencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.data.Batch;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.Device;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Models;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Loss;
import dev.fovea.train.Pixels;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class VectorQuantizationObjectiveTest {

    private static final int COUNT = 8;
    private static final int SIZE = 8;

    private static VqVae coder() {
        return Drawn.by(1, (VqVae) Models.create("vq-vae base=4 codes=4 code=2", 3, SIZE, SIZE, 0));
    }

    private static Batch shapes() {
        var shapes = new Shapes(1, COUNT, SIZE);
        ByteBuffer bytes = ByteBuffer.allocateDirect(COUNT * 3 * SIZE * SIZE);
        for (int i = 0; i < COUNT; i++) {
            bytes.put(shapes.image(i).pixels());
        }
        return new Batch(bytes.flip(), COUNT, SIZE, SIZE, 3, new long[COUNT], new int[COUNT]);
    }

    private static Pixels pixels() {
        return new Pixels(Preprocess.of(SIZE, SIZE, 3), Device.CPU);
    }

    private static double loss(VqVae net, double commitment) {
        net.state().random(Random.of(new Seed(2)));
        return new VectorQuantizationObjective(new Quantization(commitment), new Loss.Mse(), pixels())
                .step(net, shapes())
                .loss()
                .item();
    }

    @Test
    void commitmentWeighsHowFarVectorsAreFromTheirCodes() {
        VqVae net = coder();
        Tensor vectors = net.vectors(pixels().images(shapes()));
        double distance = vectors.mse(net.quantized(vectors).vectors()).item();
        assertThat(distance).isPositive();
        assertThat(loss(coder(), 3) - loss(coder(), 0)).isCloseTo(3 * distance, within(1e-4 * distance + 1e-5));
    }

    @Test
    void oneStepTrainsEncoderAndDecoderAndMovesTheCodes() {
        VqVae net = coder();
        float[] book = net.state().get("codebook").toFloats();
        new VectorQuantizationObjective(new Quantization(0), new Loss.Mse(), pixels())
                .step(net, shapes())
                .loss()
                .backward();
        for (String name : new String[] {"encoder.0.weight", "decoder.0.weight"}) {
            assertThat(net.state().parameters().get(name).grad().abs().max().item())
                    .as(name)
                    .isPositive();
        }
        assertThat(net.state().get("codebook").toFloats()).isNotEqualTo(book);
    }
}
