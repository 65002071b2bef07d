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
        byte[][] maps = new byte[channels][];
        int[][] counts = counts(pixels, at, size, channels);
        for (int c = 0; c < channels; c++) {
            maps[c] = stretched(counts[c]);
        }
        mapped(pixels, at, size, channels, maps);
    }

    private static byte[] stretched(int[] counts) {
        int low = 0;
        while (counts[low] == 0) {
            low++;
        }
        int high = 255;
        while (counts[high] == 0) {
            high--;
        }
        if (high <= low) {
            return towards(0, 1);
        }
        double scale = 255.0 / (high - low);
        double shift = -low * scale;
        byte[] map = new byte[VALUES];
        for (int v = 0; v < VALUES; v++) {
            map[v] = (byte) Math.max(0, Math.min(255, (int) (v * scale + shift)));
        }
        return map;
    }

    static void equalize(byte[] pixels, int at, Size size, int channels, double magnitude) {
        byte[][] maps = new byte[channels][];
        int[][] counts = counts(pixels, at, size, channels);
        for (int c = 0; c < channels; c++) {
            maps[c] = spread(counts[c], size.height() * size.width());
        }
        mapped(pixels, at, size, channels, maps);
    }

    private static byte[] spread(int[] counts, int all) {
        int last = 255;
        while (counts[last] == 0) {
            last--;
        }
        int step = (all - counts[last]) / 255;
        if (step == 0) {
            return towards(0, 1);
        }
        byte[] map = new byte[VALUES];
        int sum = step / 2;
        for (int v = 0; v < VALUES; v++) {
            map[v] = (byte) Math.min(255, sum / step);
            sum += counts[v];
        }
        return map;
    }

    /** How often each value is there, of each channel. */
    private static int[][] counts(byte[] pixels, int at, Size size, int channels) {
        int[][] counts = new int[channels][VALUES];
        int end = at + size.height() * size.width() * channels;
        if (channels == 1) {
            for (int i = at; i < end; i++) {
                counts[0][pixels[i] & 0xFF]++;
            }
            return counts;
        }
        int[] red = counts[0];
        int[] green = counts[1];
        int[] blue = counts[2];
        for (int i = at; i < end; i += 3) {
            red[pixels[i] & 0xFF]++;
            green[pixels[i + 1] & 0xFF]++;
            blue[pixels[i + 2] & 0xFF]++;
        }
        return counts;
    }

    /** Each value replaced, by the map of its channel. */
    private static void mapped(byte[] pixels, int at, Size size, int channels, byte[][] maps) {
        if (channels == 1) {
            mapped(pixels, at, size, channels, maps[0]);
            return;
        }
        byte[] red = maps[0];
        byte[] green = maps[1];
        byte[] blue = maps[2];
        for (int i = at; i < at + size.height() * size.width() * 3; i += 3) {
            pixels[i] = red[pixels[i] & 0xFF];
            pixels[i + 1] = green[pixels[i + 1] & 0xFF];
            pixels[i + 2] = blue[pixels[i + 2] & 0xFF];
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
        return (byte) Math.max(0, Math.min(255, (int) (from + factor * (to - from))));
    }

    private static int grey(byte[] pixels, int i) {
        return ((pixels[i] & 0xFF) * 19595 + (pixels[i + 1] & 0xFF) * 38470 + (pixels[i + 2] & 0xFF) * 7471 + 0x8000)
                >> 16;
    }
}
