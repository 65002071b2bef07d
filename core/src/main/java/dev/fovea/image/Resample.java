package dev.fovea.image;

/**
 * Separable resizing with antialiasing, as PIL does it: when shrinking, the kernel widens with the scale, so that
 * no pixel is skipped. Horizontal pass first, rounded to bytes between the passes, weights in 22-bit fixed point.
 */
final class Resample {

    private static final int BITS = 22;

    /** Weights of one output position: the first input and one fixed-point weight for each. */
    private record Taps(int first, int[] weights) {}

    private Resample() {}

    static Image resize(Image image, int width, int height, Filter filter) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        if (filter == Filter.NEAREST) {
            return nearest(image, width, height);
        }
        Image wide = image.width() == width ? image : horizontal(image, width, filter);
        return wide.height() == height ? wide : vertical(wide, height, filter);
    }

    private static Image nearest(Image image, int width, int height) {
        int c = image.channels();
        byte[] in = image.pixels();
        byte[] out = new byte[width * height * c];
        for (int y = 0; y < height; y++) {
            int sourceY = (int) ((y + 0.5) * image.height() / height);
            for (int x = 0; x < width; x++) {
                int sourceX = (int) ((x + 0.5) * image.width() / width);
                System.arraycopy(in, (sourceY * image.width() + sourceX) * c, out, (y * width + x) * c, c);
            }
        }
        return new Image(width, height, c, out);
    }

    private static Image horizontal(Image image, int width, Filter filter) {
        int c = image.channels();
        Taps[] taps = taps(image.width(), width, filter);
        byte[] in = image.pixels();
        byte[] out = new byte[width * image.height() * c];
        for (int y = 0; y < image.height(); y++) {
            int row = y * image.width() * c;
            for (int x = 0; x < width; x++) {
                Taps t = taps[x];
                for (int k = 0; k < c; k++) {
                    int sum = 1 << (BITS - 1);
                    int at = row + t.first() * c + k;
                    for (int weight : t.weights()) {
                        sum += (in[at] & 0xFF) * weight;
                        at += c;
                    }
                    out[(y * width + x) * c + k] = clip(sum >> BITS);
                }
            }
        }
        return new Image(width, image.height(), c, out);
    }

    private static Image vertical(Image image, int height, Filter filter) {
        int stride = image.width() * image.channels();
        Taps[] taps = taps(image.height(), height, filter);
        byte[] in = image.pixels();
        byte[] out = new byte[stride * height];
        int[] sums = new int[stride];
        for (int y = 0; y < height; y++) {
            java.util.Arrays.fill(sums, 1 << (BITS - 1));
            int row = taps[y].first() * stride;
            for (int weight : taps[y].weights()) {
                for (int i = 0; i < stride; i++) {
                    sums[i] += (in[row + i] & 0xFF) * weight;
                }
                row += stride;
            }
            for (int i = 0; i < stride; i++) {
                out[y * stride + i] = clip(sums[i] >> BITS);
            }
        }
        return new Image(image.width(), height, image.channels(), out);
    }

    private static Taps[] taps(int from, int to, Filter filter) {
        double scale = from / (double) to;
        double stretch = Math.max(1, scale);
        double support = filter.support * stretch;
        var taps = new Taps[to];
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - support + 0.5));
            int last = Math.min(from, (int) (centre + support + 0.5));
            double[] weights = new double[last - first];
            double sum = 0;
            for (int j = 0; j < weights.length; j++) {
                weights[j] = filter.weight((j + first - centre + 0.5) / stretch);
                sum += weights[j];
            }
            int[] fixed = new int[weights.length];
            for (int j = 0; j < weights.length; j++) {
                double value = weights[j] / sum * (1 << BITS);
                fixed[j] = (int) (value < 0 ? value - 0.5 : value + 0.5);
            }
            taps[i] = new Taps(first, fixed);
        }
        return taps;
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
