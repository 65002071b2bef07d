package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The 15 common corruptions of images, at five severities: Hendrycks and Dietterich 2019, <a
 * href="https://arxiv.org/abs/1903.12261">Benchmarking neural network robustness to common corruptions and
 * perturbations</a>. With the parameters of CIFAR-10-C for images of up to {@value #SMALL} pixels a side, with those of
 * ImageNet-C for larger ones. Frost is drawn, where the paper lays photographs over the image, and values are rounded to bytes,
 * where the authors' program cuts them off; all else follows that program.
 */
public enum Corruption {
    GAUSSIAN_NOISE(
            Family.NOISE, NoiseCorruptions::gaussian, "0.04; 0.06; 0.08; 0.09; 0.1", "0.08; 0.12; 0.18; 0.26; 0.38"),
    SHOT_NOISE(Family.NOISE, NoiseCorruptions::shot, "500; 250; 100; 75; 50", "60; 25; 12; 5; 3"),
    IMPULSE_NOISE(
            Family.NOISE, NoiseCorruptions::impulse, "0.01; 0.02; 0.03; 0.05; 0.07", "0.03; 0.06; 0.09; 0.17; 0.27"),
    /** Radius of the disk, deviation that softens it. */
    DEFOCUS_BLUR(
            Family.BLUR,
            BlurCorruptions::defocus,
            "0.3 0.4; 0.4 0.5; 0.5 0.6; 1 0.2; 1.5 0.1",
            "3 0.1; 4 0.5; 6 0.5; 8 0.5; 10 0.5"),
    /** Deviation, distance of exchanged pixels, passes. */
    GLASS_BLUR(
            Family.BLUR,
            BlurCorruptions::glass,
            "0.05 1 1; 0.25 1 1; 0.4 1 1; 0.25 1 2; 0.4 1 2",
            "0.7 1 2; 0.9 2 1; 1 2 3; 1.1 3 2; 1.5 4 2"),
    /** Radius and deviation. */
    MOTION_BLUR(Family.BLUR, BlurCorruptions::motion, "6 1; 6 1.5; 6 2; 8 2; 9 2.5", "10 3; 15 5; 15 8; 15 12; 20 15"),
    /** End and step of the factors. */
    ZOOM_BLUR(
            Family.BLUR,
            BlurCorruptions::zoom,
            "1.06 0.01; 1.11 0.01; 1.16 0.01; 1.21 0.01; 1.26 0.01",
            "1.11 0.01; 1.16 0.01; 1.21 0.02; 1.26 0.02; 1.31 0.03"),
    /** Mean, deviation and size of flakes, least value, radius and deviation of their fall, share of the image. */
    SNOW(
            Family.WEATHER,
            WeatherCorruptions::snow,
            "0.1 0.2 1 0.6 8 3 0.95; 0.1 0.2 1 0.5 10 4 0.9; 0.15 0.3 1.75 0.55 10 4 0.9; "
                    + "0.25 0.3 2.25 0.6 12 6 0.85; 0.3 0.3 1.25 0.65 14 12 0.8",
            "0.1 0.3 3 0.5 10 4 0.8; 0.2 0.3 2 0.5 12 4 0.7; 0.55 0.3 4 0.9 12 8 0.7; "
                    + "0.55 0.3 4.5 0.85 12 8 0.65; 0.55 0.3 2.5 0.85 12 12 0.55"),
    /** Shares of the image and of the frost. */
    FROST(
            Family.WEATHER,
            WeatherCorruptions::frost,
            "1 0.2; 1 0.3; 0.9 0.4; 0.85 0.4; 0.75 0.45",
            "1 0.4; 0.8 0.6; 0.7 0.7; 0.65 0.7; 0.6 0.75"),
    /** Thickness, and decay of the clouds' finer parts. */
    FOG(
            Family.WEATHER,
            WeatherCorruptions::fog,
            "0.2 3; 0.5 3; 0.75 2.5; 1 2; 1.5 1.75",
            "1.5 2; 2 2; 2.5 1.7; 2.5 1.5; 3 1.4"),
    BRIGHTNESS(Family.WEATHER, WeatherCorruptions::brightness, "0.05; 0.1; 0.15; 0.2; 0.3", "0.1; 0.2; 0.3; 0.4; 0.5"),
    CONTRAST(Family.DIGITAL, DigitalCorruptions::contrast, "0.75; 0.5; 0.4; 0.3; 0.15", "0.4; 0.3; 0.2; 0.1; 0.05"),
    /** Height and width of the waves, and shift of three points, as multiples of the shorter side. */
    ELASTIC_TRANSFORM(
            Family.DIGITAL,
            DigitalCorruptions::elastic,
            "0 0 0.08; 0.05 0.2 0.07; 0.08 0.06 0.06; 0.1 0.04 0.05; 0.1 0.03 0.03",
            // 244 / 224 of 2 0.7 0.1 and so on: the authors' program has 244 pixels for images of 224
            "2.1786 0.7625 0.10893; 2.1786 0.087143 0.21786; 0.054464 0.010893 0.021786; "
                    + "0.07625 0.010893 0.021786; 0.13071 0.010893 0.021786"),
    PIXELATE(Family.DIGITAL, DigitalCorruptions::pixelate, "0.95; 0.9; 0.85; 0.75; 0.65", "0.6; 0.5; 0.4; 0.3; 0.25"),
    JPEG_COMPRESSION(Family.DIGITAL, DigitalCorruptions::jpeg, "80; 65; 58; 50; 40", "25; 18; 15; 10; 7");

    /** The four groups of the paper. */
    public enum Family {
        NOISE,
        BLUR,
        WEATHER,
        DIGITAL
    }

    /** The strongest severity; the weakest is 1. */
    public static final int SEVERITIES = 5;

    /** Sides up to this many pixels have the parameters of CIFAR-10-C. */
    public static final int SMALL = 64;

    private interface Effect {
        Image apply(Image image, double[] parameters, SplittableRandom random);
    }

    private final Family family;
    private final Effect effect;
    private final List<double[]> small;
    private final List<double[]> large;

    Corruption(Family family, Effect effect, String small, String large) {
        this.family = family;
        this.effect = effect;
        this.small = table(small);
        this.large = table(large);
    }

    private static List<double[]> table(String text) {
        return Arrays.stream(text.split("; "))
                .map(row -> Arrays.stream(row.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }

    /** As in recipes and tables: {@code gaussian_noise}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Family family() {
        return family;
    }

    /**
     * The corrupted image, of the same size and channels; the same random numbers give the same.
     *
     * @param severity 1 to {@link #SEVERITIES}
     * @throws IllegalArgumentException if there is no such severity
     */
    public Image apply(Image image, int severity, SplittableRandom random) {
        if (severity < 1 || severity > SEVERITIES) {
            throw new IllegalArgumentException(
                    "corruption: severity must be 1 to %s, got severity=%s".formatted(SEVERITIES, severity));
        }
        List<double[]> table = Math.max(image.height(), image.width()) <= SMALL ? small : large;
        return effect.apply(image, table.get(severity - 1), random);
    }
}
