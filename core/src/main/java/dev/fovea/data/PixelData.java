package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.Arrays;
import java.util.List;

/**
 * Small images of one size, decoded and in memory.
 *
 * @param source for messages
 * @param pixels of all images, each row by row with its channels side by side
 */
record PixelData(
        String source, List<String> classes, int width, int height, int channels, byte[][] pixels, int[] labels)
        implements Dataset {

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public Target target(int index) {
        return new Target.Label(label(index));
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public String name(int index) {
        return source + " #" + index;
    }

    @Override
    public Image image(int index) {
        return new Image(width, height, channels, pixels[index]);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return source + Arrays.asList(width, height, channels);
    }
}
