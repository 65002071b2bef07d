package dev.fovea.nn.detect;

import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import java.util.Arrays;

/**
 * Reference boxes of several feature maps: of each map row by row, at each place one after another, one map's behind the other's.
 *
 * @param boxes left, top, right, bottom of each in pixels, {@code [4 anchors]}
 * @param counts anchors of each map
 */
public record Anchors(float[] boxes, int[] counts) {

    /** How many there are. */
    public int count() {
        return boxes.length / 4;
    }

    /** Where those of each map begin, and at last their number. */
    public int[] offsets() {
        int[] offsets = new int[counts.length + 1];
        for (int i = 0; i < counts.length; i++) {
            offsets[i + 1] = offsets[i] + counts[i];
        }
        return offsets;
    }

    /** The boxes, [anchors, 4]. */
    public Tensor tensor(Device device) {
        return Tensor.of(boxes, count(), 4).to(device);
    }

    /** Those at some positions, {@code [4 positions]}. */
    public float[] at(int[] positions) {
        float[] some = new float[4 * positions.length];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(boxes, 4 * positions[i], some, 4 * i, 4);
        }
        return some;
    }

    @Override
    public String toString() {
        return "Anchors" + Arrays.toString(counts);
    }
}
