package dev.fovea.models;

import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import java.util.Arrays;
import java.util.List;

/** What the anchors of a batch are to learn: those that learn an object, one after another. */
final class Learned {

    private final int anchors;
    private int count;
    private long[] places = new long[64];
    private int[] labels = new int[64];
    private float[] boxes = new float[4 * 64];
    private float[] weights = new float[64];
    private float[] own = new float[4 * 64];

    /** @param anchors of an image */
    Learned(int anchors) {
        this.anchors = anchors;
    }

    /**
     * Adds an image.
     *
     * @param assigned the object of each anchor, or below 0
     * @param references the anchors' boxes
     * @param weight of each that learns an object
     */
    void add(int image, int[] assigned, ObjectsOfImage objects, float[] references, double weight) {
        for (int i = 0; i < assigned.length; i++) {
            if (assigned[i] >= 0) {
                room();
                places[count] = (long) image * anchors + i;
                labels[count] = objects.labels()[assigned[i]];
                weights[count] = (float) weight;
                System.arraycopy(references, 4 * i, own, 4 * count, 4);
                System.arraycopy(objects.boxes(), 4 * assigned[i], boxes, 4 * count++, 4);
            }
        }
    }

    private void room() {
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
            labels = Arrays.copyOf(labels, 2 * count);
            boxes = Arrays.copyOf(boxes, 8 * count);
            weights = Arrays.copyOf(weights, 2 * count);
            own = Arrays.copyOf(own, 8 * count);
        }
    }

    int count() {
        return count;
    }

    /** Among all anchors of the batch, [count]. */
    Tensor places(Device device) {
        return Tensor.of(Arrays.copyOf(places, count), count).to(device);
    }

    /**
     * Of a tensor of all anchors and classes the places of their own classes, [count].
     *
     * @param columns classes and the background, which is the first
     */
    Tensor classPlaces(int columns, Device device) {
        long[] cells = new long[count];
        Arrays.setAll(cells, i -> places[i] * columns + labels[i] + 1);
        return Tensor.of(cells, count).to(device);
    }

    /** Boxes of their objects, [count, 4]. */
    Tensor boxes(Device device) {
        return Tensor.of(Arrays.copyOf(boxes, 4 * count), count, 4).to(device);
    }

    /** Their own boxes, [count, 4]. */
    Tensor references(Device device) {
        return Tensor.of(Arrays.copyOf(own, 4 * count), count, 4).to(device);
    }

    /** [count]. */
    Tensor weights(Device device) {
        return Tensor.of(Arrays.copyOf(weights, count), count).to(device);
    }

    /** Their rows of what all anchors give, [N, anchors, C] to [count, C]. */
    Tensor rows(Tensor all) {
        return all.reshape(-1, all.size(2)).indexSelect(0, places(all.device()));
    }

    /** How many of some assignments learn an object. */
    static int positives(List<int[]> assigned) {
        return assigned.stream().mapToInt(Learned::positives).sum();
    }

    static int positives(int[] assigned) {
        return (int) Arrays.stream(assigned).filter(object -> object >= 0).count();
    }
}
