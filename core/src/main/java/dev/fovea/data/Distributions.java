package dev.fovea.data;

import java.util.SplittableRandom;

/** Random numbers that are not even, by methods of our own: Java's generators draw others in other releases. */
final class Distributions {

    private static final double SMALL_MEAN = 10;

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

    /** From a Poisson distribution: small means by a product of even numbers, others by Hörmann's PTRS of 1993. */
    static int poisson(double mean, SplittableRandom random) {
        if (mean >= SMALL_MEAN) {
            return rejected(mean, random);
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

    private static int rejected(double mean, SplittableRandom random) {
        double b = 0.931 + 2.53 * Math.sqrt(mean);
        double a = -0.059 + 0.02483 * b;
        double inverse = 1.1239 + 1.1328 / (b - 3.4);
        double most = 0.9277 - 3.6224 / (b - 2);
        while (true) {
            double u = random.nextDouble() - 0.5;
            double v = random.nextDouble();
            double us = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / us + b) * u + mean + 0.43);
            if (us >= 0.07 && v <= most) {
                return (int) k;
            }
            boolean possible = k >= 0 && (us >= 0.013 || v <= us);
            if (possible
                    && Math.log(v * inverse / (a / (us * us) + b)) <= k * Math.log(mean) - mean - logFactorial(k)) {
                return (int) k;
            }
        }
    }

    /** By Stirling's series, good to 1e-7 from 5 on; below that the product. */
    private static double logFactorial(double k) {
        if (k < 5) {
            double product = 1;
            for (int i = 2; i <= k; i++) {
                product *= i;
            }
            return Math.log(product);
        }
        return k * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI * k) + 1 / (12 * k) - 1 / (360 * k * k * k);
    }
}
