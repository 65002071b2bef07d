package dev.fovea.models;

import dev.fovea.nn.detect.Nms;
import java.util.Arrays;

/**
 * Boxes of an image that could be objects, the best of each part of the anchors, gathered as torchvision's detectors do. Boxes end
 * at the image's edges.
 */
final class TopCandidates {

    private final int width;
    private final int height;
    private int count;
    private float[] boxes = new float[4 * 256];
    private int[] labels = new int[256];
    private float[] scores = new float[256];

    TopCandidates(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /** Adds a box, the {@code at}-th of some. */
    void add(float[] from, int at, int label, float score) {
        if (count == labels.length) {
            boxes = Arrays.copyOf(boxes, 8 * count);
            labels = Arrays.copyOf(labels, 2 * count);
            scores = Arrays.copyOf(scores, 2 * count);
        }
        for (int edge = 0; edge < 4; edge++) {
            boxes[4 * count + edge] = Math.max(0, Math.min(edge % 2 == 0 ? width : height, from[4 * at + edge]));
        }
        labels[count] = label;
        scores[count++] = score;
    }

    /** The same, unless it is less than {@code least} pixels wide or high. */
    void addLarge(float[] from, int at, int label, float score, double least) {
        add(from, at, label, score);
        int last = 4 * (count - 1);
        if (boxes[last + 2] - boxes[last] < (float) least || boxes[last + 3] - boxes[last + 1] < (float) least) {
            count--;
        }
    }

    /**
     * Adds the strongest of some cells of anchors and classes.
     *
     * @param values of all cells, row by row; the first column is the background, which is left out
     * @param from first cell
     * @param to behind the last cell
     * @param step from a cell to the next: 1 for all classes, {@code columns} for one
     * @param least cells of that score or less are left out
     * @param most so many at most
     * @param all boxes of all anchors
     */
    void addStrongest(float[] values, int columns, int from, int to, int step, double least, int most, float[] all) {
        int[] cells = new int[64];
        int size = 0;
        for (int i = from; i < to; i += step) {
            if (values[i] > (float) least && i % columns != 0) {
                cells = size == cells.length ? Arrays.copyOf(cells, 2 * size) : cells;
                cells[size++] = i;
            }
        }
        float[] own = new float[size];
        for (int i = 0; i < size; i++) {
            own[i] = values[cells[i]];
        }
        int[] order = Nms.order(own);
        for (int i = 0; i < Math.min(most, size); i++) {
            int cell = cells[order[i]];
            add(all, cell / columns, cell % columns - 1, values[cell]);
        }
    }

    /** Those that are left without duplicates. */
    DetectionNet.Found kept(DetectionNet.Limits limits) {
        return candidates().kept(limits, width, height);
    }

    Candidates candidates() {
        return new Candidates(
                Arrays.copyOf(boxes, 4 * count), Arrays.copyOf(labels, count), Arrays.copyOf(scores, count));
    }
}
