package dev.fovea.data;

import dev.fovea.image.Image;

/**
 * An image as numbers, mostly from 0 to 1, to compute with.
 *
 * @param values row by row, the channels of a pixel side by side
 */
record FloatImage(int height, int width, int channels, float[] values) {

    static FloatImage of(Image image) {
        byte[] pixels = image.pixels();
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (pixels[i] & 0xFF) / 255f;
        }
        return new FloatImage(image.height(), image.width(), image.channels(), values);
    }

    /** Rounded; what lies beyond 0 and 1 is cut off. */
    Image image() {
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (int) (Math.max(0, Math.min(1, values[i])) * 255 + 0.5f);
        }
        return new Image(width, height, channels, pixels);
    }

    /** The same size with other values. */
    FloatImage with(float[] other) {
        return new FloatImage(height, width, channels, other);
    }

    float at(int y, int x, int c) {
        return values[(y * width + x) * channels + c];
    }

    /** Mirrored at the first and last pixel, which is not repeated: dcb|abcd|cba. */
    static int mirrored(int at, int size) {
        if (size == 1) {
            return 0;
        }
        int period = 2 * size - 2;
        int m = Math.floorMod(at, period);
        return m < size ? m : period - m;
    }

    /** Mirrored at the edge, so that the last pixel is repeated: cba|abcd|dcb. */
    static int reflected(int at, int size) {
        int m = Math.floorMod(at, 2 * size);
        return m < size ? m : 2 * size - 1 - m;
    }

    /** The nearest pixel. */
    static int clamped(int at, int size) {
        return Math.max(0, Math.min(size - 1, at));
    }
}
