package dev.fovea.nn.detect;

import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * The places of the predictions of several feature maps, one for each: the middles of the maps' cells, row by row, one map behind
 * the other.
 *
 * @param places x and y of each in pixels, {@code [2 points]}
 * @param strides pixels from one to the next of its map, for each
 */
public record Points(float[] places, float[] strides) {

    /** A feature map that predicts at each of its places, {@code stride} pixels apart. */
    public record Level(int height, int width, int stride) {}

    /** Of some maps. */
    public static Points of(Iterable<Level> levels) {
        int count = 0;
        for (Level level : levels) {
            count += level.height() * level.width();
        }
        float[] places = new float[2 * count];
        float[] strides = new float[count];
        int at = 0;
        for (Level level : levels) {
            for (int y = 0; y < level.height(); y++) {
                for (int x = 0; x < level.width(); x++) {
                    places[2 * at] = (x + 0.5f) * level.stride();
                    places[2 * at + 1] = (y + 0.5f) * level.stride();
                    strides[at++] = level.stride();
                }
            }
        }
        return new Points(places, strides);
    }

    /** How many there are. */
    public int count() {
        return strides.length;
    }

    /**
     * Boxes around the points.
     *
     * @param distances to the left, top, right and bottom edge, in strides, [N, points, 4]
     * @return left, top, right, bottom in pixels, [N, points, 4]
     */
    public Tensor boxes(Tensor distances) {
        Tensor stride = Tensor.of(strides, 1, count(), 1).to(distances.device());
        Tensor centre = Tensor.of(places, 1, count(), 2).to(distances.device());
        Tensor pixels = distances.mul(stride);
        return Tensor.cat(List.of(centre.sub(pixels.narrow(2, 0, 2)), centre.add(pixels.narrow(2, 2, 2))), 2);
    }
}
