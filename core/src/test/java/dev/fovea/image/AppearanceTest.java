package dev.fovea.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AppearanceTest {

    private static Image noise(long seed, int width, int height) {
        byte[] pixels = new byte[width * height];
        new SplittableRandom(seed).nextBytes(pixels);
        return new Image(width, height, 1, pixels).resize(64, 64, Filter.BICUBIC);
    }

    private static Image changed(Image image, double factor, int shift) {
        byte[] pixels = new byte[image.pixels().length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(factor * (image.pixels()[i] & 255) + shift)));
        }
        return new Image(image.width(), image.height(), 1, pixels);
    }

    @Test
    void brightnessAndContrastAreMeanAndDeviation() {
        var half = Appearance.of(new Image(2, 1, 1, new byte[] {0, (byte) 200}));
        assertThat(half.brightness()).isEqualTo(100);
        assertThat(half.contrast()).isEqualTo(100);
        assertThat(half.size()).isEqualTo(new Size(1, 2));
        assertThat(Appearance.of(new Image(2, 2, 3, new byte[12])).contrast()).isZero();
    }

    /** By hand: around the one light pixel the Laplacian is -4 x 100, next to it 100; 9 places, 5 not zero. */
    @Test
    void sharpnessIsTheVarianceOfTheLaplacian() {
        byte[] pixels = new byte[25];
        pixels[12] = 100;
        double mean = (-400 + 4 * 100) / 9.0;
        assertThat(Appearance.of(new Image(5, 5, 1, pixels)).sharpness())
                .isCloseTo((160_000 + 4 * 10_000) / 9.0 - mean * mean, within(1e-6));
    }

    @Test
    void blurLowersSharpness() {
        Image sharp = noise(1, 32, 32);
        Image blurred = sharp.resize(8, 8, Filter.BILINEAR).resize(64, 64, Filter.BILINEAR);
        assertThat(Appearance.of(blurred).sharpness())
                .isLessThan(Appearance.of(sharp).sharpness() / 20);
    }

    @Test
    void hashesOfTheSamePictureDifferInFewBitsAndThoseOfOthersInMany() {
        Image one = noise(1, 9, 9);
        Image other = noise(2, 9, 9);
        long hash = Appearance.hash(one);
        assertThat(Long.bitCount(hash ^ Appearance.hash(changed(one, 0.8, 20)))).isLessThanOrEqualTo(4);
        assertThat(Long.bitCount(hash ^ Appearance.hash(one.resize(200, 150, Filter.BICUBIC))))
                .isLessThanOrEqualTo(6);
        assertThat(Long.bitCount(hash ^ Appearance.hash(other))).isGreaterThan(16);
    }

    /** A gradient to the right sets every bit, one to the left none. */
    @Test
    void hashTellsWhichNeighbourIsLighter() {
        byte[] rising = new byte[9 * 8];
        byte[] falling = new byte[9 * 8];
        for (int i = 0; i < rising.length; i++) {
            rising[i] = (byte) (20 * (i % 9));
            falling[i] = (byte) (200 - 20 * (i % 9));
        }
        assertThat(Appearance.hash(new Image(9, 8, 1, rising))).isEqualTo(-1L);
        assertThat(Appearance.hash(new Image(9, 8, 1, falling))).isZero();
    }

    @Test
    void thumbnailsOfTheSamePictureCorrelateWhateverTheirLight() {
        var one = Appearance.of(noise(1, 9, 9)).thumbnail();
        assertThat(one.similarity(
                        Appearance.of(changed(noise(1, 9, 9), 0.5, 60)).thumbnail()))
                .isGreaterThan(0.999);
        assertThat(one.similarity(Appearance.of(noise(2, 9, 9)).thumbnail())).isLessThan(0.5);
        assertThat(one.similarity(
                        Appearance.of(new Image(4, 4, 1, new byte[16])).thumbnail()))
                .isZero();
    }
}
