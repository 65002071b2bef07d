package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RunLengthMaskTest {

    private static Mask random(int height, int width, double share, long seed) {
        var random = new SplittableRandom(seed);
        byte[] values = new byte[height * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (random.nextDouble() < share ? 1 : 0);
        }
        return new Mask(new Size(height, width), values);
    }

    @Test
    void pixelsComeBackAsTheyWere() {
        for (double share : new double[] {0, 0.02, 0.5, 0.98, 1}) {
            Mask mask = random(37, 53, share, 7);
            RunLengthMask runs = RunLengthMask.of(mask);
            assertThat(runs.mask()).as("share %s", share).isEqualTo(mask);
            assertThat(runs.area()).isEqualTo(mask.count());
        }
    }

    @Test
    void countsRunDownTheColumnsAsCocoHasThem() {
        var mask = new Mask(new Size(3, 2), new byte[] {0, 1, 1, 1, 0, 1});
        assertThat(RunLengths.of(mask)).containsExactly(1, 1, 1, 3);
        assertThat(RunLengthMask.of(mask).counts()).isEqualTo("1112"); // 3 less the 1 two before it
    }

    @Test
    void aPartLiesInItsImageWhereItWasCutOut() {
        Mask part = random(20, 30, 0.4, 3);
        Mask whole = RunLengthMask.of(part).within(11, 5, new Size(40, 50)).mask();
        byte[] expected = new byte[40 * 50];
        for (int y = 0; y < 20; y++) {
            System.arraycopy(part.values(), y * 30, expected, (y + 5) * 50 + 11, 30);
        }
        assertThat(whole).isEqualTo(new Mask(new Size(40, 50), expected));
        byte[] full = new byte[6];
        Arrays.fill(full, (byte) 1);
        var all = new Mask(new Size(3, 2), full);
        assertThat(RunLengthMask.of(all).within(0, 0, all.size()).mask()).isEqualTo(all);
    }

    @Test
    void rejectsRunsOfAnotherSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RunLengthMask(new Size(3, 3), "1112"))
                .withMessage("mask: runs of 6 pixels are not 3x3");
    }
}
