package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code oracle/corruptions.py} made the values of those that draw nothing. */
class CorruptionKindsTest {

    private static Stream<String> images() {
        return golden().filter(row -> !row.startsWith("clouds"));
    }

    private static Stream<String> clouds() {
        return golden().filter(row -> row.startsWith("clouds"));
    }

    private static Stream<String> golden() {
        try (var in = CorruptionKindsTest.class.getResourceAsStream("/golden/corruptions.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Image image(int side) {
        byte[] pixels = new byte[side * side * 3];
        int at = 0;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int c = 0; c < 3; c++) {
                    pixels[at++] = (byte) ((40 + 13 * x + 7 * y + 31 * c + x * y * (c + 1)) % 211 + 20);
                }
            }
        }
        return new Image(side, side, 3, pixels);
    }

    private static Image flat(int side, int channels, int value) {
        byte[] pixels = new byte[side * side * channels];
        Arrays.fill(pixels, (byte) value);
        return new Image(side, side, channels, pixels);
    }

    /** Within 1 of 255; of JPEG, whose decoders differ, within 6 and mostly far less. */
    @ParameterizedTest(name = "{index}")
    @MethodSource("images")
    void equalsIndependentImplementations(String row) {
        String[] fields = row.split(",");
        int side = Integer.parseInt(fields[2]);
        Image made;
        if (fields[0].equals("motion")) {
            double[] p = Arrays.stream(fields[1].split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            made = BlurCorruptions.moved(FloatImage.of(image(side)), p[0], p[1], p[2])
                    .image();
        } else {
            made = Corruption.valueOf(fields[0].toUpperCase(Locale.ROOT))
                    .apply(image(side), Integer.parseInt(fields[1]), new SplittableRandom(1));
        }
        byte[] expected = HexFormat.of().parseHex(fields[3]);
        int every = side == 16 ? 1 : 37;
        int most = 0;
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            int error = Math.abs((expected[i] & 0xFF) - (made.pixels()[i * every] & 0xFF));
            most = Math.max(most, error);
            sum += error;
        }
        boolean jpeg = fields[0].startsWith("jpeg");
        assertThat(most).as(row.substring(0, 24)).isLessThanOrEqualTo(jpeg ? 6 : 1);
        assertThat(sum / expected.length).isLessThan(0.6);
    }

    /** Mean, deviation and distance of neighbours over many random maps, which tell how smooth they are. */
    @ParameterizedTest
    @MethodSource("clouds")
    void cloudsOfFogAreAsSmoothAsTheAuthors(String row) {
        String[] fields = row.split(",");
        double[] expected = Arrays.stream(fields[3].split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        int side = Integer.parseInt(fields[2]);
        double[] means = new double[3];
        int maps = 300;
        var random = new SplittableRandom(4);
        for (int n = 0; n < maps; n++) {
            float[] values = PlasmaFractal.of(side, side, Double.parseDouble(fields[1]), random)
                    .values();
            double sum = 0;
            double squares = 0;
            double steps = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[i];
                squares += values[i] * values[i];
                steps += i % side == 0 ? 0 : Math.abs(values[i] - values[i - 1]);
            }
            double mean = sum / values.length;
            means[0] += mean / maps;
            means[1] += Math.sqrt(squares / values.length - mean * mean) / maps;
            means[2] += steps / (side * (side - 1)) / maps;
        }
        assertThat(means[0]).isCloseTo(expected[0], within(0.03));
        assertThat(means[1]).isCloseTo(expected[1], within(0.05 * expected[1]));
        assertThat(means[2]).isCloseTo(expected[2], within(0.05 * expected[2]));
    }

    @ParameterizedTest
    @EnumSource(Corruption.class)
    void sizeAndChannelsStayAndTheSameSeedGivesTheSame(Corruption kind) {
        var images = List.of(
                image(20),
                image(70),
                flat(1, 3, 90),
                flat(1, 1, 90),
                flat(2, 1, 9),
                flat(20, 1, 200),
                new Image(3, 90, 1, new byte[270]));
        for (Image image : images) {
            for (int severity = 1; severity <= Corruption.SEVERITIES; severity++) {
                byte[] before = image.pixels().clone();
                Image once = kind.apply(image, severity, new SplittableRandom(7));
                Image twice = kind.apply(image, severity, new SplittableRandom(7));
                assertThat(once.size()).isEqualTo(image.size());
                assertThat(once.channels()).isEqualTo(image.channels());
                assertThat(once.pixels()).isEqualTo(twice.pixels());
                assertThat(image.pixels()).isEqualTo(before);
            }
        }
    }

    /** Mean distance from the image, of values from 0 to 255. */
    private static double distance(Image a, Image b) {
        double sum = 0;
        for (int i = 0; i < a.pixels().length; i++) {
            sum += Math.abs((a.pixels()[i] & 0xFF) - (b.pixels()[i] & 0xFF));
        }
        return sum / a.pixels().length;
    }

    @ParameterizedTest
    @EnumSource(Corruption.class)
    void severeDamageIsWorseThanSlight(Corruption kind) {
        for (int side : new int[] {32, 96}) {
            var shapes = new Shapes(3, 6, side);
            double slight = 0;
            double severe = 0;
            for (int i = 0; i < shapes.size(); i++) {
                Image image = shapes.image(i);
                slight += distance(image, kind.apply(image, 1, new SplittableRandom(i)));
                severe += distance(image, kind.apply(image, 5, new SplittableRandom(i)));
            }
            if (kind != Corruption.ELASTIC_TRANSFORM && kind != Corruption.GLASS_BLUR) { // shifts, not distances, grow
                assertThat(severe).isGreaterThan(slight);
            }
            assertThat(severe).isPositive();
        }
    }

    private static double[] meanAndDeviation(Image image) {
        double sum = 0;
        double squares = 0;
        for (byte value : image.pixels()) {
            double v = (value & 0xFF) / 255.0;
            sum += v;
            squares += v * v;
        }
        int n = image.pixels().length;
        return new double[] {sum / n, Math.sqrt(squares / n - sum / n * sum / n)};
    }

    @Test
    void noiseHasTheDeviationOfItsDefinition() {
        Image grey = flat(60, 3, 128);
        double[] gaussian = meanAndDeviation(Corruption.GAUSSIAN_NOISE.apply(grey, 4, new SplittableRandom(1)));
        assertThat(gaussian[0]).isCloseTo(128 / 255.0, within(0.004));
        assertThat(gaussian[1]).isCloseTo(0.09, within(0.003));
        double[] shot = meanAndDeviation(Corruption.SHOT_NOISE.apply(grey, 5, new SplittableRandom(1)));
        assertThat(shot[0]).isCloseTo(128 / 255.0, within(0.004));
        assertThat(shot[1]).isCloseTo(Math.sqrt(128 / 255.0 / 50), within(0.004));
        Image large = flat(100, 1, 128);
        double[] few = meanAndDeviation(Corruption.SHOT_NOISE.apply(large, 4, new SplittableRandom(1)));
        assertThat(few[0]).isCloseTo(0.49, within(0.02)); // a few are above white and are cut off
        Image impulse = Corruption.IMPULSE_NOISE.apply(large, 5, new SplittableRandom(1));
        int white = 0;
        int black = 0;
        for (byte value : impulse.pixels()) {
            white += value == (byte) 255 ? 1 : 0;
            black += value == 0 ? 1 : 0;
        }
        assertThat(white / 10_000.0).isCloseTo(0.135, within(0.015));
        assertThat(black / 10_000.0).isCloseTo(0.135, within(0.015));
    }

    @Test
    void poissonHasItsMeanAndVariance() {
        for (double mean : new double[] {0, 0.7, 9.5, 10, 47, 500}) {
            var random = new SplittableRandom(5);
            double sum = 0;
            double squares = 0;
            int n = 20_000;
            for (int i = 0; i < n; i++) {
                double drawn = Distributions.poisson(mean, random);
                sum += drawn;
                squares += drawn * drawn;
            }
            assertThat(sum / n).isCloseTo(mean, within(4 * Math.sqrt(mean / n) + 1e-12));
            assertThat(squares / n - sum / n * sum / n).isCloseTo(mean, within(0.05 * mean + 1e-12));
        }
    }

    /** Within the share that the authors' softened disk adds, which does not sum to 1. */
    @ParameterizedTest
    @EnumSource(
            value = Corruption.class,
            names = {
                "DEFOCUS_BLUR",
                "GLASS_BLUR",
                "MOTION_BLUR",
                "ZOOM_BLUR",
                "ELASTIC_TRANSFORM",
                "PIXELATE",
                "CONTRAST"
            })
    void anImageOfOneValueStaysSoUnderBlurAndDisplacement(Corruption kind) {
        for (int side : new int[] {24, 80}) {
            for (int severity = 1; severity <= 5; severity++) {
                Image made = kind.apply(flat(side, 3, 120), severity, new SplittableRandom(severity));
                for (byte value : made.pixels()) {
                    assertThat(Math.abs(value - 120)).isLessThanOrEqualTo(kind == Corruption.DEFOCUS_BLUR ? 2 : 1);
                }
            }
        }
    }

    @Test
    void severityIsOneToFive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Corruption.FOG.apply(image(8), 6, new SplittableRandom(1)))
                .withMessage("corruption: severity must be 1 to 5, got severity=6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Corrupt(List.of(), List.of(0, 3), 1))
                .withMessageStartingWith("corrupt.severity must be two numbers, the smaller first, within 1 to 5");
    }

    @Test
    void asAnAugmentationOnlyTheKindsThatWereNamedAreDone() {
        var corrupt = new Corrupt(List.of(Corruption.CONTRAST), List.of(5, 5), 0.5);
        int changed = 0;
        for (int seed = 0; seed < 200; seed++) {
            byte[] pixels = image(16).pixels().clone();
            corrupt.apply(pixels, 0, Size.square(16), 3, new SplittableRandom(seed));
            Image made = new Image(16, 16, 3, pixels);
            boolean same = Arrays.equals(pixels, image(16).pixels());
            changed += same ? 0 : 1;
            if (!same) {
                assertThat(pixels)
                        .isEqualTo(Corruption.CONTRAST
                                .apply(image(16), 5, new SplittableRandom(0))
                                .pixels());
            }
            assertThat(made.size()).isEqualTo(Size.square(16));
        }
        assertThat(changed).isBetween(70, 130);
    }
}
