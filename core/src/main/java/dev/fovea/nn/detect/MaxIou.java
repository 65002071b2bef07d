package dev.fovea.nn.detect;

import java.util.Arrays;

/**
 * Assignment by overlap: a box learns the object it covers best, if it covers it well enough (Faster R-CNN, Ren et al. 2015, <a
 * href="https://arxiv.org/abs/1506.01497">1506.01497</a>, section 3.1.2).
 *
 * @param high least overlap with an object, 0 to 1
 * @param low below it a box is background; between the two it counts as neither
 * @param rescue what becomes of objects that no box covers so well
 */
public record MaxIou(double high, double low, Rescue rescue) {

    /** A box that learns no object. */
    public static final int BACKGROUND = -1;

    /** A box that does not count. */
    public static final int IGNORED = -2;

    /** How objects come to a box that none covers well. */
    public enum Rescue {
        /** Not at all. */
        NONE,
        /** The boxes that cover it best, all of them, learn the object that they cover best, as in Faster R-CNN. */
        BEST_BOXES,
        /** The first box that covers it best learns it and no other, as in SSD. */
        FIRST_BEST_BOX
    }

    public MaxIou {
        if (!(low >= 0 && low <= high && high <= 1)) {
            throw new IllegalArgumentException(
                    "max iou: needs 0 <= low <= high <= 1, got low=%s, high=%s".formatted(low, high));
        }
    }

    /** SSD's: one threshold, and each object has a box (Liu et al. 2015, section 2.2). */
    public static MaxIou ssd(double iou) {
        return new MaxIou(iou, iou, Rescue.FIRST_BEST_BOX);
    }

    /**
     * The object that each box learns.
     *
     * @param boxes {@code [4 boxes]}
     * @param objects {@code [4 objects]}
     * @return for each box the position of its object, {@link #BACKGROUND} or {@link #IGNORED}
     */
    public int[] assign(float[] boxes, float[] objects) {
        int count = boxes.length / 4;
        int[] assigned = new int[count];
        Arrays.fill(assigned, BACKGROUND);
        if (objects.length == 0) {
            return assigned;
        }
        int[] best = new int[count];
        float[] overlap = new float[count];
        Arrays.fill(overlap, -1);
        float[] most = new float[objects.length / 4];
        int[] first = new int[most.length];
        Arrays.fill(most, -1);
        for (int object = 0; object < most.length; object++) {
            for (int i = 0; i < count; i++) {
                float iou = (float) Nms.iou(objects, object, boxes, i);
                if (iou > overlap[i]) {
                    overlap[i] = iou;
                    best[i] = object;
                }
                if (iou > most[object]) {
                    most[object] = iou;
                    first[object] = i;
                }
            }
        }
        for (int i = 0; i < count; i++) {
            assigned[i] = overlap[i] >= (float) high ? best[i] : overlap[i] < (float) low ? BACKGROUND : IGNORED;
        }
        rescue(assigned, best, most, first, boxes, objects);
        return assigned;
    }

    private void rescue(int[] assigned, int[] best, float[] most, int[] first, float[] boxes, float[] objects) {
        for (int object = 0; object < most.length && rescue != Rescue.NONE; object++) {
            if (rescue == Rescue.FIRST_BEST_BOX) {
                assigned[first[object]] = object;
                continue;
            }
            for (int i = 0; i < assigned.length; i++) {
                if ((float) Nms.iou(objects, object, boxes, i) == most[object]) {
                    assigned[i] = best[i];
                }
            }
        }
    }
}
