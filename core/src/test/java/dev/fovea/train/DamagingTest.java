package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Shapes;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.Models;
import dev.fovea.models.Restoring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DamagingTest {

    private static final Tensor GREY = Tensor.full(0.5, 40, 1, 64, 64);

    private static Tensor damaged(String model, Task.Damage damage, double low, double high, Tensor sound) {
        var net = (Restoring) Models.create(model, (int) sound.size(1), 64, 64, 1);
        return new Damaging(new Task.Restoration(damage, low, high), net).apply(sound, 5);
    }

    /** One number for each picture: what {@code pixels} of a channel come to on average. */
    private static double[] means(Tensor pixels) {
        return pixels.mean(1, 2, 3).toDoubles();
    }

    @Test
    void noiseHasTheDeviationAsked() {
        Tensor off = damaged("dncnn depth=3 width=4", Task.Damage.NOISE, 51, 51, GREY)
                .sub(GREY);
        assertThat(off.mean().item()).isCloseTo(0, within(0.005));
        assertThat(Math.sqrt(off.mul(off).mean().item())).isCloseTo(0.2, within(0.005));
    }

    @Test
    void amountsSpreadFromTheLeastToTheMostAndTheGuideTellsThem() {
        Tensor damaged = damaged("ffdnet depth=3 width=4", Task.Damage.NOISE, 10, 60, GREY);
        Tensor off = damaged.narrow(1, 0, 1).sub(GREY);
        double[] variances = means(off.mul(off));
        double[] levels = means(damaged.narrow(1, 1, 1));
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
        Tensor damaged = damaged("unet-restorer width=4", Task.Damage.JPEG, 30, 30, Pictures.of(images));
        List<Image> made = Pictures.of(damaged);
        for (int i = 0; i < 3; i++) {
            assertThat(made.get(i).pixels()).isEqualTo(images.get(i).jpeg(30).pixels());
        }
    }

    @Test
    void holesAreRectanglesAnywhereThatCoverTheShareAsked() {
        Tensor damaged = damaged("unet-restorer width=4 guide=1", Task.Damage.HOLES, 0.3, 0.3, GREY);
        Tensor holes = damaged.narrow(1, 1, 1).contiguous();
        for (double share : means(holes)) {
            assertThat(share).isBetween(0.3, 0.31);
        }
        assertThat(damaged.narrow(1, 0, 1).contiguous().toFloats())
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
        float[] once = damaged("unet-restorer width=4", Task.Damage.HOLES, 0.1, 0.9, dot)
                .toFloats();
        assertThat(damaged("unet-restorer width=4", Task.Damage.HOLES, 0.1, 0.9, dot)
                        .toFloats())
                .isEqualTo(once)
                .contains(0f, 0.5f);
    }

    @Test
    void scaleMakesAPictureSmallerByItsFactor() {
        Tensor damaged = damaged("subpixel width=4 blocks=1 scale=4", Task.Damage.SCALE, 4, 4, GREY);
        assertThat(damaged.shape()).containsExactly(40, 1, 16, 16);
        assertThat(damaged.mean().item()).isCloseTo(0.5, within(0.01));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "NOISE;  0;   0; task.high must be above 0, else nothing is damaged, got task.low=0, task.high=0",
                "NOISE; 10; 256; task.low and task.high must be 0 to 255 for task.damage=noise, low not above high, got task.low=10, task.high=256",
                "NOISE; 30;  20; task.low and task.high must be 0 to 255 for task.damage=noise, low not above high, got task.low=30, task.high=20",
                "NOISE; NaN; 20; task.low and task.high must be 0 to 255 for task.damage=noise, low not above high, got task.low=NaN, task.high=20",
                "JPEG;   0;  40; task.low and task.high must be 1 to 100 for task.damage=jpeg, low not above high, got task.low=0, task.high=40",
                "HOLES; 0.1;  1; 'task.high must be below 1, else nothing is left, got task.low=0.1, task.high=1'",
                "SCALE;  2;   3; task.low and task.high must be the same whole number for task.damage=scale, got task.low=2, task.high=3",
                "SCALE;  9;   9; task.low and task.high must be 2 to 8 for task.damage=scale, low not above high, got task.low=9, task.high=9"
            })
    void amountsThatCannotBeAreRefused(Task.Damage damage, double low, double high, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task.Restoration(damage, low, high))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"noise, 25, 25", "jpeg, 10, 40", "holes, 0.05, 0.2", "scale, 2, 2"})
    void aDamageNamedAloneHasItsUsualAmounts(String damage, double low, double high) {
        var task = (Task.Restoration) RecipeFile.with(Recipe.of("dncnn"), List.of("task.damage=" + damage))
                .task();
        assertThat(task.low()).isEqualTo(low);
        assertThat(task.high()).isEqualTo(high);
    }

    @Test
    void amountsThatAreNamedCountWhereverTheDamageStands() {
        var settings = List.of("task.low=20", "task.damage=jpeg");
        assertThat(RecipeFile.with(Recipe.of("dncnn"), settings).task())
                .isEqualTo(new Task.Restoration(Task.Damage.JPEG, 20, 40));
        var kept = RecipeFile.parse(
                "model: dncnn\ntask: {type: restoration, damage: jpeg, low: 5}", List.of("task.high=9"), "test");
        assertThat(kept.task()).isEqualTo(new Task.Restoration(Task.Damage.JPEG, 5, 9));
    }

    @Test
    void aDamageThatDoesNotFitTheNetworkNamesTheOneThatDoes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> damaged("subpixel width=4 blocks=1 scale=3", Task.Damage.NOISE, 25, 25, GREY))
                .withMessage(
                        "task.damage=noise with task.low=25.0 and task.high=25.0 does not fit a network whose images are 3 times as large. Set task.damage=scale, task.low=3 and task.high=3");
    }
}
