package dev.fovea.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {

    /** As Pillow 12 makes of {@link #pattern}: rotated by 15 degrees, outside 9. */
    private static final int[] BILINEAR = {
        9, 58, 94, 136, 158, 117, 106, 28, 84, 145, 203, 169, 106, 181, 70, 135, 200, 27, 108, 196, 111, 116, 181, 121,
        94, 142, 156, 150, 167, 163, 96, 151, 120, 57, 9
    };

    private static final int[] NEAREST = {
        9, 74, 111, 148, 148, 37, 85, 0, 101, 149, 197, 245, 145, 204, 53, 101, 224, 27, 86, 253, 67, 106, 165, 43, 113,
        183, 253, 186, 159, 229, 118, 118, 199, 24, 9
    };

    /** The same for the part from (0.75, 0.5) to (6.25, 4.25), resized to 3 x 4. */
    private static final int[] PART = {71, 151, 147, 132, 153, 121, 167, 97, 158, 141, 120, 167};

    private static final int[] PART_BICUBIC = {63, 160, 151, 136, 167, 112, 177, 82, 161, 140, 117, 177};

    private static final Projective TURN = Projective.affine(
            0.9659258262890683,
            -0.25881904510252074,
            0.7663072207445629,
            0.25881904510252074,
            0.9659258262890683,
            -0.8206812235814933);

    private static Image pattern() {
        byte[] pixels = new byte[35];
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 7; x++) {
                pixels[7 * y + x] = (byte) (x * 37 + y * 53 + x * y * 11);
            }
        }
        return new Image(7, 5, 1, pixels);
    }

    private static Image random(int width, int height, int channels, long seed) {
        byte[] pixels = new byte[width * height * channels];
        new SplittableRandom(seed).nextBytes(pixels);
        return new Image(width, height, channels, pixels);
    }

    private static Image sample(Image image, Size out, Filter filter, Fill fill, int value, Projective... back) {
        List<Sampler.Step> steps = java.util.Arrays.stream(back)
                .map(map -> new Sampler.Step(map, image.size(), fill, value))
                .toList();
        return Sampler.of(steps, out, filter).apply(image);
    }

    private static int[] values(Image image) {
        int[] values = new int[image.pixels().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.pixels()[i] & 0xFF;
        }
        return values;
    }

    private static void assertClose(Image image, int[] expected, int most) {
        int[] found = values(image);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("value " + i).isBetween(expected[i] - most, expected[i] + most);
        }
    }

    @Test
    void turnsAsPillowDoes() {
        Image image = pattern();
        assertClose(sample(image, image.size(), Filter.BILINEAR, Fill.CONSTANT, 9, TURN), BILINEAR, 1);
        assertClose(sample(image, image.size(), Filter.NEAREST, Fill.CONSTANT, 9, TURN), NEAREST, 0);
    }

    @Test
    void resizesAPartWithBrokenEdgesAsPillowDoes() {
        Projective back = Projective.affine(5.5 / 3, 0, 0.75, 0, 3.75 / 4, 0.5);
        Size out = new Size(4, 3);
        assertClose(sample(pattern(), out, Filter.BILINEAR, Fill.CONSTANT, 9, back), PART, 0);
        assertClose(sample(pattern(), out, Filter.BICUBIC, Fill.CONSTANT, 9, back), PART_BICUBIC, 0);
    }

    @ParameterizedTest
    @CsvSource({"BILINEAR", "BICUBIC", "NEAREST"})
    void aMapThatHardlyTurnsEqualsTheOneThatDoesNot(Filter filter) {
        Image image = random(40, 30, 3, 1);
        Projective straight = Projective.affine(2.3, 0, 0.4, 0, 1.4, 0.3);
        Projective slanted = Projective.affine(2.3, 1e-10, 0.4, 1e-10, 1.4, 0.3);
        Size out = new Size(20, 17);
        Image expected = sample(image, out, filter, Fill.CONSTANT, 9, straight);
        assertClose(sample(image, out, filter, Fill.CONSTANT, 9, slanted), values(expected), 1);
    }

    @ParameterizedTest
    @CsvSource({
        "NEAREST,  1 1 1 2 3 4 5 5",
        "CONSTANT, 9 9 1 2 3 4 5 9",
        "REFLECT,  2 1 1 2 3 4 5 5",
        "WRAP,     4 5 1 2 3 4 5 1",
    })
    void whatLiesOutsideIsFilled(Fill fill, String expected) {
        Image row = new Image(5, 1, 1, new byte[] {1, 2, 3, 4, 5});
        Image shifted = sample(row, new Size(1, 8), Filter.BILINEAR, fill, 9, Projective.translate(-2, 0));
        assertThat(values(shifted))
                .containsExactly(java.util.Arrays.stream(expected.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
        Image column = new Image(1, 5, 1, row.pixels());
        Image turned = sample(column, new Size(8, 1), Filter.BILINEAR, fill, 9, Projective.translate(0, -2));
        assertThat(turned.pixels()).containsExactly(shifted.pixels());
        Image slanted =
                sample(row, new Size(1, 8), Filter.NEAREST, fill, 9, Projective.affine(1, 1e-10, -2, 1e-10, 1, 0));
        assertThat(slanted.pixels()).containsExactly(shifted.pixels());
    }

    @Test
    void stepsEachFillWhatTheirOwnInputLacks() {
        Image image = new Image(3, 1, 1, new byte[] {1, 2, 3});
        var framed = new Sampler.Step(Projective.translate(-1, 0), image.size(), Fill.CONSTANT, 8); // 8 1 2 3 8
        var shifted = new Sampler.Step(Projective.translate(-2, 0), new Size(1, 5), Fill.WRAP, 0); // 3 8 8 1 2
        var moved = new Sampler.Step(Projective.translate(-1, 0), new Size(1, 5), Fill.CONSTANT, 7); // 7 3 8 8 1
        Image out = Sampler.of(List.of(moved, shifted, framed), new Size(1, 5), Filter.BILINEAR)
                .apply(image);
        assertThat(out.pixels()).containsExactly(7, 3, 8, 8, 1);
    }

    @Test
    void whereTwoStepsReachOutsideTheLaterOneIsSeen() {
        Image image = new Image(2, 2, 1, new byte[] {1, 2, 3, 4});
        Size framedSize = new Size(2, 3);
        var framed = new Sampler.Step(Projective.translate(-1, 0), image.size(), Fill.CONSTANT, 8); // columns 8 1 2
        var down = new Sampler.Step(Projective.translate(0, -1), framedSize, Fill.CONSTANT, 7); // a row of 7 above
        Image out =
                Sampler.of(List.of(down, framed), framedSize, Filter.BILINEAR).apply(image);
        assertThat(out.pixels()).containsExactly(7, 7, 7, 8, 1, 2);
        var scaled = new Sampler.Step(Projective.affine(1, 0, -1, 0, 0.5, 0), image.size(), Fill.CONSTANT, 8);
        Image tall =
                Sampler.of(List.of(down, scaled), framedSize, Filter.BILINEAR).apply(image);
        assertThat(tall.pixels()).startsWith(7, 7, 7, 8);
    }

    @Test
    void mirrorsAndWholePixelShiftsAreExact() {
        Image image = random(6, 4, 3, 2);
        Projective mirror = Projective.affine(-1, 0, 6, 0, 1, 0);
        Image mirrored = sample(image, image.size(), Filter.BICUBIC, Fill.NEAREST, 0, mirror);
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 18; x++) {
                assertThat(mirrored.pixels()[y * 18 + x]).isEqualTo(image.pixels()[y * 18 + 3 * (5 - x / 3) + x % 3]);
            }
        }
        assertThat(sample(mirrored, image.size(), Filter.BICUBIC, Fill.NEAREST, 0, mirror)
                        .pixels())
                .containsExactly(image.pixels());
        assertThat(sample(image, image.size(), Filter.BILINEAR, Fill.NEAREST, 0, Projective.IDENTITY))
                .isSameAs(image);
    }

    @Test
    void shrinkingWhileTurningSkipsNoPixel() {
        byte[] checks = new byte[64 * 64];
        for (int i = 0; i < checks.length; i++) {
            checks[i] = (byte) ((i % 64 + i / 64) % 2 * 255);
        }
        double angle = Math.toRadians(30);
        double xx = 4 * Math.cos(angle);
        double xy = 4 * Math.sin(angle);
        Projective back = Projective.affine(xx, -xy, 32 - 8 * xx + 8 * xy, xy, xx, 32 - 8 * xy - 8 * xx);
        Image out = sample(new Image(64, 64, 1, checks), Size.square(16), Filter.BILINEAR, Fill.REFLECT, 0, back);
        for (int y = 4; y < 12; y++) {
            for (int x = 4; x < 12; x++) {
                assertThat(out.pixels()[16 * y + x] & 0xFF).isBetween(120, 135); // grey, without a pattern of its own
            }
        }
    }

    @Test
    void refusesAnImageOfAnotherSize() {
        var sampler = Sampler.of(
                List.of(new Sampler.Step(Projective.IDENTITY, new Size(4, 6), Fill.NEAREST, 0)),
                new Size(4, 6),
                Filter.BILINEAR);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sampler.apply(random(5, 4, 1, 1)))
                .withMessage("sampler: made for images of 4x6, got 4x5");
    }

    @ParameterizedTest
    @CsvSource({"224, 224, 224", "480x360, 480, 360", "' 7x7 ', 7, 7"})
    void sizesAreWrittenHeightFirst(String text, int height, int width) {
        assertThat(Size.of(text)).isEqualTo(new Size(height, width));
        assertThat(Size.of(Size.of(text).toString())).isEqualTo(new Size(height, width));
    }

    @ParameterizedTest
    @CsvSource({"0", "4x0", "x5", "5x", "5X5", "-3", "1e3", "99999999999"})
    void otherSizesAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Size.of(text));
    }
}
