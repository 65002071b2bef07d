package dev.fovea.data;

import java.util.Arrays;

/**
 * Points of one object, such as the joints of a person. Immutable by agreement: who is given an array does not write to
 * it.
 *
 * @param skeleton what they are called
 * @param x of each, in pixels from the left
 * @param y of each, in pixels from the top
 * @param visibility of each: {@link #UNKNOWN}, {@link #HIDDEN} or {@link #VISIBLE}
 */
public record Keypoints(Skeleton skeleton, double[] x, double[] y, int[] visibility) {

    /** Nobody has marked the point; its place is (0, 0). */
    public static final int UNKNOWN = 0;

    /** The point is there, behind something. */
    public static final int HIDDEN = 1;

    /** The point is seen. */
    public static final int VISIBLE = 2;

    public Keypoints {
        int count = skeleton.names().size();
        if (x.length != count || y.length != count || visibility.length != count) {
            throw new IllegalArgumentException(
                    "keypoints: each of the %s points needs x, y and a visibility, got %s, %s and %s"
                            .formatted(count, x.length, y.length, visibility.length));
        }
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(x[i] + y[i]) || visibility[i] < UNKNOWN || visibility[i] > VISIBLE) {
                throw new IllegalArgumentException(
                        "keypoints: a point is finite and its visibility 0, 1 or 2, got %s, %s, %s"
                                .formatted(x[i], y[i], visibility[i]));
            }
        }
    }

    /** Of an object whose points nobody has marked. */
    public static Keypoints unknown(Skeleton skeleton) {
        int count = skeleton.names().size();
        return new Keypoints(skeleton, new double[count], new double[count], new int[count]);
    }

    /** Points that somebody has marked. */
    public int marked() {
        return (int) Arrays.stream(visibility).filter(value -> value != UNKNOWN).count();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keypoints that
                && skeleton.equals(that.skeleton)
                && Arrays.equals(x, that.x)
                && Arrays.equals(y, that.y)
                && Arrays.equals(visibility, that.visibility);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(x) + Arrays.hashCode(visibility);
    }

    @Override
    public String toString() {
        return "Keypoints[%s of %s]".formatted(marked(), x.length);
    }
}
