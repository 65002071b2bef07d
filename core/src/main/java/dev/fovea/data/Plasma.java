package dev.fovea.data;

import java.util.SplittableRandom;

/** Clouds by the diamond-square algorithm, of values from 0 to 1. */
final class Plasma {

    private final int side;
    private final double[] map;
    private final SplittableRandom random;

    private Plasma(int side, SplittableRandom random) {
        this.side = side;
        this.random = random;
        map = new double[side * side];
    }

    /** @param decay by how much the height of each finer grid is divided */
    static Levels of(int height, int width, double decay, SplittableRandom random) {
        var plasma = new Plasma(side(Math.max(height, width)), random);
        double wobble = 1;
        for (int step = plasma.side; step >= 2; step /= 2) {
            plasma.squares(step, wobble);
            plasma.diamonds(step, wobble);
            wobble /= decay;
        }
        return plasma.cut(height, width);
    }

    /** A power of two, and not of so few points that there is no cloud. */
    private static int side(int least) {
        int side = 32;
        while (side < least) {
            side *= 2;
        }
        return side;
    }

    private double at(int y, int x) {
        return map[(y & (side - 1)) * side + (x & (side - 1))];
    }

    private double mean(double four, double wobble) {
        return four / 4 + wobble * (2 * random.nextDouble() - 1);
    }

    /** The middle of each square from its corners. */
    private void squares(int step, double wobble) {
        for (int y = 0; y < side; y += step) {
            for (int x = 0; x < side; x += step) {
                double four = at(y, x) + at(y + step, x) + at(y, x + step) + at(y + step, x + step);
                map[(y + step / 2) * side + x + step / 2] = mean(four, wobble);
            }
        }
    }

    /** The middle of each side of a square from its ends and the middles of the squares beside it. */
    private void diamonds(int step, double wobble) {
        int half = step / 2;
        for (int y = 0; y < side; y += step) {
            for (int x = 0; x < side; x += step) {
                map[y * side + x + half] =
                        mean(at(y, x) + at(y, x + step) + at(y + half, x + half) + at(y - half, x + half), wobble);
                map[(y + half) * side + x] =
                        mean(at(y, x) + at(y + step, x) + at(y + half, x + half) + at(y + half, x - half), wobble);
            }
        }
    }

    private Levels cut(int height, int width) {
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        for (double value : map) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        float[] values = new float[height * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                values[y * width + x] = (float) ((map[y * side + x] - least) / (most - least));
            }
        }
        return new Levels(height, width, 1, values);
    }
}
