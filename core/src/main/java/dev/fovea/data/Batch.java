package dev.fovea.data;

import java.nio.ByteBuffer;

/**
 * Some pictures as bytes, {@code [size, height, width, channels]}, with their labels.
 *
 * @param pixels a direct buffer, reused: valid until the next batch is asked for
 * @param indices of the pictures in the data set
 */
public record Batch(ByteBuffer pixels, int size, int height, int width, int channels, long[] labels, int[] indices) {}
