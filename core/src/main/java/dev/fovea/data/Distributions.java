package dev.fovea.data;

import java.util.SplittableRandom;

/** Random numbers that are not even, by methods of our own: Java's generators draw others in other releases. */
final class Distributions {

    private Distributions() {}

    /** Of mean 0 and deviation 1, by Box and Muller. */
    static double gaussian(SplittableRandom random) {
        double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
        return radius * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** From Beta(alpha, alpha), by two Gamma variates. */
    static double beta(double alpha, SplittableRandom random) {
        double a = gamma(alpha, random);
        double b = gamma(alpha, random);
        return a + b > 0 ? a / (a + b) : random.nextInt(2); // both too small to tell: one of the ends
    }

    /** From Dirichlet(alpha, ..., alpha): shares that sum to 1. */
    static double[] dirichlet(double alpha, int count, SplittableRandom random) {
        double[] shares = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            shares[i] = gamma(alpha, random);
            sum += shares[i];
        }
        if (sum == 0) { // all too small to tell: one of the corners
            shares[random.nextInt(count)] = 1;
            sum = 1;
        }
        for (int i = 0; i < count; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    /** Marsaglia and Tsang 2000, with their power of an even number for shapes below 1. */
    private static double gamma(double shape, SplittableRandom random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
        }
        double d = shape - 1 / 3.0;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = gaussian(random);
            double v = Math.pow(1 + c * normal, 3);
            if (v > 0 && Math.log(random.nextDouble()) < normal * normal / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }

    /**
     * From a Poisson distribution, by counting how many even numbers multiply to what is left of 1; large means in halves,
     * so that the product does not underflow.
     */
    static int poisson(double mean, SplittableRandom random) {
        if (mean > 500) {
            return poisson(mean / 2, random) + poisson(mean / 2, random);
        }
        double least = Math.exp(-mean);
        int count = -1;
        double product = 1;
        do {
            count++;
            product *= random.nextDouble();
        } while (product > least);
        return count;
    }
}
