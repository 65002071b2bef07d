package dev.fovea.nn.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Suppression of duplicates: of boxes that cover each other only the one with the highest score stays (greedy non-maximum
 * suppression). Plain arrays, as no gradient passes here.
 */
public final class Nms {

    private Nms() {}

    /**
     * The boxes that stay.
     *
     * @param boxes left, top, right, bottom of each, {@code [4 N]}
     * @param scores of each; of equal ones the first goes first
     * @param iou above which the weaker of two goes, 0 to 1
     * @return positions, highest score first
     */
    public static int[] keep(float[] boxes, float[] scores, double iou) {
        return keep(boxes, scores, new int[scores.length], iou, Integer.MAX_VALUE);
    }

    /**
     * The same within each class: boxes of different classes do not touch each other.
     *
     * @param labels class of each box
     * @param most how many stay at most
     * @return positions, highest score first
     */
    public static int[] keep(float[] boxes, float[] scores, int[] labels, double iou, int most) {
        check(boxes, scores, labels, iou);
        int[] order = order(scores);
        var sorted = new Sorted(boxes, labels, order);
        int count = order.length;
        boolean[] gone = new boolean[count];
        int[] kept = new int[Math.min(most, count)];
        int size = 0;
        for (int i = 0; i < count && size < kept.length; i++) {
            if (!gone[i]) {
                kept[size++] = order[i];
                sorted.suppress(i, (float) iou, gone);
            }
        }
        return Arrays.copyOf(kept, size);
    }

    /**
     * Scores that fall the more, the more a box is covered by stronger ones of its class (Soft-NMS, Gaussian; Bodla et al. 2017,
     * <a href="https://arxiv.org/abs/1704.04503">1704.04503</a>).
     *
     * @param sigma width of the decay {@code exp(-iou² / sigma)}, above 0; 0.5 in the paper
     * @param least boxes whose score falls below it go
     * @return positions with their new scores, highest first
     */
    public static List<Scored> soft(float[] boxes, float[] scores, int[] labels, double sigma, double least) {
        check(boxes, scores, labels, 0);
        if (!(sigma > 0)) {
            throw new IllegalArgumentException("soft nms: sigma must be above 0, got " + sigma);
        }
        float[] left = scores.clone();
        boolean[] done = new boolean[scores.length];
        var kept = new ArrayList<Scored>();
        while (true) {
            int best = -1;
            for (int i = 0; i < left.length; i++) {
                best = !done[i] && left[i] >= least && (best < 0 || left[i] > left[best]) ? i : best;
            }
            if (best < 0) {
                return kept;
            }
            done[best] = true;
            kept.add(new Scored(best, left[best]));
            for (int i = 0; i < left.length; i++) {
                if (!done[i] && labels[i] == labels[best]) {
                    double iou = iou(boxes, best, i);
                    left[i] *= (float) Math.exp(-iou * iou / sigma);
                }
            }
        }
    }

    /** A box by its position, and its score. */
    public record Scored(int index, double score) {}

    private static void check(float[] boxes, float[] scores, int[] labels, double iou) {
        if (boxes.length != 4 * scores.length || labels.length != scores.length) {
            throw new IllegalArgumentException("nms: needs four numbers and a label for each score, got %s, %s and %s"
                    .formatted(boxes.length, labels.length, scores.length));
        }
        if (!(iou >= 0 && iou <= 1)) {
            throw new IllegalArgumentException("nms: iou must be 0 to 1, got iou=" + iou);
        }
    }

    /** Positions, highest score first; of equal ones in their order. */
    public static int[] order(float[] scores) {
        // The sign bit turned round makes the bits of a float sort as its value; below them the position keeps ties in
        // order.
        long[] keys = IntStream.range(0, scores.length)
                .mapToLong(i -> ((long) ~sortable(scores[i]) << 32) | i)
                .toArray();
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        Arrays.setAll(order, i -> (int) keys[i]);
        return order;
    }

    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value);
        return bits ^ (bits >> 31 & 0x7fffffff);
    }

    /** Intersection over union of boxes {@code a} and {@code b}; 0 of two empty ones. */
    static double iou(float[] boxes, int a, int b) {
        return iou(boxes, a, boxes, b);
    }

    /** The same of boxes of two arrays. */
    static double iou(float[] boxes, int a, float[] others, int b) {
        int i = 4 * a;
        int j = 4 * b;
        float width = Math.min(boxes[i + 2], others[j + 2]) - Math.max(boxes[i], others[j]);
        float height = Math.min(boxes[i + 3], others[j + 3]) - Math.max(boxes[i + 1], others[j + 1]);
        if (!(width > 0 && height > 0)) {
            return 0;
        }
        float both = width * height;
        float either = (boxes[i + 2] - boxes[i]) * (boxes[i + 3] - boxes[i + 1])
                + (others[j + 2] - others[j]) * (others[j + 3] - others[j + 1])
                - both;
        return both / either;
    }

    /** Boxes in the order of their scores, edge by edge, as loops over many of them are compiled best. */
    private static final class Sorted {

        private final float[] left;
        private final float[] top;
        private final float[] right;
        private final float[] bottom;
        private final float[] area;
        private final int[] labels;

        Sorted(float[] boxes, int[] labels, int[] order) {
            int count = order.length;
            left = new float[count];
            top = new float[count];
            right = new float[count];
            bottom = new float[count];
            area = new float[count];
            this.labels = new int[count];
            for (int i = 0; i < count; i++) {
                int at = 4 * order[i];
                left[i] = boxes[at];
                top[i] = boxes[at + 1];
                right[i] = boxes[at + 2];
                bottom[i] = boxes[at + 3];
                area[i] = (right[i] - left[i]) * (bottom[i] - top[i]);
                this.labels[i] = labels[order[i]];
            }
        }

        /** Marks all boxes behind {@code i} that it covers by more than {@code iou}. */
        void suppress(int i, float iou, boolean[] gone) {
            float l = left[i];
            float t = top[i];
            float r = right[i];
            float b = bottom[i];
            for (int j = i + 1; j < gone.length; j++) {
                float width = Math.min(r, right[j]) - Math.max(l, left[j]);
                float height = Math.min(b, bottom[j]) - Math.max(t, top[j]);
                if (width > 0 && height > 0 && !gone[j] && labels[j] == labels[i]) {
                    float both = width * height;
                    gone[j] = both / (area[i] + area[j] - both) > iou;
                }
            }
        }
    }
}
