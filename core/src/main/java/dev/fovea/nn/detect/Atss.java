package dev.fovea.nn.detect;

import java.util.Arrays;

/**
 * Adaptive training sample selection (ATSS, Zhang et al. 2019, <a href="https://arxiv.org/abs/1912.02424">1912.02424</a>): of each
 * object the anchors nearest to its middle are candidates, some of each map, and those learn it whose overlap is at least the mean
 * plus the deviation of all candidates' and whose middle lies in it. An anchor of several objects learns the one it covers best.
 *
 * @param candidates of each map, at least 1; 9 in the paper
 */
public record Atss(int candidates) {

    private static final double INSIDE = 0.01;

    public Atss {
        if (candidates < 1) {
            throw new IllegalArgumentException("atss: candidates must be at least 1, got candidates=" + candidates);
        }
    }

    /**
     * The object that each anchor learns.
     *
     * @param objects {@code [4 objects]}
     * @return for each anchor the position of its object, or {@link MaxIou#BACKGROUND}
     */
    public int[] assign(Anchors anchors, float[] objects) {
        int[] assigned = new int[anchors.count()];
        float[] best = new float[assigned.length];
        Arrays.fill(assigned, MaxIou.BACKGROUND);
        for (int object = 0; object < objects.length / 4; object++) {
            int[] near = near(anchors, objects, object);
            float[] overlap = new float[near.length];
            for (int i = 0; i < near.length; i++) {
                overlap[i] = (float) Nms.iou(objects, object, anchors.boxes(), near[i]);
            }
            double least = threshold(overlap);
            for (int i = 0; i < near.length; i++) {
                if (overlap[i] >= least
                        && overlap[i] > best[near[i]]
                        && inside(anchors.boxes(), near[i], objects, object)) {
                    assigned[near[i]] = object;
                    best[near[i]] = overlap[i];
                }
            }
        }
        return assigned;
    }

    /** Of each map those whose middles are nearest. */
    private int[] near(Anchors anchors, float[] objects, int object) {
        int[] offsets = anchors.offsets();
        int[] near = new int[anchors.counts().length * candidates];
        int size = 0;
        for (int level = 0; level + 1 < offsets.length; level++) {
            float[] closeness = new float[offsets[level + 1] - offsets[level]];
            for (int i = 0; i < closeness.length; i++) {
                double dx = middle(anchors.boxes(), offsets[level] + i, 0) - middle(objects, object, 0);
                double dy = middle(anchors.boxes(), offsets[level] + i, 1) - middle(objects, object, 1);
                closeness[i] = (float) -Math.sqrt(dx * dx + dy * dy);
            }
            int[] order = Nms.order(closeness);
            for (int i = 0; i < Math.min(candidates, order.length); i++) {
                near[size++] = offsets[level] + order[i];
            }
        }
        return Arrays.copyOf(near, size);
    }

    private static double middle(float[] boxes, int box, int direction) {
        return (boxes[4 * box + direction] + boxes[4 * box + 2 + direction]) / 2;
    }

    /** Mean plus deviation of a sample. */
    private static double threshold(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean);
        }
        return mean + (values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0);
    }

    private static boolean inside(float[] boxes, int box, float[] objects, int object) {
        double x = middle(boxes, box, 0);
        double y = middle(boxes, box, 1);
        double least = Math.min(
                Math.min(x - objects[4 * object], objects[4 * object + 2] - x),
                Math.min(y - objects[4 * object + 1], objects[4 * object + 3] - y));
        return least > INSIDE;
    }
}
