package dev.fovea.image;

/**
 * How a resized pixel is made from its neighbours. Antialiased, the kernels are PIL's; without that they are those of
 * PyTorch's {@code interpolate}, which differ for the cubic one.
 */
public enum Filter {
    NEAREST(0) {
        @Override
        double weight(double x, boolean antialias) {
            return 1;
        }
    },
    BILINEAR(1) {
        @Override
        double weight(double x, boolean antialias) {
            double a = Math.abs(x);
            return a < 1 ? 1 - a : 0;
        }
    },
    /** Keys' cubic with a = -0.5, without antialiasing with a = -0.75. */
    BICUBIC(2) {
        @Override
        double weight(double x, boolean antialias) {
            double a = antialias ? -0.5 : -0.75;
            double d = Math.abs(x);
            if (d < 1) {
                return ((a + 2) * d - (a + 3)) * d * d + 1;
            }
            return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
        }
    };

    final double support;

    Filter(double support) {
        this.support = support;
    }

    /** @param x distance in source pixels, where shrinking is antialiased in units of the scale */
    abstract double weight(double x, boolean antialias);
}
