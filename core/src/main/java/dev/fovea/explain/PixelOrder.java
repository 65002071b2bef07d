package dev.fovea.explain;

import dev.fovea.engine.Scope;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The pixels of an image from that where a map is highest to that where it is lowest; equal ones in random order, which is
 * the same in every run.
 */
record PixelOrder(int[] pixels, int height, int width) {

    /** @param map [rows][columns], spread over the image */
    static PixelOrder of(float[][] map, int height, int width) {
        float[] values;
        try (var scope = new Scope()) {
            values = Grid.stretched(map, height, width).toFloats();
        }
        var random = new SplittableRandom(1);
        int[] ties = IntStream.generate(() -> random.nextInt(Integer.MAX_VALUE))
                .limit(values.length)
                .toArray();
        return new PixelOrder(
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted((a, b) -> values[a] != values[b]
                                ? Float.compare(values[b], values[a])
                                : Integer.compare(ties[a], ties[b]))
                        .mapToInt(Integer::intValue)
                        .toArray(),
                height,
                width);
    }

    /** Which pixels, row by row, are among the first of them. */
    boolean[] first(double share) {
        boolean[] chosen = new boolean[pixels.length];
        long count = Math.round(share * pixels.length);
        for (int i = 0; i < count; i++) {
            chosen[pixels[i]] = true;
        }
        return chosen;
    }

    /** Which are among the last of them. */
    boolean[] last(double share) {
        boolean[] chosen = first(1 - share);
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = !chosen[i];
        }
        return chosen;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
