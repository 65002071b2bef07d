package dev.fovea.metrics.detect;

/**
 * Which true object each found one stands for, as COCO decides it: by falling score each takes the one that it overlaps most
 * and nobody has yet, the last of equals; one that is ignored only where it finds no other. Crowds can be taken many times.
 */
final class Matching {

    static final int NONE = -1;

    private Matching() {}

    /**
     * @param overlaps of the found objects, by falling score, with the true ones
     * @param ignored which of the true ones do not count
     * @param crowds which of them can be taken many times
     * @param threshold least overlap
     * @return for each found object the true one, or {@link #NONE}
     */
    static int[] of(double[][] overlaps, boolean[] ignored, boolean[] crowds, double threshold) {
        int[] matches = new int[overlaps.length];
        boolean[] taken = new boolean[ignored.length];
        for (int d = 0; d < matches.length; d++) {
            int real = NONE;
            int other = NONE;
            double[] row = overlaps[d];
            for (int t = 0; t < row.length; t++) {
                if (row[t] >= threshold && (!taken[t] || crowds[t])) {
                    if (ignored[t]) {
                        other = other == NONE || row[t] >= row[other] ? t : other;
                    } else {
                        real = real == NONE || row[t] >= row[real] ? t : real;
                    }
                }
            }
            matches[d] = real == NONE ? other : real;
            if (matches[d] != NONE) {
                taken[matches[d]] = true;
            }
        }
        return matches;
    }
}
