package dev.fovea.metrics.detect;

import dev.fovea.data.Keypoints;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A named place of an object, such as a left knee; which one its position in a list says.
 *
 * @param x in pixels from the left edge of the image
 * @param y in pixels from its upper edge
 * @param visibility 0 where the place is not labelled, 1 where it is but hidden, 2 where it is seen, as in COCO; of a
 *     detection it does not count
 */
public record Keypoint(double x, double y, int visibility) {

    public Keypoint {
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
            throw new IllegalArgumentException("keypoint: x and y must be finite, got (%s, %s)".formatted(x, y));
        }
        if (visibility < 0 || visibility > 2) {
            throw new IllegalArgumentException("keypoint: visibility must be 0, 1 or 2, got " + visibility);
        }
    }

    /** Those of an object, as a data set has them. */
    static List<Keypoint> of(Keypoints points) {
        return IntStream.range(0, points.x().length)
                .mapToObj(i -> new Keypoint(points.x()[i], points.y()[i], points.visibility()[i]))
                .toList();
    }

    /** Whether its place is known. */
    boolean labelled() {
        return visibility > 0;
    }
}
