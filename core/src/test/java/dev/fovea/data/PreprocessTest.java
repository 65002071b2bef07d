package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.image.Image;
import dev.fovea.image.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessTest {

    /** A white spot; the middle of what is white afterwards must lie where the geometry says. */
    @ParameterizedTest
    @CsvSource({
        "STRETCH, 256,  64,  64, 64, 130, 30",
        "CROP,    256,  64,  64, 64, 106, 30",
        "CROP,     64, 256,  64, 64,  30, 150",
        "CROP,    301, 100,  48, 32, 140, 40",
        "FIT,     256,  64,  64, 64, 200, 30",
        "FIT,      50,  90,  64, 64,  30, 20",
        "FIT,     101,  33,  64, 48,  20, 11",
        "PATCH,   255,  97,  64, 64, 120, 60",
        "PATCH,    40,  20,  64, 64,  20, 10",
        "PATCH,    64,  64,  64, 64,  20, 10",
    })
    void saysWhereWhatTheNetworkSeesLiesInTheImage(
            ResizePolicy resize, int width, int height, int wide, int high, int x, int y) {
        byte[] pixels = new byte[width * height];
        for (int down = y - 4; down < y + 4; down++) {
            for (int across = x - 4; across < x + 4; across++) {
                pixels[down * width + across] = (byte) 255;
            }
        }
        var preprocess = Preprocess.of(high, wide, 1).withResize(resize);
        Image seen = preprocess.apply(new Image(width, height, 1, pixels));
        double sum = 0;
        double across = 0;
        double down = 0;
        for (int i = 0; i < wide * high; i++) {
            int value = seen.pixels()[i] & 0xFF;
            double weight = value == 114 ? 0 : value; // the frame's grey
            sum += weight;
            across += weight * (i % wide + 0.5);
            down += weight * (i / wide + 0.5);
        }
        var forward = preprocess.geometry(new Size(height, width)).inverse().back();
        assertThat(forward.x(x, y)).isCloseTo(across / sum, within(0.6));
        assertThat(forward.y(x, y)).isCloseTo(down / sum, within(0.6));
    }
}
