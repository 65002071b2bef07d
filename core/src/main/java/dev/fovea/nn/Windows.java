package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/**
 * Maps {@code [N, H, W, C]} cut into windows, whose places lie row by row.
 *
 * @param height of a window, in places
 * @param width of a window
 */
public record Windows(int height, int width) {

    /** Zeros below and at the right, so that whole windows fit. */
    public Tensor padded(Tensor x) {
        return end(x, missing(x.size(1), height), missing(x.size(2), width));
    }

    /** {@code x} with rows of zeros below and columns of zeros at the right. */
    public static Tensor end(Tensor x, long rows, long columns) {
        if (rows == 0 && columns == 0) {
            return x;
        }
        long channels = x.size(3);
        return x.reshape(x.size(0), x.size(1), x.size(2) * channels)
                .pad(0, columns * channels, 0, rows)
                .reshape(x.size(0), x.size(1) + rows, x.size(2) + columns, channels);
    }

    /** What {@code size} lacks to a multiple of {@code part}. */
    public static long missing(long size, long part) {
        return Math.floorMod(-size, part);
    }

    /** Windows [N H/h W/w, h w, C], of each map row by row. */
    public Tensor of(Tensor x) {
        return x.reshape(x.size(0), x.size(1) / height, height, x.size(2) / width, width, x.size(3))
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(-1, (long) height * width, x.size(3));
    }

    /** The maps [N, rows, columns, C] of their windows. */
    public Tensor joined(Tensor windows, long rows, long columns) {
        long channels = windows.size(2);
        return windows.reshape(-1, rows / height, columns / width, height, width, channels)
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(-1, rows, columns, channels);
    }
}
