package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Augment;
import dev.fovea.data.Batch;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Adversaries;
import dev.fovea.nn.Net;
import java.util.Map;
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

    private static Map<String, Tensor> judged(boolean varied) {
        var preprocess = Preprocess.of(SIZE, SIZE, 3);
        var objective = new Contesting(
                new Task.Adversarial(Task.Contest.LOGISTIC, 0, 0, false), 10, new Pixels(preprocess, Device.of("cpu")));
        try (var loader = new Loader(
                new Shapes(1, 40, SIZE), preprocess, Augment.none(), Loader.Options.training(40, 1, false))) {
            Batch batch = loader.epoch(1, 0).next();
            return objective
                    .step(new Fixed(varied), batch, objective.phases().get(0))
                    .metrics();
        }
    }

    @Test
    void onePicturePerClassIsNoSpreadHoweverTheClassesDiffer() {
        try (var scope = new Scope()) {
            double spread = judged(false).get("spread").item();
            assertThat(spread).isLessThan(1e-3);
            assertThat(judged(true).get("spread").item()).isGreaterThan(1);
            var objective = new Contesting(
                    new Task.Adversarial(Task.Contest.HINGE, 0, 1, false),
                    10,
                    new Pixels(Preprocess.of(SIZE, SIZE, 3), Device.of("cpu")));
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
        }
    }
}
