package dev.fovea.image;

/** How a resized pixel is made from its neighbours; the kernels are PIL's. */
public enum Filter {
    NEAREST(0) {
        @Override
        double weight(double x) {
            return 1;
        }
    },
    BILINEAR(1) {
        @Override
        double weight(double x) {
            double a = Math.abs(x);
            return a < 1 ? 1 - a : 0;
        }
    },
    /** Keys' cubic with a = -0.5. */
    BICUBIC(2) {
        @Override
        double weight(double x) {
            double a = Math.abs(x);
            if (a < 1) {
                return (1.5 * a - 2.5) * a * a + 1;
            }
            return a < 2 ? ((-0.5 * a + 2.5) * a - 4) * a + 2 : 0;
        }
    };

    final double support;

    Filter(double support) {
        this.support = support;
    }

    abstract double weight(double x);
}
