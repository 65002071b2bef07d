package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Fill;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Projective;
import dev.fovea.image.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resizing and turning in one pass loses less than in two: docs/results/resampling.csv has the figures. */
class OnePassTest {

    private static final int SAMPLES = 12;

    /** Each output pixel as the mean of 144 places of its area in the source. */
    private static Image ideal(Image image, Geometry geometry) {
        Size to = geometry.to();
        byte[] out = new byte[to.height() * to.width() * 3];
        double[] sum = new double[3];
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                java.util.Arrays.fill(sum, 0);
                for (int s = 0; s < SAMPLES * SAMPLES; s++) {
                    double atX = x + (s % SAMPLES + 0.5) / SAMPLES;
                    double atY = y + (s / SAMPLES + 0.5) / SAMPLES;
                    Projective back = geometry.back();
                    add(image, back.x(atX, atY) - 0.5, back.y(atX, atY) - 0.5, sum);
                }
                for (int c = 0; c < 3; c++) {
                    out[(y * to.width() + x) * 3 + c] = (byte) Math.round(sum[c] / (SAMPLES * SAMPLES));
                }
            }
        }
        return new Image(to.width(), to.height(), 3, out);
    }

    private static void add(Image image, double x, double y, double[] sum) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        for (int i = 0; i < 4; i++) {
            int atX = Math.max(0, Math.min(image.width() - 1, left + i % 2));
            int atY = Math.max(0, Math.min(image.height() - 1, top + i / 2));
            double weight = (i % 2 == 0 ? 1 - x + left : x - left) * (i / 2 == 0 ? 1 - y + top : y - top);
            for (int c = 0; c < 3; c++) {
                sum[c] += weight * (image.pixels()[(atY * image.width() + atX) * 3 + c] & 0xFF);
            }
        }
    }

    /** Over the middle, into which nothing comes from outside. */
    private static double psnr(Image a, Image b) {
        double squares = 0;
        int count = 0;
        for (int y = a.height() / 5; y < a.height() * 4 / 5; y++) {
            for (int x = a.width() / 5 * 3; x < a.width() * 4 / 5 * 3; x++) {
                int at = y * a.width() * 3 + x;
                double difference = (a.pixels()[at] & 0xFF) - (b.pixels()[at] & 0xFF);
                squares += difference * difference;
                count++;
            }
        }
        return 10 * Math.log10(255.0 * 255 * count / squares);
    }

    /** PSNR against the ideal of one pass and of a resize followed by a turn, in dB. */
    static double[] compare(Image image, Size to, double degrees) {
        Geometry resize = Geometry.resize(image.size(), to);
        Geometry turn = Geometry.rotate(to, degrees);
        Image ideal = ideal(image, resize.then(turn));
        Image one = resize.then(turn).apply(image, Filter.BILINEAR, Fill.NEAREST, 0);
        Image two = turn.apply(resize.apply(image, Filter.BILINEAR, Fill.NEAREST, 0), Filter.BILINEAR, Fill.NEAREST, 0);
        return new double[] {psnr(one, ideal), psnr(two, ideal)};
    }

    @ParameterizedTest
    @CsvSource({"160, 64, 20", "160, 120, 10", "64, 96, 15"})
    void onePassIsNearerToTheIdealThanTwo(int side, int shown, double degrees) {
        double gain = 0;
        for (int i = 0; i < 3; i++) {
            double[] psnr = compare(new Shapes(9, 3, side).image(i), Size.square(shown), degrees);
            gain += (psnr[0] - psnr[1]) / 3;
        }
        assertThat(gain).isGreaterThan(1.0);
    }
}
