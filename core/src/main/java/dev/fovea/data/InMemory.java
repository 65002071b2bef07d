package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;

/** Images that never were files. */
record InMemory(List<Image> images, List<String> classes, int[] labels) implements Dataset {

    InMemory {
        if (labels.length != images.size()) {
            throw new IllegalArgumentException(
                    "data: one label for each image, got %s for %s".formatted(labels.length, images.size()));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes.size()) {
                throw new IllegalArgumentException("data: image #%s has the label %s, there are %s classes"
                        .formatted(i, labels[i], classes.size()));
            }
        }
    }

    @Override
    public int size() {
        return images.size();
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
        return "image #" + index;
    }

    @Override
    public Image image(int index) {
        return images.get(index);
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
        return images.size() + " images in memory";
    }
}
