package dev.fovea.data;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.image.Size;
import java.util.SplittableRandom;

/** Changes every pixel by its own value. */
public sealed interface ColorTransform extends PixelTransform {

    /**
     * Brightness, contrast, saturation and hue, in that order, as torchvision's {@code ColorJitter}; saturation and hue
     * in YIQ, and nothing of them where there is one channel.
     *
     * @param brightness largest change of all values, share
     * @param contrast largest change of the distance from the mean, share
     * @param saturation largest change of the distance from grey, share
     * @param hue largest turn of the colour circle either way, share of it, at most 0.5
     */
    @JsonTypeName("color")
    record Jitter(double brightness, double contrast, double saturation, double hue) implements ColorTransform {

        public Jitter {
            Transform.check("color.brightness", brightness, 0, 1);
            Transform.check("color.contrast", contrast, 0, 1);
            Transform.check("color.saturation", saturation, 0, 1);
            Transform.check("color.hue", hue, 0, 0.5);
        }

        @Override
        public void apply(byte[] pixels, int at, Size size, int channels, SplittableRandom random) {
            double bright = 1 + Transform.symmetric(random, brightness);
            double strong = 1 + Transform.symmetric(random, contrast);
            double rich = 1 + Transform.symmetric(random, saturation);
            double turn = 2 * Math.PI * Transform.symmetric(random, hue);
            int count = size.height() * size.width();
            double mean = contrast == 0 ? 0 : mean(pixels, at, count * channels) * bright;
            double cos = Math.cos(turn);
            double sin = Math.sin(turn);
            boolean painted = channels == 3 && saturation + hue > 0;
            double[] v = new double[3];
            for (int i = at; i < at + count * channels; i += channels) {
                for (int c = 0; c < channels; c++) {
                    v[c] = mean + ((pixels[i + c] & 0xFF) * bright - mean) * strong;
                }
                if (painted) {
                    paint(v, rich, cos, sin);
                }
                for (int c = 0; c < channels; c++) {
                    pixels[i + c] = rounded(v[c]);
                }
            }
        }

        /** The distance from grey, scaled and turned. */
        private static void paint(double[] v, double rich, double cos, double sin) {
            double y = 0.299 * v[0] + 0.587 * v[1] + 0.114 * v[2];
            double i = (0.5959 * v[0] - 0.2746 * v[1] - 0.3213 * v[2]) * rich;
            double q = (0.2115 * v[0] - 0.5227 * v[1] + 0.3112 * v[2]) * rich;
            double ti = cos * i - sin * q;
            double tq = sin * i + cos * q;
            v[0] = y + 0.956 * ti + 0.619 * tq;
            v[1] = y - 0.272 * ti - 0.647 * tq;
            v[2] = y - 1.106 * ti + 1.703 * tq;
        }

        private static double mean(byte[] pixels, int at, int count) {
            long sum = 0;
            for (int i = at; i < at + count; i++) {
                sum += pixels[i] & 0xFF;
            }
            return sum / (double) count;
        }
    }

    /**
     * A value added to each channel, another one to each.
     *
     * @param range largest value either way, of 255
     */
    @JsonTypeName("channel-shift")
    record ChannelShift(double range) implements ColorTransform {

        public ChannelShift {
            Transform.check("channel-shift.range", range, 0, 255);
        }

        @Override
        public void apply(byte[] pixels, int at, Size size, int channels, SplittableRandom random) {
            for (int c = 0; c < channels; c++) {
                double shift = Transform.symmetric(random, range);
                for (int i = at + c; i < at + size.height() * size.width() * channels; i += channels) {
                    pixels[i] = rounded((pixels[i] & 0xFF) + shift);
                }
            }
        }
    }

    /**
     * A share of the images made grey.
     *
     * @param p share, 0 to 1
     */
    @JsonTypeName("grayscale")
    record Grayscale(double p) implements ColorTransform {

        public Grayscale {
            Transform.check("grayscale.p", p, 0, 1);
        }

        @Override
        public void apply(byte[] pixels, int at, Size size, int channels, SplittableRandom random) {
            if (random.nextDouble() >= p || channels == 1) {
                return;
            }
            for (int i = at; i < at + size.height() * size.width() * 3; i += 3) {
                byte grey = rounded(
                        0.299 * (pixels[i] & 0xFF) + 0.587 * (pixels[i + 1] & 0xFF) + 0.114 * (pixels[i + 2] & 0xFF));
                pixels[i] = grey;
                pixels[i + 1] = grey;
                pixels[i + 2] = grey;
            }
        }
    }

    private static byte rounded(double value) {
        return (byte) (int) (Math.max(0, Math.min(255, value)) + 0.5);
    }
}
