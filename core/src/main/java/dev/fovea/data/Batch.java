package dev.fovea.data;

import java.nio.ByteBuffer;

/**
 * Some images as bytes, {@code [size, height, width, channels]}, or clips, {@code [size, frames, height, width,
 * channels]}, with their targets.
 *
 * @param pixels a direct buffer, reused: valid until the next batch is asked for
 * @param frames of each clip; 1 for images
 * @param indices of the images in the data set
 */
public record Batch(
        ByteBuffer pixels, int size, int frames, int height, int width, int channels, Targets targets, int[] indices) {

    /** Images with one class each. */
    public Batch(ByteBuffer pixels, int size, int height, int width, int channels, long[] labels, int[] indices) {
        this(pixels, size, 1, height, width, channels, new Targets.Labels(labels), indices);
    }

    /**
     * The class of each image; of mixed ones that which has the largest share.
     *
     * @throws DataException if they do not have one class each
     */
    public long[] labels() {
        if (targets instanceof Targets.Labels labels) {
            return labels.classes();
        }
        if (targets instanceof Targets.SoftLabels soft) {
            return soft.largest();
        }
        throw new DataException("the images are not labelled with one class each, this needs class labels");
    }
}
