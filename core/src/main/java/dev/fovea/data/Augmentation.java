package dev.fovea.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All random changes of training images.
 *
 * @param images of each image, in this order
 * @param batches of whole batches: each batch gets one of them
 */
public record Augmentation(List<Transform> images, List<BatchTransform> batches) {

    /** No change. */
    public static final Augmentation NONE = new Augmentation(List.of(), List.of());

    public Augmentation {
        images = List.copyOf(images);
        batches = List.copyOf(batches);
        for (int i = 1; i < images.size(); i++) {
            if (images.get(i) instanceof GeometricTransform.Crop) {
                throw new IllegalArgumentException(
                        "augment: crop takes its part of the image as it was read, so there is one and it comes first, got it in place "
                                + (i + 1));
            }
        }
    }

    /** Of each image, in this order. */
    public static Augmentation of(Transform... images) {
        return new Augmentation(Arrays.asList(images), List.of());
    }

    /** With these changes of whole batches. */
    public Augmentation withBatches(BatchTransform... value) {
        return new Augmentation(images, Arrays.asList(value));
    }

    /** Those that move what is in an image, in their order. */
    List<GeometricTransform> geometric() {
        var geometric = new ArrayList<GeometricTransform>();
        for (Transform transform : images) {
            if (transform instanceof GeometricTransform moving) {
                geometric.add(moving);
            }
        }
        return geometric;
    }

    /** The others, in their order. */
    List<Transform> later() {
        return images.stream()
                .filter(transform -> !(transform instanceof GeometricTransform))
                .toList();
    }
}
