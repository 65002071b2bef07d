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

    /** The part with its upper left corner at {@code (left, top)} of the image in its new size. */
    static Image resize(
            Image image, int width, int height, Filter filter, int left, int top, int partWidth, int partHeight) {
        Image.bytes(partWidth, partHeight, image.channels());
        if (left < 0 || top < 0 || (long) left + partWidth > width || (long) top + partHeight > height) {
            throw new IllegalArgumentException("image: a part of %s x %s pixels at (%s, %s) is not within %s x %s"
                    .formatted(partWidth, partHeight, left, top, width, height));
        }
        if (image.width() == width && image.height() == height) {
            return width == partWidth && height == partHeight ? image : image.crop(left, top, partWidth, partHeight);
        }
        Axis across = new Axis(image.width(), width, left, partWidth);
        Axis down = new Axis(image.height(), height, top, partHeight);
        if (filter == Filter.NEAREST) {
            return nearest(image, across, down);
        }
        Image wide = across.same() ? image : horizontal(image, across, filter, down.rows(filter));
        return down.same() ? wide : vertical(wide, down, filter);
    }

    /** One direction of a resize: from so many pixels to so many, of which some are wanted. */
    private record Axis(int from, int to, int first, int count) {

        boolean same() {
            return from == to && count == to;
        }

        double scale() {
            return from / (double) to;
        }

        /** First and last, exclusive, of the pixels that the wanted ones are made of. */
        int[] rows(Filter filter) {
            double support = filter.support * Math.max(1, scale());
            int start = Math.max(0, (int) ((first + 0.5) * scale() - support + 0.5));
            int end = Math.min(from, (int) ((first + count - 0.5) * scale() + support + 0.5));
            return same() ? new int[] {0, from} : new int[] {start, end};
        }
    }

    private static Image nearest(Image image, Axis across, Axis down) {
        int c = image.channels();
        byte[] in = image.pixels();
        byte[] out = new byte[Image.bytes(across.count(), down.count(), c)];
        for (int y = 0; y < down.count(); y++) {
            int sourceY = (int) ((down.first() + y + 0.5) * image.height() / down.to());
            for (int x = 0; x < across.count(); x++) {
                int sourceX = (int) ((across.first() + x + 0.5) * image.width() / across.to());
                System.arraycopy(in, (sourceY * image.width() + sourceX) * c, out, (y * across.count() + x) * c, c);
            }
        }
        return new Image(across.count(), down.count(), c, out);
    }

    /** Rows that no later row is made of stay black. */
    private static Image horizontal(Image image, Axis axis, Filter filter, int[] rows) {
        int c = image.channels();
        int width = axis.count();
        Taps[] taps = taps(axis, filter);
        byte[] in = image.pixels();
        byte[] out = new byte[Image.bytes(width, image.height(), c)];
        for (int y = rows[0]; y < rows[1]; y++) {
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

    private static Image vertical(Image image, Axis axis, Filter filter) {
        int stride = image.width() * image.channels();
        int height = axis.count();
        Taps[] taps = taps(axis, filter);
        byte[] in = image.pixels();
        byte[] out = new byte[Image.bytes(image.width(), height, image.channels())];
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

    private static Taps[] taps(Axis axis, Filter filter) {
        int from = axis.from();
        double scale = axis.scale();
        double stretch = Math.max(1, scale);
        double support = filter.support * stretch;
        var taps = new Taps[axis.count()];
        for (int i = 0; i < axis.count(); i++) {
            double centre = (axis.first() + i + 0.5) * scale;
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
