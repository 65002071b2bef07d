package dev.fovea.task.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Batch;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.Device;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.DiffusionNet;
import dev.fovea.nn.State;
import dev.fovea.train.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffusionObjectiveTest {

    private static final int SIZE = 8;
    private static final int CLASSES = 10;
    private static final int COUNT = 200;

    /** Predicts nothing, and records the classes of its conditioning. */
    private record Listening(List<Long> classes, State state) implements DiffusionNet {
        @Override
        public Tensor forward(Tensor x, Tensor time, Tensor labels) {
            Arrays.stream(labels.toLongs()).forEach(classes::add);
            return x.mul(0);
        }

        @Override
        public int unknown() {
            return CLASSES;
        }
    }

    private static long hidden(double classDropout, boolean training) {
        var task = new Diffusion(DiffusionTarget.VELOCITY, classDropout);
        var objective = new DiffusionObjective(
                task,
                CLASSES,
                new DiffusionObjective.ImageShape(3, SIZE, SIZE),
                new Pixels(Preprocess.of(SIZE, SIZE, 3), Device.CPU));
        var net = new Listening(new ArrayList<>(), State.none());
        try (var scope = new Scope();
                var loader = new Loader(
                        new Shapes(1, COUNT, SIZE),
                        Preprocess.of(SIZE, SIZE, 3),
                        Augmentation.NONE,
                        Loader.Options.training(COUNT, 1))) {
            net.state().random(Random.of(new Seed(5)));
            Batch batch = loader.epoch(1, 0).next();
            if (training) {
                double loss = objective.step(net, batch).loss().item();
                assertThat(loss)
                        .as("of a network that says nothing: the mean square of image - noise")
                        .isBetween(1.0, 3.0);
            } else {
                objective.evaluate(net, List.of(batch).iterator());
            }
        }
        return net.classes().stream().filter(label -> label == CLASSES).count();
    }

    @Test
    void theClassOfSomeImagesIsHiddenInTrainingAndNeverInValidation() {
        assertThat(hidden(0, true)).isZero();
        assertThat(hidden(1, true)).isEqualTo(COUNT);
        assertThat(hidden(0.3, true)).isBetween(40L, 80L);
        assertThat(hidden(1, false)).isZero();
    }
}
