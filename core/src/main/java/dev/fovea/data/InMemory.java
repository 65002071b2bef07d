package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;

/** Images that never were files. */
record InMemory(List<Image> images, List<String> classes, List<Target> targets) implements Dataset {

    InMemory {
        if (targets.size() != images.size()) {
            throw new IllegalArgumentException(
                    "data: one label for each image, got %s for %s".formatted(targets.size(), images.size()));
        }
        for (int i = 0; i < targets.size(); i++) {
            check(i, targets.get(i), classes.size());
        }
    }

    private static void check(int image, Target target, int classes) {
        if (target instanceof Target.Label label && (label.index() < 0 || label.index() >= classes)) {
            throw new IllegalArgumentException(
                    "data: image #%s has the label %s, there are %s classes".formatted(image, label.index(), classes));
        }
        int given = target instanceof Target.Labels labels
                ? labels.present().length
                : target instanceof Target.Values values ? values.numbers().length : classes;
        if (given != classes) {
            throw new IllegalArgumentException(
                    "data: image #%s has %s values, there are %s names for them".formatted(image, given, classes));
        }
        if (target instanceof Target.Values values) {
            for (float number : values.numbers()) {
                if (!Float.isFinite(number)) {
                    throw new IllegalArgumentException(
                            "data: image #%s is to have the number %s. Expected finite numbers"
                                    .formatted(image, number));
                }
            }
        }
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Target target(int index) {
        return targets.get(index);
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
