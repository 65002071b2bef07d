package dev.fovea.task.autoencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.Comparison;
import dev.fovea.task.Tasks;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatentSpaceTest {

    private static final Dataset IMAGES = new Shapes(2, 40, 16);

    private static Autoencoder trained() {
        var data = new Splits(new Shapes(1, 100, 16), IMAGES, Dataset.empty(IMAGES.classes()), List.of());
        String model = "dense-autoencoder bottleneck=6";
        return Autoencoder.train(
                model,
                data,
                Tasks.ALL
                        .recipes()
                        .with(
                                Tasks.ALL.recipe(model),
                                List.of("input.size=16", "epochs=1", "batch=32", "schedule.warmup=0")));
    }

    @Test
    void whatIsDecodedWhereAnImageLiesIsItsReconstruction() {
        var autoencoder = trained();
        var space = LatentSpace.of(autoencoder, IMAGES);
        assertThat(space.directions()).isEqualTo(6);
        assertThat(space.places()).hasSize(40);
        Image there = space.at(List.of(space.places().get(7))).get(0);
        assertThat(Comparison.mse(there, autoencoder.reconstruct(IMAGES.image(7))))
                .as("all six directions: the whole code")
                .isLessThan(1e-4);
    }

    @Test
    void aWalkBeginsAtOneImageAndEndsAtTheOther() {
        var space = LatentSpace.of(trained(), IMAGES);
        float[] from = space.places().get(0);
        float[] to = space.places().get(1);
        List<Image> walk = space.walk(from, to, 5);
        assertThat(walk).hasSize(5);
        assertThat(walk.get(0).pixels())
                .isEqualTo(space.at(List.of(from)).get(0).pixels());
        assertThat(Comparison.mse(walk.get(4), space.at(List.of(to)).get(0))).isLessThan(1e-5);
    }

    @Test
    void directionsComeByTheirVariance() {
        float[] deviations = LatentSpace.of(trained(), IMAGES).deviations();
        for (int d = 1; d < deviations.length; d++) {
            assertThat(deviations[d]).isLessThanOrEqualTo(deviations[d - 1] * 1.001f);
        }
    }

    @Test
    void refusesPlacesThatAreNone() {
        var space = LatentSpace.of(trained(), IMAGES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.at(List.of(new float[7])))
                .withMessage("latent space: a place has at most 6 numbers here, got 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.at(List.of(new float[] {Float.NaN})))
                .withMessage("latent space: a place must be finite, got NaN");
    }
}
