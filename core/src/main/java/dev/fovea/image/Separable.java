package dev.fovea.image;

import java.util.Arrays;

/** Resampling along rows and then along columns, rounded to bytes in between, as PIL does it. */
final class Separable {

    private Separable() {}

    /** Every output pixel is a source pixel or a constant. */
    static void copy(Image image, Axis across, Axis down, byte[] out, int at) {
        int c = image.channels();
        int width = across.count();
        int[] columns = across.first();
        boolean run = across.run();
        boolean inside = run || across.inside();
        int[] offsets = new int[width]; // multiplied once, not in every row
        for (int x = 0; x < width; x++) {
            offsets[x] = columns[x] * c;
        }
        byte[] in = image.pixels();
        for (int y = 0; y < down.count(); y++) {
            int from = down.first()[y];
            int to = at + y * width * c;
            int row = from * image.width() * c;
            if (from >= 0 && run) {
                System.arraycopy(in, row + columns[0] * c, out, to, width * c);
            } else if (from >= 0 && inside) {
                copyRow(in, row, offsets, c, out, to);
            } else {
                for (int x = 0; x < width; x++) {
                    int column = columns[x];
                    // Where both axes lead outside, the later step has covered the earlier one.
                    int code = from < 0 && column < 0 ? Math.max(from, column) : Math.min(from, column);
                    for (int k = 0; k < c; k++) {
                        out[to++] = code < 0 ? (byte) Axis.constant(code) : in[row + column * c + k];
                    }
                }
            }
        }
    }

    /** One row without constants: the way of most training, so without a question per value. */
    private static void copyRow(byte[] in, int row, int[] offsets, int channels, byte[] out, int at) {
        int to = at;
        if (channels == 1) {
            for (int offset : offsets) {
                out[to++] = in[row + offset];
            }
            return;
        }
        for (int offset : offsets) {
            int from = row + offset;
            out[to] = in[from];
            out[to + 1] = in[from + 1];
            out[to + 2] = in[from + 2];
            to += 3;
        }
    }

    /** Weighted along at least one axis. */
    static void apply(Image image, Axis across, Axis down, byte[] out, int at) {
        int[] rows = down.needed();
        int stride = across.count() * image.channels();
        if (across.same()) {
            vertical(image.pixels(), 0, stride, across, down, image.channels(), out, at);
        } else if (down.same()) {
            horizontal(image, across, rows, out, at);
        } else {
            byte[] wide = new byte[Image.bytes(across.count(), Math.max(1, rows[1] - rows[0]), image.channels())];
            horizontal(image, across, rows, wide, 0);
            vertical(wide, rows[0], stride, across, down, image.channels(), out, at);
        }
    }

    /** Weighted along both axes at once and rounded once, halves to the even number, as PyTorch does it. */
    static void interpolate(Image image, Axis across, Axis down, byte[] out, int at) {
        int c = image.channels();
        int to = at;
        for (int y = 0; y < down.count(); y++) {
            for (int x = 0; x < across.count(); x++) {
                int left = across.first()[x];
                int top = down.first()[y];
                if (left < 0 || top < 0) {
                    int code = left < 0 && top < 0 ? Math.max(left, top) : Math.min(left, top);
                    Arrays.fill(out, to, to + c, (byte) Axis.constant(code));
                } else {
                    for (int k = 0; k < c; k++) {
                        out[to + k] = between(image, left, top, k, across.weights(x), down.weights(y));
                    }
                }
                to += c;
            }
        }
    }

    private static byte between(Image image, int left, int top, int channel, int[] across, int[] down) {
        int c = image.channels();
        long sum = 0; // 22 bits of each weight and 8 of the value, and few of them
        for (int j = 0; j < down.length; j++) {
            int from = ((top + j) * image.width() + left) * c + channel;
            long row = 0;
            for (int weight : across) {
                row += (long) (image.pixels()[from] & 0xFF) * weight;
                from += c;
            }
            sum += row * down[j];
        }
        return (byte) (int) Math.max(0, Math.min(255, Math.rint(sum / (double) (1L << (2 * Axis.BITS)))));
    }

    private static void horizontal(Image image, Axis across, int[] rows, byte[] out, int at) {
        int c = image.channels();
        byte[] in = image.pixels();
        int to = at;
        for (int y = rows[0]; y < rows[1]; y++) {
            int row = y * image.width() * c;
            for (int x = 0; x < across.count(); x++) {
                int first = across.first()[x];
                int[] weights = across.weights(x);
                if (first < 0) {
                    Arrays.fill(out, to, to + c, (byte) Axis.constant(first));
                } else if (c == 3) {
                    colour(in, row + first * 3, weights, out, to);
                } else {
                    out[to] = grey(in, row + first, weights);
                }
                to += c;
            }
        }
    }

    private static void colour(byte[] in, int first, int[] weights, byte[] out, int to) {
        int red = 1 << (Axis.BITS - 1);
        int green = red;
        int blue = red;
        int from = first;
        for (int weight : weights) {
            red += (in[from] & 0xFF) * weight;
            green += (in[from + 1] & 0xFF) * weight;
            blue += (in[from + 2] & 0xFF) * weight;
            from += 3;
        }
        out[to] = clip(red >> Axis.BITS);
        out[to + 1] = clip(green >> Axis.BITS);
        out[to + 2] = clip(blue >> Axis.BITS);
    }

    private static byte grey(byte[] in, int first, int[] weights) {
        int sum = 1 << (Axis.BITS - 1);
        int from = first;
        for (int weight : weights) {
            sum += (in[from++] & 0xFF) * weight;
        }
        return clip(sum >> Axis.BITS);
    }

    /** @param top the source row that {@code in} begins with */
    private static void vertical(
            byte[] in, int top, int stride, Axis across, Axis down, int channels, byte[] out, int at) {
        int[] sums = new int[stride];
        for (int y = 0; y < down.count(); y++) {
            int to = at + y * stride;
            int first = down.first()[y];
            if (first < 0) {
                constantRow(first, across, channels, out, to);
                continue;
            }
            Arrays.fill(sums, 1 << (Axis.BITS - 1));
            int row = (first - top) * stride;
            for (int weight : down.weights(y)) {
                for (int i = 0; i < stride; i++) {
                    sums[i] += (in[row + i] & 0xFF) * weight;
                }
                row += stride;
            }
            for (int i = 0; i < stride; i++) {
                out[to + i] = clip(sums[i] >> Axis.BITS);
            }
        }
    }

    private static void constantRow(int code, Axis across, int channels, byte[] out, int at) {
        int to = at;
        for (int column : across.first()) {
            byte value = (byte) Axis.constant(column < 0 ? Math.max(code, column) : code);
            Arrays.fill(out, to, to + channels, value);
            to += channels;
        }
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
