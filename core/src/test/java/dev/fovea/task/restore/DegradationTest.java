package dev.fovea.task.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Shapes;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.Models;
import dev.fovea.models.RestorationNet;
import dev.fovea.task.Tasks;
import dev.fovea.train.ImageTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DegradationTest {

    private static final Tensor GREY = Tensor.full(0.5, 40, 1, 64, 64);

    private static Tensor degraded(String model, DegradationType degradation, double low, double high, Tensor clean) {
        var net = (RestorationNet) Models.create(model, (int) clean.size(1), 64, 64, 1);
        return new Degradation(new Restoration(degradation, low, high), net).apply(clean, new Seed(5));
    }

    /** One number for each image: what {@code pixels} of a channel come to on average. */
    private static double[] means(Tensor pixels) {
        return pixels.mean(1, 2, 3).toDoubles();
    }

    @Test
    void noiseHasTheDeviationAsked() {
        Tensor off = degraded("dncnn depth=3 width=4", DegradationType.NOISE, 51, 51, GREY)
                .sub(GREY);
        assertThat(off.mean().item()).isCloseTo(0, within(0.005));
        assertThat(Math.sqrt(off.mul(off).mean().item())).isCloseTo(0.2, within(0.005));
    }

    @Test
    void amountsLieBetweenTheLeastAndTheMostAndTheGuideHasThem() {
        Tensor degraded = degraded("ffdnet depth=3 width=4", DegradationType.NOISE, 10, 60, GREY);
        Tensor off = degraded.narrow(1, 0, 1).sub(GREY);
        double[] variances = means(off.mul(off));
        double[] levels = means(degraded.narrow(1, 1, 1));
        for (int i = 0; i < levels.length; i++) {
            assertThat(levels[i]).isBetween(10 / 255.0, 60 / 255.0);
            assertThat(Math.sqrt(variances[i])).isCloseTo(levels[i], within(0.1 * levels[i]));
        }
        Arrays.sort(levels);
        assertThat(levels[0]).isLessThan(15 / 255.0);
        assertThat(levels[levels.length - 1]).isGreaterThan(55 / 255.0);
        assertThat(Arrays.stream(levels).average().orElseThrow()).isCloseTo(35 / 255.0, within(5 / 255.0));
    }

    @Test
    void jpegHasTheQualityAsked() {
        var images = new ArrayList<Image>();
        for (int i = 0; i < 3; i++) {
            images.add(new Shapes(1, 3, 64).image(i));
        }
        Tensor degraded = degraded("unet-restorer width=4", DegradationType.JPEG, 30, 30, ImageTensors.of(images));
        List<Image> made = ImageTensors.of(degraded);
        for (int i = 0; i < 3; i++) {
            assertThat(made.get(i).pixels()).isEqualTo(images.get(i).jpeg(30).pixels());
        }
    }

    @Test
    void holesAreRectanglesAnywhereThatCoverTheShareAsked() {
        Tensor degraded = degraded("unet-restorer width=4 guide=1", DegradationType.HOLES, 0.3, 0.3, GREY);
        Tensor holes = degraded.narrow(1, 1, 1).contiguous();
        for (double share : means(holes)) {
            assertThat(share).isBetween(0.3, 0.31);
        }
        assertThat(degraded.narrow(1, 0, 1).contiguous().toFloats())
                .isEqualTo(holes.neg().add(1).mul(0.5).toFloats());
        boolean[] edges = new boolean[8];
        float[] map = holes.toFloats();
        for (int p = 1; p < map.length; p++) {
            edges[p % 8] |= p % 64 > 0 && map[p] != map[p - 1];
        }
        assertThat(edges).as("columns of a grid of 8 where holes begin or end").containsOnly(true);
    }

    @Test
    void theSameSeedMakesTheSameHoles() {
        Tensor dot = Tensor.ones(2, 1, 8, 8).mul(0.5);
        float[] once = degraded("unet-restorer width=4", DegradationType.HOLES, 0.1, 0.9, dot)
                .toFloats();
        assertThat(degraded("unet-restorer width=4", DegradationType.HOLES, 0.1, 0.9, dot)
                        .toFloats())
                .isEqualTo(once)
                .contains(0f, 0.5f);
    }

    @Test
    void scaleMakesAnImageSmallerByItsFactor() {
        Tensor degraded = degraded("subpixel width=4 blocks=1 scale=4", DegradationType.SCALE, 4, 4, GREY);
        assertThat(degraded.shape()).containsExactly(40, 1, 16, 16);
        assertThat(degraded.mean().item()).isCloseTo(0.5, within(0.01));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "NOISE;  0;   0; task.high must be above 0, else nothing is degraded, got task.low=0, task.high=0",
                "NOISE; 10; 256; task.low and task.high must be 0 to 255 for task.degradation=noise, low not above high, got task.low=10, task.high=256",
                "NOISE; 30;  20; task.low and task.high must be 0 to 255 for task.degradation=noise, low not above high, got task.low=30, task.high=20",
                "NOISE; NaN; 20; task.low and task.high must be 0 to 255 for task.degradation=noise, low not above high, got task.low=NaN, task.high=20",
                "JPEG;   0;  40; task.low and task.high must be 1 to 100 for task.degradation=jpeg, low not above high, got task.low=0, task.high=40",
                "HOLES; 0.1;  1; 'task.high must be below 1, else nothing is left, got task.low=0.1, task.high=1'",
                "SCALE;  2;   3; task.low and task.high must be the same whole number for task.degradation=scale, got task.low=2, task.high=3",
                "SCALE;  9;   9; task.low and task.high must be 2 to 8 for task.degradation=scale, low not above high, got task.low=9, task.high=9"
            })
    void amountsThatCannotBeAreRefused(DegradationType degradation, double low, double high, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Restoration(degradation, low, high))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"noise, 25, 25", "jpeg, 10, 40", "holes, 0.05, 0.2", "scale, 2, 2"})
    void aDamageNamedAloneHasItsUsualAmounts(String degradation, double low, double high) {
        var task = (Restoration) Tasks.ALL
                .recipes()
                .with(Tasks.ALL.recipe("dncnn"), List.of("task.degradation=" + degradation))
                .task();
        assertThat(task.low()).isEqualTo(low);
        assertThat(task.high()).isEqualTo(high);
    }

    @Test
    void amountsThatAreNamedCountWhereverTheDamageStands() {
        var settings = List.of("task.low=20", "task.degradation=jpeg");
        assertThat(Tasks.ALL.recipes().with(Tasks.ALL.recipe("dncnn"), settings).task())
                .isEqualTo(new Restoration(DegradationType.JPEG, 20, 40));
        var kept = Tasks.ALL
                .recipes()
                .parse(
                        "model: dncnn\ntask: {type: restoration, degradation: jpeg, low: 5}",
                        List.of("task.high=9"),
                        "test");
        assertThat(kept.task()).isEqualTo(new Restoration(DegradationType.JPEG, 5, 9));
    }

    @Test
    void aDamageThatDoesNotFitTheNetworkNamesTheOneThatDoes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> degraded("subpixel width=4 blocks=1 scale=3", DegradationType.NOISE, 25, 25, GREY))
                .withMessage(
                        "task.degradation=noise with task.low=25.0 and task.high=25.0 does not fit a network whose images are 3 times as large. Set task.degradation=scale, task.low=3 and task.high=3");
    }
}
