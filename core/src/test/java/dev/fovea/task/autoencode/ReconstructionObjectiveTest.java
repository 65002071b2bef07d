package dev.fovea.task.autoencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.data.Batch;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.AutoencoderNet;
import dev.fovea.models.Models;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.train.Pixels;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReconstructionObjectiveTest {

    private static final int COUNT = 32;
    private static final int SIZE = 8;

    private static AutoencoderNet coder() {
        return Drawn.by(2, (AutoencoderNet)
                Models.create("dense-autoencoder hidden=0 bottleneck=12 activation=sigmoid", 3, SIZE, SIZE, 0));
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

    /** A network after some steps of a task. */
    private static AutoencoderNet trained(double targetActivation, double klWeight, double contraction) {
        AutoencoderNet net = coder();
        var task = new Reconstruction(0, 0, 0, 0, targetActivation, klWeight, contraction);
        var objective = new ReconstructionObjective(task, new Loss.Mse(), pixels());
        var updater = Optimizer.adam(0.02).updater(net.state().parameters());
        for (int step = 0; step < 150; step++) {
            try (var scope = new Scope()) {
                net.state().random(Random.of(new Seed(step)));
                objective.step(net, shapes()).loss().backward();
                updater.step(0.02);
                updater.clearGradients();
            }
        }
        return net;
    }

    private static double meanActivity(AutoencoderNet net) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return net.encode(pixels().images(shapes())).mean().item();
        }
    }

    private static double sensitivity(AutoencoderNet net) {
        try (var scope = new Scope()) {
            var random = Random.of(new Seed(9));
            Tensor input = pixels().images(shapes()).requireGrad(true);
            return ReconstructionObjective.sensitivity(net.encode(input), input, random)
                    .item();
        }
    }

    @Test
    void unitsAreAsActiveAsWanted() {
        assertThat(meanActivity(trained(0.1, 1, 0))).isCloseTo(0.1, within(0.03));
        assertThat(meanActivity(trained(0.1, 0, 0))).as("without weight").isGreaterThan(0.3);
    }

    @Test
    void theContractivePenaltyMakesCodesDull() {
        assertThat(sensitivity(trained(0, 1, 0.1))).isLessThan(0.5 * sensitivity(trained(0, 1, 0)));
    }

    @Test
    void theSensitivityIsInTheMeanTheSquaredNormOfTheJacobian() {
        AutoencoderNet net = Drawn.by(
                1, (AutoencoderNet) Models.create("flatten, dense 3, sigmoid -> dense 4, reshape 1 2 2", 1, 2, 2, 0));
        net.state().replace(tensor -> tensor.to(DType.FLOAT64));
        double[] at = {0.1, 0.9, 0.4, 0.7};
        double expected = 0;
        for (int i = 0; i < 4; i++) {
            double[] up = code(net, at, i, 1e-5);
            double[] down = code(net, at, i, -1e-5);
            for (int d = 0; d < 3; d++) {
                expected += Math.pow((up[d] - down[d]) / 2e-5, 2);
            }
        }
        var random = Random.of(new Seed(4));
        Tensor same = Tensor.of(at, 1, 1, 2, 2).expand(20_000, 1, 2, 2).copy().requireGrad(true);
        assertThat(ReconstructionObjective.sensitivity(net.encode(same), same, random)
                        .item())
                .isCloseTo(expected, within(0.03 * expected));
    }

    private static double[] code(AutoencoderNet net, double[] at, int index, double by) {
        double[] moved = at.clone();
        moved[index] += by;
        try (var noGrad = new NoGrad()) {
            return net.encode(Tensor.of(moved, 1, 1, 2, 2)).toDoubles();
        }
    }
}
