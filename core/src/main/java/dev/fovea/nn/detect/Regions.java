package dev.fovea.nn.detect;

import java.util.Arrays;
import java.util.List;

/**
 * Boxes of several images, as two-stage detectors look at them again.
 *
 * @param images whose image of the batch each box is in
 * @param boxes left, top, right, bottom of each in pixels, {@code [4 boxes]}
 */
public record Regions(int[] images, float[] boxes) {

    public Regions {
        if (boxes.length != 4 * images.length) {
            throw new IllegalArgumentException("regions: each needs four numbers and an image, got %s and %s"
                    .formatted(boxes.length, images.length));
        }
    }

    /** The boxes of each image, {@code [4 boxes]} in the order of the batch. */
    public static Regions of(List<float[]> boxes) {
        int count = boxes.stream().mapToInt(own -> own.length / 4).sum();
        var all = new Regions(new int[count], new float[4 * count]);
        int at = 0;
        for (int image = 0; image < boxes.size(); image++) {
            float[] own = boxes.get(image);
            System.arraycopy(own, 0, all.boxes, 4 * at, own.length);
            Arrays.fill(all.images, at, at + own.length / 4, image);
            at += own.length / 4;
        }
        return all;
    }

    /** How many there are. */
    public int count() {
        return images.length;
    }

    /** Those at some positions. */
    public Regions at(int[] positions) {
        var some = new Regions(new int[positions.length], new float[4 * positions.length]);
        for (int i = 0; i < positions.length; i++) {
            some.images[i] = images[positions[i]];
            System.arraycopy(boxes, 4 * positions[i], some.boxes, 4 * i, 4);
        }
        return some;
    }
}
