package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.SplittableRandom;

/** Snow, frost, fog and light. */
final class WeatherCorruptions {

    private static final double[] ICE = {0.86, 0.94, 1};

    private WeatherCorruptions() {}

    /** The image paler, and two layers of flakes that fall in opposite directions. */
    static Image snow(Image image, double[] c, SplittableRandom random) {
        FloatImage in = FloatImage.of(image);
        float[] flakes = new float[in.height() * in.width()];
        for (int i = 0; i < flakes.length; i++) {
            flakes[i] = (float) (c[0] + c[1] * Distributions.gaussian(random));
        }
        FloatImage layer = BlurCorruptions.enlarged(new FloatImage(in.height(), in.width(), 1, flakes), c[2]);
        for (int i = 0; i < flakes.length; i++) {
            float value = layer.values()[i];
            layer.values()[i] = value < c[3] ? 0 : Math.min(1, value);
        }
        float[] fallen = BlurCorruptions.moved(layer, c[4], c[5], -135 + 90 * random.nextDouble())
                .values();
        float share = (float) c[6];
        float[] values = in.values();
        int channels = in.channels();
        for (int i = 0; i < fallen.length; i++) {
            float both = fallen[i] + fallen[fallen.length - 1 - i];
            float pale = 1.5f * grey(in, i) + 0.5f;
            for (int k = i * channels; k < (i + 1) * channels; k++) {
                values[k] = share * values[k] + (1 - share) * Math.max(values[k], pale) + both;
            }
        }
        return in.image();
    }

    private static float grey(FloatImage in, int pixel) {
        float[] v = in.values();
        return in.channels() == 1
                ? v[pixel]
                : 0.299f * v[3 * pixel] + 0.587f * v[3 * pixel + 1] + 0.114f * v[3 * pixel + 2];
    }

    /** Crystals over the image. */
    static Image frost(Image image, double[] c, SplittableRandom random) {
        FloatImage in = FloatImage.of(image);
        FloatImage ice = FrostPattern.of(in.height(), in.width(), random);
        float[] values = in.values();
        int channels = in.channels();
        for (int i = 0; i < ice.values().length; i++) {
            for (int k = 0; k < channels; k++) {
                double colour = channels == 1 ? 1 : ICE[k];
                int at = i * channels + k;
                values[at] = (float) (c[0] * values[at] + c[1] * colour * ice.values()[i]);
            }
        }
        return in.image();
    }

    static Image fog(Image image, double[] c, SplittableRandom random) {
        FloatImage in = FloatImage.of(image);
        float[] values = in.values();
        float brightest = 0;
        for (float value : values) {
            brightest = Math.max(brightest, value);
        }
        float[] cloud = PlasmaFractal.of(in.height(), in.width(), c[1], random).values();
        float scale = (float) (brightest / (brightest + c[0]));
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + c[0] * cloud[i / in.channels()]) * scale;
        }
        return in.image();
    }

    /** The largest of a pixel's values raised, hue and saturation kept. */
    static Image brightness(Image image, double[] c, SplittableRandom random) {
        FloatImage in = FloatImage.of(image);
        float[] values = in.values();
        int channels = in.channels();
        for (int i = 0; i < values.length; i += channels) {
            float largest = 0;
            for (int k = i; k < i + channels; k++) {
                largest = Math.max(largest, values[k]);
            }
            float wanted = (float) Math.min(1, largest + c[0]);
            for (int k = i; k < i + channels; k++) {
                values[k] = largest == 0 ? wanted : values[k] * wanted / largest;
            }
        }
        return in.image();
    }
}
