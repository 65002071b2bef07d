package dev.fovea.data;

import dev.fovea.image.Size;

/** The arithmetic of the operations that change values: Pillow's, its rounding included. */
final class OperationValues {

    private static final int VALUES = 256;

    /** Of Pillow's smoothing kernel: the middle counts five times. */
    private static final int SMOOTHING = 13;

    private OperationValues() {}

    static void brightness(byte[] pixels, int at, Size size, int channels, double magnitude) {
        float factor = (float) (1 + magnitude);
        mapped(pixels, at, size, channels, towards(0, factor));
    }

    static void contrast(byte[] pixels, int at, Size size, int channels, double magnitude) {
        int count = size.height() * size.width();
        long sum = 0;
        for (int i = at; i < at + count * channels; i += channels) {
            sum += channels == 1 ? pixels[i] & 0xFF : grey(pixels, i);
        }
        int mean = (int) (sum / (double) count + 0.5);
        mapped(pixels, at, size, channels, towards(mean, (float) (1 + magnitude)));
    }

    static void color(byte[] pixels, int at, Size size, int channels, double magnitude) {
        if (channels == 1) {
            return;
        }
        float factor = (float) (1 + magnitude);
        for (int i = at; i < at + size.height() * size.width() * 3; i += 3) {
            int grey = grey(pixels, i);
            pixels[i] = blend(grey, pixels[i] & 0xFF, factor);
            pixels[i + 1] = blend(grey, pixels[i + 1] & 0xFF, factor);
            pixels[i + 2] = blend(grey, pixels[i + 2] & 0xFF, factor);
        }
    }

    /** The pixels of the edge stay as they are. */
    static void sharpness(byte[] pixels, int at, Size size, int channels, double magnitude) {
        float factor = (float) (1 + magnitude);
        int row = size.width() * channels;
        byte[] above = new byte[row];
        byte[] own = new byte[row];
        System.arraycopy(pixels, at, own, 0, row);
        for (int y = 1; y < size.height() - 1; y++) {
            int from = at + y * row;
            byte[] spare = above;
            above = own;
            own = spare;
            System.arraycopy(pixels, from, own, 0, row);
            for (int x = channels; x < row - channels; x++) {
                int below = from + row + x;
                int left = x - channels;
                int right = x + channels;
                int sum = (above[left] & 0xFF)
                        + (above[x] & 0xFF)
                        + (above[right] & 0xFF)
                        + (own[left] & 0xFF)
                        + 5 * (own[x] & 0xFF)
                        + (own[right] & 0xFF)
                        + (pixels[below - channels] & 0xFF)
                        + (pixels[below] & 0xFF)
                        + (pixels[below + channels] & 0xFF);
                pixels[from + x] = blend((2 * sum + SMOOTHING) / (2 * SMOOTHING), own[x] & 0xFF, factor);
            }
        }
    }

    static void posterize(byte[] pixels, int at, Size size, int channels, double bits) {
        int mask = -(1 << (8 - (int) bits));
        for (int i = at; i < at + size.height() * size.width() * channels; i++) {
            pixels[i] = (byte) (pixels[i] & mask);
        }
    }

    static void solarize(byte[] pixels, int at, Size size, int channels, double threshold) {
        byte[] map = new byte[VALUES];
        for (int v = 0; v < VALUES; v++) {
            map[v] = (byte) (v < threshold ? v : 255 - v);
        }
        mapped(pixels, at, size, channels, map);
    }

    static void invert(byte[] pixels, int at, Size size, int channels, double magnitude) {
        for (int i = at; i < at + size.height() * size.width() * channels; i++) {
            pixels[i] = (byte) ~pixels[i];
        }
    }

    static void autoContrast(byte[] pixels, int at, Size size, int channels, double magnitude) {
        for (int c = 0; c < channels; c++) {
            int[] counts = counts(pixels, at + c, size, channels);
            int low = 0;
            while (counts[low] == 0) {
                low++;
            }
            int high = 255;
            while (counts[high] == 0) {
                high--;
            }
            if (high > low) {
                double scale = 255.0 / (high - low);
                double shift = -low * scale;
                byte[] map = new byte[VALUES];
                for (int v = 0; v < VALUES; v++) {
                    map[v] = (byte) Math.max(0, Math.min(255, (int) (v * scale + shift)));
                }
                channel(pixels, at + c, size, channels, map);
            }
        }
    }

    static void equalize(byte[] pixels, int at, Size size, int channels, double magnitude) {
        for (int c = 0; c < channels; c++) {
            int[] counts = counts(pixels, at + c, size, channels);
            int last = 255;
            while (counts[last] == 0) {
                last--;
            }
            int step = (size.height() * size.width() - counts[last]) / 255;
            if (step > 0) {
                byte[] map = new byte[VALUES];
                int sum = step / 2;
                for (int v = 0; v < VALUES; v++) {
                    map[v] = (byte) Math.min(255, sum / step);
                    sum += counts[v];
                }
                channel(pixels, at + c, size, channels, map);
            }
        }
    }

    private static int[] counts(byte[] pixels, int from, Size size, int channels) {
        int[] counts = new int[VALUES];
        for (int i = from; i < from + size.height() * size.width() * channels; i += channels) {
            counts[pixels[i] & 0xFF]++;
        }
        return counts;
    }

    /** Of one channel, each value replaced. */
    private static void channel(byte[] pixels, int from, Size size, int channels, byte[] map) {
        for (int i = from; i < from + size.height() * size.width() * channels; i += channels) {
            pixels[i] = map[pixels[i] & 0xFF];
        }
    }

    /** Of all channels, each value replaced. */
    private static void mapped(byte[] pixels, int at, Size size, int channels, byte[] map) {
        for (int i = at; i < at + size.height() * size.width() * channels; i++) {
            pixels[i] = map[pixels[i] & 0xFF];
        }
    }

    /** What becomes of each value on the way from {@code origin}: 0 leads there, 1 leaves all as it is. */
    private static byte[] towards(int origin, float factor) {
        byte[] map = new byte[VALUES];
        for (int v = 0; v < VALUES; v++) {
            map[v] = blend(origin, v, factor);
        }
        return map;
    }

    /** Cut off, not rounded, in single precision. */
    private static byte blend(int from, int to, float factor) {
        float value = from + factor * (to - from);
        return (byte) (value <= 0 ? 0 : value >= 255 ? 255 : (int) value);
    }

    private static int grey(byte[] pixels, int i) {
        return ((pixels[i] & 0xFF) * 19595 + (pixels[i + 1] & 0xFF) * 38470 + (pixels[i + 2] & 0xFF) * 7471 + 0x8000)
                >> 16;
    }
}
