package dev.fovea.explain;

import java.util.SplittableRandom;

/**
 * Noisy linear imputation (Rong et al. 2022, <a href="https://arxiv.org/abs/2202.00449">2202.00449</a>, section 4.2): every
 * pixel that is taken away becomes the weighted mean of its eight neighbours, those beside it counting twice as much as
 * those across, with a little noise. What was taken away can then hardly be told from the shape of the hole.
 *
 * <p>The equations of all such pixels are solved by conjugate gradients.
 */
record Imputation(boolean[] removed, int height, int width) {

    private static final double BESIDE = 1 / 6.0;
    private static final double ACROSS = 1 / 12.0;
    private static final double NOISE = 0.01;
    private static final double PRECISE = 1e-4;
    private static final int MOST_STEPS = 300;

    /**
     * @param channel row by row
     * @param deviation of the image's values, of which the noise has a share
     */
    float[] apply(float[] channel, double deviation) {
        double[] known = new double[channel.length];
        double mean = 0;
        int count = 0;
        for (int i = 0; i < channel.length; i++) {
            if (!removed[i]) {
                mean += channel[i];
                count++;
            }
        }
        mean = count == 0 ? 0 : mean / count;
        for (int i = 0; i < channel.length; i++) {
            known[i] = removed[i] ? mean : channel[i];
        }
        if (count > 0) {
            solve(known);
        }
        var random = new SplittableRandom(1);
        float[] filled = new float[channel.length];
        for (int i = 0; i < channel.length; i++) {
            filled[i] = (float) (removed[i] ? known[i] + NOISE * deviation * random.nextGaussian() : known[i]);
        }
        return filled;
    }

    /** Changes the values of removed pixels, which begin as a guess. */
    private void solve(double[] x) {
        double[] residual = laplacian(x);
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            residual[i] = -residual[i];
            squares += residual[i] * residual[i];
        }
        double[] direction = residual.clone();
        double enough = squares * PRECISE * PRECISE;
        for (int step = 0; step < MOST_STEPS && squares > enough; step++) {
            double[] image = laplacian(direction);
            double along = 0;
            for (int i = 0; i < x.length; i++) {
                along += direction[i] * image[i];
            }
            double length = squares / along;
            double next = 0;
            for (int i = 0; i < x.length; i++) {
                x[i] += length * direction[i];
                residual[i] -= length * image[i];
                next += residual[i] * residual[i];
            }
            for (int i = 0; i < x.length; i++) {
                direction[i] = residual[i] + next / squares * direction[i];
            }
            squares = next;
        }
    }

    /** Of each removed pixel its weighted differences to all neighbours; 0 of the others. */
    private double[] laplacian(double[] x) {
        double[] sums = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            if (removed[i]) {
                int row = i / width;
                int column = i % width;
                double sum = 0;
                for (int y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
                    for (int c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) {
                        sum += (y == row || c == column ? BESIDE : ACROSS) * (x[i] - x[y * width + c]);
                    }
                }
                sums[i] = sum;
            }
        }
        return sums;
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
