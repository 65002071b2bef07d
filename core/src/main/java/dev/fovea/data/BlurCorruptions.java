package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Images out of focus, behind glass, shaken, approached. */
final class BlurCorruptions {

    private static final int SMALL_DISK = 8;
    private static final double TRUNCATE = 4;

    private BlurCorruptions() {}

    /** The mean over a disk with a soft edge. */
    static Image defocus(Image image, double[] c, SplittableRandom random) {
        return filtered(FloatImage.of(image), disk(c[0], c[1])).image();
    }

    static double[][] disk(double radius, double deviation) {
        int reach = radius <= SMALL_DISK ? SMALL_DISK : (int) radius;
        int soft = radius <= SMALL_DISK ? 1 : 2;
        int side = 2 * reach + 1;
        double[][] disk = new double[side][side];
        double sum = 0;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int dx = x - reach;
                int dy = y - reach;
                disk[y][x] = dx * dx + dy * dy <= radius * radius ? 1 : 0;
                sum += disk[y][x];
            }
        }
        double[] bell = new double[2 * soft + 1];
        for (int k = -soft; k <= soft; k++) {
            bell[k + soft] = Math.exp(-k * k / (2 * deviation * deviation));
        }
        double all = Arrays.stream(bell).sum();
        double[][] out = new double[side][side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int j = -soft; j <= soft; j++) {
                    for (int i = -soft; i <= soft; i++) {
                        out[y][x] += bell[j + soft]
                                * bell[i + soft]
                                / (all * all)
                                * disk[FloatImage.mirrored(y + j, side)][FloatImage.mirrored(x + i, side)]
                                / sum;
                    }
                }
            }
        }
        return out;
    }

    private static FloatImage filtered(FloatImage in, double[][] kernel) {
        int c = in.channels();
        int width = in.width();
        int reach = kernel.length / 2;
        float[] out = new float[in.values().length];
        for (int j = -reach; j <= reach; j++) {
            for (int i = -reach; i <= reach; i++) {
                float weight = (float) kernel[j + reach][i + reach];
                if (weight < 1e-9f) {
                    continue;
                }
                for (int y = 0; y < in.height(); y++) {
                    int from = FloatImage.mirrored(y + j, in.height()) * width * c;
                    int to = y * width * c;
                    int first = Math.max(0, Math.min(width, -i));
                    int end = Math.max(first, Math.min(width, width - i));
                    for (int x = first * c; x < end * c; x++) {
                        out[to + x] += weight * in.values()[from + x + i * c];
                    }
                    edge(in.values(), from, out, to, new int[] {0, first, i, width, c}, weight);
                    edge(in.values(), from, out, to, new int[] {end, width, i, width, c}, weight);
                }
            }
        }
        return in.with(out);
    }

    /** @param span first and last pixel of the row, shift, width of the image, channels */
    private static void edge(float[] in, int from, float[] out, int to, int[] span, float weight) {
        int c = span[4];
        for (int x = span[0]; x < span[1]; x++) {
            int source = from + FloatImage.mirrored(x + span[2], span[3]) * c;
            for (int k = 0; k < c; k++) {
                out[to + x * c + k] += weight * in[source + k];
            }
        }
    }

    /**
     * Blurred, pixels taken from near by, blurred again. The authors exchange two pixels; as their program runs, one takes
     * the other's value and the other keeps it, and so here.
     */
    static Image glass(Image image, double[] c, SplittableRandom random) {
        int reach = (int) c[1];
        FloatImage blurred = SeparableFilter.blurred(FloatImage.of(image), c[0], TRUNCATE, FloatImage::clamped);
        float[] values = blurred.values();
        int width = image.width();
        int channels = image.channels();
        for (int pass = 0; pass < (int) c[2]; pass++) {
            for (int y = image.height() - reach; y > reach; y--) {
                for (int x = width - reach; x > reach; x--) {
                    int fromX = x + random.nextInt(-reach, reach);
                    int fromY = y + random.nextInt(-reach, reach);
                    System.arraycopy(
                            values, (fromY * width + fromX) * channels, values, (y * width + x) * channels, channels);
                }
            }
        }
        return SeparableFilter.blurred(blurred, c[0], TRUNCATE, FloatImage::clamped)
                .image();
    }

    static Image motion(Image image, double[] c, SplittableRandom random) {
        return moved(FloatImage.of(image), c[0], c[1], -45 + 90 * random.nextDouble())
                .image();
    }

    /**
     * A trail of falling weight to one side, as ImageMagick's motion blur.
     *
     * @param angle of the trail, degrees from the right downwards
     */
    static FloatImage moved(FloatImage in, double radius, double deviation, double angle) {
        int length = 2 * (int) Math.ceil(radius) + 1;
        double[] weights = new double[length];
        for (int i = 0; i < length; i++) {
            weights[i] = Math.exp(-i * i / (2 * deviation * deviation));
        }
        double sum = Arrays.stream(weights).sum();
        double cos = Math.cos(Math.toRadians(angle));
        double sin = Math.sin(Math.toRadians(angle));
        float[] out = new float[in.values().length];
        int c = in.channels();
        for (int i = 0; i < length; i++) {
            float weight = (float) (weights[i] / sum);
            int right = (int) Math.ceil(i * cos - 0.5);
            int down = (int) Math.ceil(i * sin - 0.5);
            for (int y = 0; y < in.height(); y++) {
                int from = FloatImage.clamped(y + down, in.height()) * in.width();
                for (int x = 0; x < in.width(); x++) {
                    int source = (from + FloatImage.clamped(x + right, in.width())) * c;
                    int to = (y * in.width() + x) * c;
                    for (int k = 0; k < c; k++) {
                        out[to + k] += weight * in.values()[source + k];
                    }
                }
            }
        }
        return in.with(out);
    }

    /** The mean of the image and of enlargements of its middle. */
    static Image zoom(Image image, double[] c, SplittableRandom random) {
        FloatImage in = FloatImage.of(image);
        int count = (int) Math.ceil((c[0] - 1) / c[1]);
        float[] sum = in.values().clone();
        for (int i = 0; i < count; i++) {
            float[] enlarged = enlarged(in, 1 + i * c[1]).values();
            for (int j = 0; j < sum.length; j++) {
                sum[j] += enlarged[j];
            }
        }
        for (int j = 0; j < sum.length; j++) {
            sum[j] /= count + 1;
        }
        return in.with(sum).image();
    }

    /** The middle, enlarged to the size of all. */
    static FloatImage enlarged(FloatImage in, double factor) {
        return SeparableFilter.zoom(in.width(), factor)
                .horizontal(SeparableFilter.zoom(in.height(), factor).vertical(in));
    }
}
