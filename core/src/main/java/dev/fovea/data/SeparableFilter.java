package dev.fovea.data;

import java.util.function.IntBinaryOperator;

/**
 * Makes each place along an axis a weighted sum of places: blurs, and changes of size. The weights of places outside are
 * counted to those that stand for them, so that a kernel far wider than the image costs no more than the image.
 */
final class SeparableFilter {

    private final float[][] weights;
    private final int[] first;

    /** @param weights of each output, one for each input */
    private SeparableFilter(double[][] weights) {
        this.weights = new float[weights.length][];
        first = new int[weights.length];
        for (int i = 0; i < weights.length; i++) {
            int from = 0;
            int to = weights[i].length;
            while (from < to - 1 && weights[i][from] == 0) {
                from++;
            }
            while (to > from + 1 && weights[i][to - 1] == 0) {
                to--;
            }
            first[i] = from;
            this.weights[i] = new float[to - from];
            for (int j = from; j < to; j++) {
                this.weights[i][j - from] = (float) weights[i][j];
            }
        }
    }

    /**
     * A Gaussian blur, as scipy has it.
     *
     * @param sigma in pixels
     * @param truncate deviations at which it is cut off
     * @param edge what stands for places outside
     */
    static SeparableFilter gaussian(int size, double sigma, double truncate, IntBinaryOperator edge) {
        int radius = (int) (truncate * sigma + 0.5);
        double sum = 0;
        for (int k = -radius; k <= radius; k++) {
            sum += bell(k, sigma);
        }
        double[][] weights = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int k = -radius; k <= radius; k++) {
                weights[i][edge.applyAsInt(i + k, size)] += bell(k, sigma) / sum;
            }
        }
        return new SeparableFilter(weights);
    }

    private static double bell(int k, double sigma) {
        return k == 0 ? 1 : Math.exp(-0.5 * k * k / (sigma * sigma));
    }

    /** Means of whole pixels, as Pillow's box filter has them; enlarging repeats them. */
    static SeparableFilter box(int from, int to) {
        double scale = from / (double) to;
        double support = 0.5 * Math.max(1, scale);
        double[][] weights = new double[to][from];
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int least = Math.max(0, (int) (centre - support + 0.5));
            int end = Math.min(from, (int) (centre + support + 0.5));
            double sum = 0;
            for (int j = least; j < end; j++) {
                double at = (j - centre + 0.5) / Math.max(1, scale);
                weights[i][j] = at > -0.5 && at <= 0.5 ? 1 : 0;
                sum += weights[i][j];
            }
            for (int j = least; j < end; j++) {
                weights[i][j] /= sum;
            }
        }
        return new SeparableFilter(weights);
    }

    /**
     * The middle enlarged, between the places of whole pixels, as scipy's zoom of the first order; then cut to the size it
     * had.
     */
    static SeparableFilter zoom(int size, double factor) {
        int kept = (int) Math.ceil(size / factor);
        int top = (size - kept) / 2;
        int enlarged = Math.max(1, (int) Math.rint(kept * factor));
        int trim = Math.max(0, (enlarged - size) / 2);
        double step = enlarged == 1 ? 0 : (kept - 1) / (double) (enlarged - 1);
        double[][] weights = new double[size][size];
        for (int i = 0; i < size; i++) {
            double at = Math.min(kept - 1, (i + trim) * step);
            int low = (int) at;
            int high = Math.min(kept - 1, low + 1);
            weights[i][top + low] += 1 - (at - low);
            weights[i][top + high] += at - low;
        }
        return new SeparableFilter(weights);
    }

    /** Along the columns: the height becomes that of the weights. */
    FloatImage vertical(FloatImage in) {
        int row = in.width() * in.channels();
        float[] out = new float[weights.length * row];
        for (int y = 0; y < weights.length; y++) {
            for (int j = 0; j < weights[y].length; j++) {
                float weight = weights[y][j];
                int from = (first[y] + j) * row;
                for (int x = 0; x < row; x++) {
                    out[y * row + x] += weight * in.values()[from + x];
                }
            }
        }
        return new FloatImage(weights.length, in.width(), in.channels(), out);
    }

    /** Along the rows: the width becomes that of the weights. */
    FloatImage horizontal(FloatImage in) {
        int c = in.channels();
        float[] out = new float[in.height() * weights.length * c];
        for (int y = 0; y < in.height(); y++) {
            for (int x = 0; x < weights.length; x++) {
                int to = (y * weights.length + x) * c;
                int from = (y * in.width() + first[x]) * c;
                for (int j = 0; j < weights[x].length; j++) {
                    for (int k = 0; k < c; k++) {
                        out[to + k] += weights[x][j] * in.values()[from + j * c + k];
                    }
                }
            }
        }
        return new FloatImage(in.height(), weights.length, c, out);
    }

    /** Both ways by a Gaussian. */
    static FloatImage blurred(FloatImage in, double sigma, double truncate, IntBinaryOperator edge) {
        if ((int) (truncate * sigma + 0.5) == 0) {
            return in;
        }
        FloatImage down = gaussian(in.height(), sigma, truncate, edge).vertical(in);
        return gaussian(in.width(), sigma, truncate, edge).horizontal(down);
    }
}
