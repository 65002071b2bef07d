package dev.fovea.image;

import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** How far pixels are from others: exact Euclidean distances (Felzenszwalb and Huttenlocher 2012). */
public final class DistanceTransform {

    private DistanceTransform() {}

    /**
     * Of each pixel the distance to the nearest one that is marked.
     *
     * @param marked not 0 where a pixel is, row by row
     * @return in pixels, 0 of the marked ones, row by row; infinite where none is marked
     * @throws IllegalArgumentException if there are not {@code height width} values
     */
    public static float[] of(Size size, byte[] marked) {
        if ((long) size.height() * size.width() != marked.length) {
            throw new IllegalArgumentException(
                    "distances: %s values are not %sx%s pixels".formatted(marked.length, size.height(), size.width()));
        }
        byte[] away = new byte[marked.length];
        boolean any = false;
        for (int i = 0; i < away.length; i++) {
            away[i] = (byte) (marked[i] == 0 ? 1 : 0);
            any |= marked[i] != 0;
        }
        float[] distances = new float[marked.length];
        if (!any) {
            Arrays.fill(distances, Float.POSITIVE_INFINITY);
            return distances;
        }
        try (var data = new BytePointer(away);
                var from = new Mat(size.height(), size.width(), opencv_core.CV_8UC1, data);
                var to = new Mat()) {
            opencv_imgproc.distanceTransform(
                    from, to, opencv_imgproc.DIST_L2, opencv_imgproc.DIST_MASK_PRECISE, opencv_core.CV_32F);
            try (var found = new FloatPointer(to.data())) {
                found.get(distances);
            }
        }
        return distances;
    }
}
