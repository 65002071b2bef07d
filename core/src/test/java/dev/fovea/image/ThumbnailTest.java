package dev.fovea.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailTest {

    /** Red above, blue below. */
    private static Image flag(int width, int height) {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            pixels[3 * i + (i < width * height / 2 ? 0 : 2)] = (byte) 220;
        }
        return new Image(width, height, 3, pixels);
    }

    @ParameterizedTest
    @CsvSource({ // of a JPEG: decoded whole, at a half, a quarter, an eighth
        "640, 480, 400, 400, 300",
        "640, 480, 160, 160, 120",
        "640, 480, 80, 80, 60",
        "480, 640, 20, 15, 20",
        "30, 20, 160, 30, 20"
    })
    void theLongerSideIsWhatIsAskedForAndColoursStay(int width, int height, int side, int newWidth, int newHeight) {
        Image small = Image.thumbnail(flag(width, height).jpegBytes(95), "flag.jpg", side);
        assertThat(small.size()).isEqualTo(new Size(newHeight, newWidth));
        assertThat(small.pixels()[0] & 0xFF).isBetween(205, 235);
        assertThat(small.pixels()[2] & 0xFF).isLessThan(30);
        int last = small.pixels().length - 3;
        assertThat(small.pixels()[last] & 0xFF).isLessThan(30);
        assertThat(small.pixels()[last + 2] & 0xFF).isBetween(205, 235);
    }

    @Test
    void otherFormatsAreScaledAsWell() {
        byte[] png = Image.png(flag(200, 100).toBufferedImage());
        assertThat(Image.thumbnail(png, "flag.png", 50).size()).isEqualTo(new Size(25, 50));
    }
}
