package dev.fovea.task.autoencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.data.Augmentation;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.MaskedAutoencoder.Mask;
import dev.fovea.models.Models;
import dev.fovea.train.Pixels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedAutoencoderObjectiveTest {

    private static final int COUNT = 6;
    private static final int SIZE = 16;

    private static MaskedAutoencoder coder() {
        return Drawn.by(1, (MaskedAutoencoder)
                Models.create("masked-autoencoder patch=4 width=16 depth=1 heads=2", 3, SIZE, SIZE, 0));
    }

    private static Pixels pixels() {
        return new Pixels(Preprocess.of(SIZE, SIZE, 3), Device.CPU);
    }

    private static Loader shapes() {
        return new Loader(
                new Shapes(1, COUNT, SIZE),
                Preprocess.of(SIZE, SIZE, 3),
                Augmentation.NONE,
                Loader.Options.sequential(COUNT));
    }

    @Test
    void theLossIsThatOfHiddenPatchesAlone() {
        MaskedAutoencoder net = coder();
        try (var loader = shapes();
                var noGrad = new NoGrad()) {
            double found = new MaskedAutoencoderObjective(new Masking(0.5), pixels())
                    .evaluate(net, loader.epoch(0, 0))
                    .get("maskedMse");
            Tensor images = pixels().images(loader.epoch(0, 0).next());
            Mask mask = net.mask(COUNT, 0.5, -1);
            float[] made = net.reconstructedPatches(images, mask).toFloats();
            float[] wanted = net.patches(images).contiguous().toFloats();
            float[] hidden = mask.hidden().toFloats();
            int values = 4 * 4 * 3;
            double unseen = 0;
            double all = 0;
            for (int i = 0; i < made.length; i++) {
                double squared = (made[i] - wanted[i]) * (made[i] - wanted[i]);
                unseen += hidden[i / values] * squared;
                all += squared;
            }
            assertThat(found).isCloseTo(unseen / (COUNT * 8 * values), within(1e-6));
            assertThat(found).isNotCloseTo(all / made.length, within(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1, 2", "0.5, 8", "0.75, 12", "0.99, 15"})
    void theShareSaysHowManyPatchesAreHidden(double share, int hidden) {
        Mask mask = coder().mask(COUNT, share, 3);
        assertThat(mask.hidden().sum().item()).isEqualTo(COUNT * hidden);
        assertThat(mask.kept().size(1)).isEqualTo(16 - hidden);
    }

    @Test
    void aShareThatHidesNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder().mask(COUNT, 0.01, 3))
                .withMessage("task.maskRatio=0.01 masks none of the 16 patches of an image. Set it to 0.063 or more");
    }
}
