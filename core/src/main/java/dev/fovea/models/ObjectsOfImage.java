package dev.fovea.models;

import dev.fovea.data.Mask;
import dev.fovea.data.Targets;
import dev.fovea.nn.detect.MaxIou;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The objects of one image of a batch.
 *
 * @param positions of those that count, among the batch's
 * @param boxes of those that count, {@code [4 objects]}
 * @param labels of those that count
 * @param masks of those that count, or none
 * @param ignored boxes of those that count neither way
 */
record ObjectsOfImage(int[] positions, float[] boxes, int[] labels, List<Mask> masks, float[] ignored) {

    /** Of each image of a batch. */
    static List<ObjectsOfImage> of(Targets.Objects truth) {
        var images = new ArrayList<ObjectsOfImage>();
        for (int image = 0; image + 1 < truth.offsets().length; image++) {
            int[] all = IntStream.range(truth.offsets()[image], truth.offsets()[image + 1])
                    .toArray();
            int[] counting = IntStream.of(all).filter(i -> !truth.ignore()[i]).toArray();
            int[] rest = IntStream.of(all).filter(i -> truth.ignore()[i]).toArray();
            images.add(new ObjectsOfImage(
                    counting,
                    boxes(truth, counting),
                    IntStream.of(counting).map(i -> (int) truth.labels()[i]).toArray(),
                    truth.masks().isEmpty()
                            ? List.of()
                            : IntStream.of(counting)
                                    .mapToObj(truth.masks()::get)
                                    .toList(),
                    boxes(truth, rest)));
        }
        return images;
    }

    private static float[] boxes(Targets.Objects truth, int[] positions) {
        float[] boxes = new float[4 * positions.length];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(truth.boxes(), 4 * positions[i], boxes, 4 * i, 4);
        }
        return boxes;
    }

    /** Boxes assigned to background count neither way where their middle lies in an object that does not count. */
    int[] withoutIgnored(int[] assigned, float[] anchors) {
        for (int i = 0; i < assigned.length && ignored.length > 0; i++) {
            float x = (anchors[4 * i] + anchors[4 * i + 2]) / 2;
            float y = (anchors[4 * i + 1] + anchors[4 * i + 3]) / 2;
            for (int j = 0; j < ignored.length && assigned[i] == MaxIou.BACKGROUND; j += 4) {
                boolean inside = x > ignored[j] && x < ignored[j + 2] && y > ignored[j + 1] && y < ignored[j + 3];
                assigned[i] = inside ? MaxIou.IGNORED : assigned[i];
            }
        }
        return assigned;
    }
}
