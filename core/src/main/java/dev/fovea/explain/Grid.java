package dev.fovea.explain;

import dev.fovea.engine.Tensor;

/** Maps as arrays. */
final class Grid {

    private Grid() {}

    /** What is above 0 as shares of the largest, [h, w] to [h][w]; all 0 where nothing is. */
    static float[][] positive(Tensor map) {
        int height = (int) map.size(0);
        int width = (int) map.size(1);
        float[] values = map.toFloats();
        float most = 0;
        for (float value : values) {
            most = Math.max(most, value);
        }
        float[][] rows = new float[height][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = most == 0 ? 0 : Math.max(0, values[i]) / most;
        }
        return rows;
    }

    /** [h][w] to [1, 1, height, width], read bilinearly. */
    static Tensor stretched(float[][] map, long height, long width) {
        float[] values = new float[map.length * map[0].length];
        for (int y = 0; y < map.length; y++) {
            System.arraycopy(map[y], 0, values, y * map[0].length, map[0].length);
        }
        Tensor grid = Tensor.of(values, 1, 1, map.length, map[0].length);
        return map.length == height && map[0].length == width ? grid : grid.upsampleBilinear(height, width);
    }
}
