package dev.fovea.data;

import java.util.SplittableRandom;

/** Fractal clouds by the diamond-square algorithm, of values from 0 to 1. */
final class PlasmaFractal {

    private final int side;
    private final double[] map;
    private final SplittableRandom random;

    private PlasmaFractal(int side, SplittableRandom random) {
        this.side = side;
        this.random = random;
        map = new double[side * side];
    }

    /**
     * @param decay the authors' "wibbledecay": their program multiplies the random numbers by their amplitude twice, so that
     *     each finer grid is flatter by its square
     */
    static FloatImage of(int height, int width, double decay, SplittableRandom random) {
        var fractal = new PlasmaFractal(side(Math.max(height, width)), random);
        double amplitude = 1;
        for (int step = fractal.side; step >= 2; step /= 2) {
            fractal.squares(step, amplitude);
            fractal.diamonds(step, amplitude);
            amplitude /= decay * decay;
        }
        return fractal.cut(height, width);
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

    private double mean(double four, double amplitude) {
        return four / 4 + amplitude * (2 * random.nextDouble() - 1);
    }

    /** The middle of each square from its corners. */
    private void squares(int step, double amplitude) {
        for (int y = 0; y < side; y += step) {
            for (int x = 0; x < side; x += step) {
                double four = at(y, x) + at(y + step, x) + at(y, x + step) + at(y + step, x + step);
                map[(y + step / 2) * side + x + step / 2] = mean(four, amplitude);
            }
        }
    }

    /** The middle of each side of a square from its ends and the middles of the squares beside it. */
    private void diamonds(int step, double amplitude) {
        int half = step / 2;
        for (int y = 0; y < side; y += step) {
            for (int x = 0; x < side; x += step) {
                map[y * side + x + half] =
                        mean(at(y, x) + at(y, x + step) + at(y + half, x + half) + at(y - half, x + half), amplitude);
                map[(y + half) * side + x] =
                        mean(at(y, x) + at(y + step, x) + at(y + half, x + half) + at(y + half, x - half), amplitude);
            }
        }
    }

    private FloatImage cut(int height, int width) {
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
        return new FloatImage(height, width, 1, values);
    }
}
