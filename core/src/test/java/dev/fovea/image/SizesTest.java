package dev.fovea.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes near the edges of what an int holds, and images as files. */
class SizesTest {

    @ParameterizedTest
    @EnumSource(Filter.class)
    void aPartOfAResizedImageIsWhatACropOfTheWholeWouldBe(Filter filter) {
        Image image = FormatsTest.wave(37, 23);
        for (int[] size : new int[][] {{90, 61}, {12, 9}, {37, 50}, {20, 23}, {37, 23}}) {
            Image whole = image.resize(size[0], size[1], filter);
            Image part = image.resizedPart(size[0], size[1], filter, 3, 2, 7, 5);
            assertThat(part.pixels()).isEqualTo(whole.crop(3, 2, 7, 5).pixels());
        }
    }

    @Test
    void aLineOfPixelsIsEnlargedAndCroppedWithoutItsBillions() {
        byte[] line = new byte[16_384];
        java.util.Arrays.fill(line, 8_000, 8_400, (byte) 200);
        var image = new Image(1, 16_384, 1, line);
        int side = 16_384 * 224;
        Image part = image.resizedPart(224, side, Filter.BILINEAR, 0, side / 2 - 112, 224, 224);
        assertThat(part.pixels()).hasSize(224 * 224).containsOnly(200);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> image.toRgb().resize(224, side, Filter.BILINEAR))
                .withMessageContaining("224 x 3670016 pixels of 3 channels are more than");
    }

    @ParameterizedTest
    @CsvSource({"50000, 50000", "2147483647, 2", "-5, 3"})
    void aCropThatNoArrayHoldsIsRefused(int width, int height) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Image(2, 1, 1, new byte[2]).crop(0, 0, width, height))
                .withMessageStartingWith("image: ");
    }

    @ParameterizedTest
    @CsvSource({"-5, 3", "3, 0", "-256, -256"})
    void anImageHasAtLeastOnePixel(int width, int height) {
        var image = new Image(2, 1, 1, new byte[2]);
        String message = "image: sides are at least 1 pixel, got %s x %s".formatted(width, height);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> image.resize(width, height, Filter.BILINEAR))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> image.crop(0, 0, width, height))
                .withMessage(message);
    }

    @Test
    void aCropFarOutsideIsBlack() {
        assertThat(new Image(2, 1, 1, new byte[] {5, 6})
                        .crop(Integer.MAX_VALUE - 1, 0, 3, 1)
                        .pixels())
                .containsOnly(0);
    }

    @Test
    void pixelsAreCountedInLongs() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Image(65_536, 65_536, 1, new byte[0]));
    }

    @ParameterizedTest
    @CsvSource({"a.png, png", "a.PNG, png", "a.jpg, jpeg", "a.jpeg, jpeg", "a.bmp, bmp", "a.tif, tiff", "a.tiff, tiff"})
    void writesWhatTheEndingSays(String name, String format, @TempDir Path folder) throws IOException {
        Path file = folder.resolve(name);
        Image.write(file, FormatsTest.wave(9, 7).toBufferedImage());
        assertThat(new Input(Files.readAllBytes(file), name).format.word).isEqualTo(format);
        assertThat(Image.read(file).width()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.webp", "a.gif", "a", "a.jpg.txt"})
    void refusesAnEndingItDoesNotWrite(String name, @TempDir Path folder) {
        Path file = folder.resolve(name);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Image.write(file, FormatsTest.wave(9, 7)))
                .withMessage(
                        file + ": images are written as .png, .jpg, .bmp or .tif. Give the file one of these endings");
        assertThat(file).doesNotExist();
    }

    @Test
    void writesGreyAsGreyWithTheSameValues(@TempDir Path folder) throws IOException {
        Image grey = FormatsTest.wave(9, 7).toGray();
        Path file = folder.resolve("grey.png");
        Image.write(file, grey);
        assertThat(Files.readAllBytes(file)[25]).as("PNG's colour type").isZero();
        assertThat(Image.read(file).toGray().pixels()).isEqualTo(grey.pixels());
    }
}
