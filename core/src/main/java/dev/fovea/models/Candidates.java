package dev.fovea.models;

import dev.fovea.nn.detect.Nms;
import java.util.Arrays;

/** Boxes of an image that could be objects, each with one class. */
record Candidates(float[] boxes, int[] labels, float[] scores) {

    /** Of so many at most duplicates are looked for. */
    private static final int MOST = 30_000;

    /**
     * All whose score for a class is above {@code least}; a place can be in several times.
     *
     * @param scores row by row, {@code [places, classes]} from place {@code from} on
     * @param boxes of the same places
     */
    static Candidates above(double least, float[] scores, int classes, float[] boxes, int from, int places) {
        int[] found = new int[1024];
        int count = 0;
        float limit = (float) least;
        for (int i = from * classes; i < (from + places) * classes; i++) {
            if (scores[i] > limit) {
                found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
                found[count++] = i;
            }
        }
        float[] kept = new float[4 * count];
        int[] labels = new int[count];
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(boxes, 4 * (found[i] / classes), kept, 4 * i, 4);
            labels[i] = found[i] % classes;
            values[i] = scores[found[i]];
        }
        return new Candidates(kept, labels, values);
    }

    /** Without duplicates, within an image of that size. */
    DetectionNet.Found kept(DetectionNet.Limits limits, int width, int height) {
        Candidates few = labels.length > MOST ? strongest(MOST) : this;
        int[] kept = Nms.keep(few.boxes, few.scores, few.labels, limits.iou(), limits.most());
        Candidates left = few.at(kept);
        for (int i = 0; i < left.boxes.length; i++) {
            left.boxes[i] = Math.max(0, Math.min(i % 2 == 0 ? width : height, left.boxes[i]));
        }
        return new DetectionNet.Found(left.boxes, left.labels, left.scores);
    }

    private Candidates strongest(int most) {
        return at(Arrays.copyOf(Nms.order(scores), most));
    }

    private Candidates at(int[] positions) {
        float[] kept = new float[4 * positions.length];
        int[] own = new int[positions.length];
        float[] values = new float[positions.length];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(boxes, 4 * positions[i], kept, 4 * i, 4);
            own[i] = labels[positions[i]];
            values[i] = scores[positions[i]];
        }
        return new Candidates(kept, own, values);
    }
}
