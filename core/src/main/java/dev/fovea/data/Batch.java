package dev.fovea.data;

import java.nio.ByteBuffer;

/**
 * Some images as bytes, {@code [size, height, width, channels]}, or clips, {@code [size, frames, height, width,
 * channels]}, with their labels.
 *
 * @param pixels a direct buffer, reused: valid until the next batch is asked for
 * @param frames of each clip; 1 for images
 * @param indices of the images in the data set
 */
public record Batch(
        ByteBuffer pixels, int size, int frames, int height, int width, int channels, long[] labels, int[] indices) {

    /** Images. */
    public Batch(ByteBuffer pixels, int size, int height, int width, int channels, long[] labels, int[] indices) {
        this(pixels, size, 1, height, width, channels, labels, indices);
    }
}
