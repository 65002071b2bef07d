package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.List;
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

    @ParameterizedTest
    @CsvSource({ // size of the image, of the network; left, top, right, bottom of what it is shown
        "STRETCH, 200, 100, 64, 64,   0,  0, 200, 100",
        "CROP,    200, 100, 50, 50,  50,  0, 150, 100",
        "FIT,     200, 100, 64, 64,   0,  0, 200, 100",
        "PATCH,   200, 100, 50, 50,  75, 25, 125,  75"
    })
    void saysWhichPartOfAnImageTheNetworkIsShown(
            ResizePolicy resize,
            int width,
            int height,
            int wide,
            int high,
            double left,
            double top,
            double right,
            double bottom) {
        Box part = Preprocess.of(high, wide, 3).withResize(resize).part(new Size(height, width));
        assertThat(List.of(part.left(), part.top(), part.right(), part.bottom()))
                .usingElementComparator((a, b) -> Math.abs(a - b) < 0.01 ? 0 : Double.compare(a, b))
                .containsExactly(left, top, right, bottom);
    }

    /** Sums and samples are those of torchvision's Resize and CenterCrop on the same PIL image. */
    @ParameterizedTest
    @CsvSource({
        "301, 200, 256, 224, BILINEAR, 19187934, 139 60 232 151 68 203 165",
        "200, 333, 232, 224, BILINEAR, 19191287, 27 219 154 94 37 231 164",
        "500, 375, 256, 224, BICUBIC, 19193481, 160 68 144 216 23 101 176",
        "64, 50, 48, 32, BICUBIC, 393751, 200 8 115 138 244 0 108 128",
        "77, 30, 38, 32, BILINEAR, 396987, 99 50 188 141 16 227 111 72",
        "40, 40, 32, 32, BICUBIC, 392429, 3 85 153 221 46 115 179 11",
        "33, 60, 34, 29, BILINEAR, 323072, 150 219 41 118 198 19 100 175",
    })
    void cropsAsTorchvisionToTheLastByte(
            int width, int height, int resized, int size, Filter filter, long sum, String samples) {
        assertThat(checkCropped(true, width, height, resized, size, filter, samples))
                .isEqualTo(sum);
    }

    /** Of torchvision's {@code resize(antialias=False)} and {@code center_crop} on the same tensor of bytes. */
    @ParameterizedTest
    @CsvSource({
        "301, 200, 256, 224, BILINEAR, 19187733, 139 60 233 151 68 203 165",
        "500, 375, 256, 224, BICUBIC, 19195496, 206 66 143 214 28 99 176",
        "64, 50, 48, 32, BICUBIC, 393729, 216 3 114 138 244 0 108",
        "77, 30, 38, 32, BILINEAR, 396973, 99 50 188 141 16 227 111",
        "64, 64, 32, 32, BILINEAR, 391260, 10 30 248 70 221 233 197",
        "64, 64, 32, 32, BICUBIC, 391196, 8 33 255 44 221 245 198",
        "20, 24, 34, 29, BICUBIC, 329067, 40 87 142 185 236 25 78",
        "33, 60, 34, 29, BILINEAR, 323022, 150 220 41 118 198 19 100",
    })
    void withoutAntialiasingCropsAsTorchvisionDoesTensors(
            int width, int height, int resized, int size, Filter filter, long sum, String samples) {
        assertThat(checkCropped(false, width, height, resized, size, filter, samples))
                .as("but for PyTorch's rounding of float32, one in a thousand values")
                .isCloseTo(sum, withinPercentage(0.001));
    }

    /** Returns the sum of all values. */
    private static long checkCropped(
            boolean antialias, int width, int height, int resized, int size, Filter filter, String samples) {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.length; i++) {
            int y = i / 3 / width;
            int x = i / 3 % width;
            pixels[i] = (byte) ((y * 7 + x * 13 + i % 3 * 101 + x * y % 17) % 256);
        }
        Image seen = Preprocess.of(size, size, 3)
                .withCrop(size / (double) resized, filter)
                .withFilter(filter, antialias)
                .apply(new Image(width, height, 3, pixels));
        long total = 0;
        for (byte value : seen.pixels()) {
            total += value & 0xFF;
        }
        int step = seen.pixels().length / 7;
        int[] wanted =
                Arrays.stream(samples.split(" ")).mapToInt(Integer::parseInt).toArray();
        for (int i = 0; i < wanted.length; i++) {
            assertThat(seen.pixels()[i * step] & 0xFF).as("sample %s", i).isEqualTo(wanted[i]);
        }
        return total;
    }
}
