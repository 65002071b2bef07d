package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Projective;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;

/** What devices and programs do to images. */
final class DigitalCorruptions {

    private static final double TRUNCATE = 3;

    private DigitalCorruptions() {}

    /** Nearer to the mean of each channel. */
    static Image contrast(Image image, double[] c, SplittableRandom random) {
        FloatImage in = FloatImage.of(image);
        float[] values = in.values();
        int channels = in.channels();
        for (int k = 0; k < channels; k++) {
            double sum = 0;
            for (int i = k; i < values.length; i += channels) {
                sum += values[i];
            }
            double mean = sum / (values.length / channels);
            for (int i = k; i < values.length; i += channels) {
                values[i] = (float) ((values[i] - mean) * c[0] + mean);
            }
        }
        return in.image();
    }

    /** Shrunk and enlarged again, pixels seen. */
    static Image pixelate(Image image, double[] c, SplittableRandom random) {
        int width = Math.max(1, (int) (image.width() * c[0]));
        int height = Math.max(1, (int) (image.height() * c[0]));
        FloatImage small = SeparableFilter.box(image.height(), height)
                .vertical(SeparableFilter.box(image.width(), width).horizontal(FloatImage.of(image)));
        return SeparableFilter.box(height, image.height())
                .vertical(SeparableFilter.box(width, image.width()).horizontal(small))
                .image();
    }

    static Image jpeg(Image image, double[] quality, SplittableRandom random) {
        return image.jpeg((int) quality[0]);
    }

    /** Three points shifted, which moves the whole image, and then each pixel a little, neighbours alike. */
    static Image elastic(Image image, double[] c, SplittableRandom random) {
        int side = Math.min(image.height(), image.width());
        FloatImage in = affine(FloatImage.of(image), c[2] * side, random);
        double height = c[0] * side;
        if (height == 0) {
            return in.image();
        }
        float[] dx = waves(in, c[1] * side, random);
        float[] dy = waves(in, c[1] * side, random);
        float[] out = new float[in.values().length];
        for (int y = 0; y < in.height(); y++) {
            for (int x = 0; x < in.width(); x++) {
                int i = y * in.width() + x;
                sample(in, x + height * dx[i], y + height * dy[i], FloatImage::reflected, out, i * in.channels());
            }
        }
        return in.with(out).image();
    }

    private static float[] waves(FloatImage in, double deviation, SplittableRandom random) {
        float[] noise = new float[in.height() * in.width()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (2 * random.nextDouble() - 1);
        }
        return SeparableFilter.blurred(
                        new FloatImage(in.height(), in.width(), 1, noise), deviation, TRUNCATE, FloatImage::reflected)
                .values();
    }

    private static FloatImage affine(FloatImage in, double most, SplittableRandom random) {
        int x = in.width() / 2;
        int y = in.height() / 2;
        int off = Math.min(in.width(), in.height()) / 3;
        double[][] from = {{x + off, y + off}, {x + off, y - off}, {x - off, y - off}};
        double[] to = new double[6];
        for (int i = 0; i < 6; i++) {
            to[i] = from[i / 2][i % 2] + most * (2 * random.nextDouble() - 1);
        }
        if (off == 0) {
            return in; // too small for three points
        }
        // with (u, v) from the last point, (2 off, 0) leads to the middle minus the last, (0, 2 off) to the first minus
        // it
        double xx = (to[2] - to[4]) / (2 * off);
        double xy = (to[0] - to[2]) / (2 * off);
        double yx = (to[3] - to[5]) / (2 * off);
        double yy = (to[1] - to[3]) / (2 * off);
        double left = x - off;
        double top = y - off;
        if (Math.abs(xx * yy - xy * yx) < 1e-3) {
            return in; // the points would lie on a line
        }
        Projective back = Projective.affine(xx, xy, to[4] - xx * left - xy * top, yx, yy, to[5] - yx * left - yy * top)
                .inverse();
        float[] out = new float[in.values().length];
        for (int row = 0; row < in.height(); row++) {
            for (int column = 0; column < in.width(); column++) {
                sample(
                        in,
                        back.x(column, row),
                        back.y(column, row),
                        FloatImage::mirrored,
                        out,
                        (row * in.width() + column) * in.channels());
            }
        }
        return in.with(out);
    }

    /** Between four pixels, whose middles are at whole numbers. */
    private static void sample(FloatImage in, double x, double y, IntBinaryOperator edge, float[] out, int to) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        float wx = (float) (x - left);
        float wy = (float) (y - top);
        int x0 = edge.applyAsInt(left, in.width());
        int x1 = edge.applyAsInt(left + 1, in.width());
        int y0 = edge.applyAsInt(top, in.height());
        int y1 = edge.applyAsInt(top + 1, in.height());
        for (int k = 0; k < in.channels(); k++) {
            float upper = (1 - wx) * in.at(y0, x0, k) + wx * in.at(y0, x1, k);
            float lower = (1 - wx) * in.at(y1, x0, k) + wx * in.at(y1, x1, k);
            out[to + k] = (1 - wy) * upper + wy * lower;
        }
    }
}
