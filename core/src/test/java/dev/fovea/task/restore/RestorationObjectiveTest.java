package dev.fovea.task.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.data.Augmentation;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.models.Models;
import dev.fovea.models.RestorationNet;
import dev.fovea.nn.Loss;
import dev.fovea.train.Pixels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestorationObjectiveTest {

    private static double psnr(RestorationObjective objective, RestorationNet net, int batch) {
        var preprocess = Preprocess.of(16, 16, 3);
        try (var loader = new Loader(
                        new Shapes(1, 6, 16), preprocess, Augmentation.NONE, Loader.Options.sequential(batch));
                var noGrad = new NoGrad()) {
            return objective.evaluate(net, loader.epoch(0, 0)).get("psnr");
        }
    }

    @ParameterizedTest
    @CsvSource({"NOISE, 5, 50", "JPEG, 10, 90", "HOLES, 0.1, 0.5"})
    void theDamageOfAnImageDoesNotDependOnItsBatch(DegradationType degradation, double low, double high) {
        var net = Drawn.by(1, (RestorationNet) Models.create("dncnn depth=3 width=4", 3, 16, 16, 0));
        net.state().train(false);
        var objective = new RestorationObjective(
                new Degradation(new Restoration(degradation, low, high), net),
                Loss.crossEntropy(),
                new Pixels(Preprocess.of(16, 16, 3), Device.CPU));
        double alone = psnr(objective, net, 1);
        assertThat(psnr(objective, net, 4)).isCloseTo(alone, within(1e-3));
        assertThat(psnr(objective, net, 6)).isCloseTo(alone, within(1e-3));
    }
}
