package dev.fovea.image;

import java.util.List;

/**
 * Resampling by maps that turn or shear. The kernel is that of the axes, stretched wherever the map shrinks, along
 * whichever direction it does: for a map that only scales it is PIL's.
 */
final class Slanted {

    private static final int BITS = 11;
    private static final int ONE = 1 << BITS;

    private final Sampler.Step[] steps;
    private final Size out;
    private final Filter filter;
    private final boolean interpolates;

    /** From source pixels to units of the kernel, and how far the kernel reaches in source pixels. */
    private final double uu;

    private final double uv;
    private final double vv;
    private final double reachX;
    private final double reachY;

    Slanted(List<Sampler.Step> steps, Size out, Filter filter) {
        this.steps = steps.toArray(new Sampler.Step[0]);
        this.out = out;
        this.filter = filter;
        Affine back = Affine.IDENTITY;
        for (Sampler.Step step : steps) {
            back = back.then(step.back());
        }
        // back = M Q with a turn Q and a symmetric M: M's eigenvalues are the scales, and none shall be below 1.
        double a = back.xx() * back.xx() + back.xy() * back.xy();
        double b = back.xx() * back.yx() + back.xy() * back.yy();
        double d = back.yx() * back.yx() + back.yy() * back.yy();
        double mean = (a + d) / 2;
        double away = Math.hypot((a - d) / 2, b);
        double large = Math.max(1, Math.sqrt(mean + away));
        double small = Math.max(1, Math.sqrt(Math.max(0, mean - away)));
        double cos = away < 1e-12 ? 1 : (a - d) / 2 / away; // of twice the angle of the larger one
        double sin = away < 1e-12 ? 0 : b / away;
        double half = (large - small) / 2;
        double middle = (large + small) / 2;
        double xx = middle + half * cos;
        double yy = middle - half * cos;
        double xy = half * sin;
        double det = large * small;
        uu = yy / det;
        uv = -xy / det;
        vv = xx / det;
        reachX = filter.support * (xx + Math.abs(xy));
        reachY = filter.support * (yy + Math.abs(xy));
        interpolates = filter == Filter.BILINEAR && large < 1 + 1e-9;
    }

    void apply(Image image, byte[] pixels, int at) {
        int c = image.channels();
        double[] place = new double[2];
        int to = at;
        for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
                int constant = source(x + 0.5, y + 0.5, place);
                if (constant >= 0) {
                    for (int k = 0; k < c; k++) {
                        pixels[to + k] = (byte) constant;
                    }
                } else if (filter == Filter.NEAREST) {
                    System.arraycopy(
                            image.pixels(), ((int) place[1] * image.width() + (int) place[0]) * c, pixels, to, c);
                } else if (interpolates) {
                    interpolate(image, place[0] - 0.5, place[1] - 0.5, pixels, to);
                } else {
                    weigh(image, place[0], place[1], pixels, to);
                }
                to += c;
            }
        }
    }

    /** Where a place of the output comes from; returns the constant that stands there, or -1. */
    private int source(double x, double y, double[] place) {
        double atX = x;
        double atY = y;
        for (Sampler.Step step : steps) {
            double nextX = step.back().x(atX, atY);
            double nextY = step.back().y(atX, atY);
            Size within = step.within();
            if (nextX < 0 || nextX >= within.width()) {
                nextX = step.fill().fold(nextX, within.width());
            }
            if (nextY < 0 || nextY >= within.height()) {
                nextY = step.fill().fold(nextY, within.height());
            }
            if (nextX == Fill.OUTSIDE || nextY == Fill.OUTSIDE) {
                return step.fillValue();
            }
            atX = nextX;
            atY = nextY;
        }
        place[0] = atX;
        place[1] = atY;
        return -1;
    }

    /** Bilinear, in fixed point: two weights of 11 bits and a value of 8 stay below 31. */
    private static void interpolate(Image image, double x, double y, byte[] out, int to) {
        int c = image.channels();
        byte[] in = image.pixels();
        int left = (int) (x + 0.5) - 1; // of a place from the middle of the first pixel on, which is at least -0.5
        int top = (int) (y + 0.5) - 1;
        int wx = (int) ((x - left) * ONE + 0.5);
        int wy = (int) ((y - top) * ONE + 0.5);
        if (wx >= ONE) {
            left++;
            wx -= ONE;
        }
        if (wy >= ONE) {
            top++;
            wy -= ONE;
        }
        int x0 = Math.max(0, left) * c;
        int x1 = Math.min(image.width() - 1, left + 1) * c;
        int y0 = Math.max(0, top) * image.width() * c;
        int y1 = Math.min(image.height() - 1, top + 1) * image.width() * c;
        for (int k = 0; k < c; k++) {
            int upper = (ONE - wx) * (in[y0 + x0 + k] & 0xFF) + wx * (in[y0 + x1 + k] & 0xFF);
            int lower = (ONE - wx) * (in[y1 + x0 + k] & 0xFF) + wx * (in[y1 + x1 + k] & 0xFF);
            out[to + k] = (byte) (((ONE - wy) * upper + wy * lower + ONE * ONE / 2) >> (2 * BITS));
        }
    }

    private void weigh(Image image, double x, double y, byte[] out, int to) {
        int c = image.channels();
        byte[] in = image.pixels();
        int left = Math.max(0, (int) (x - reachX + 0.5));
        int right = Math.min(image.width(), (int) (x + reachX + 0.5));
        int top = Math.max(0, (int) (y - reachY + 0.5));
        int bottom = Math.min(image.height(), (int) (y + reachY + 0.5));
        double sum = 0;
        double first = 0;
        double second = 0;
        double third = 0;
        for (int j = top; j < bottom; j++) {
            double dy = j + 0.5 - y;
            int from = (j * image.width() + left) * c;
            for (int i = left; i < right; i++) {
                double dx = i + 0.5 - x;
                double weight = filter.weight(uu * dx + uv * dy) * filter.weight(uv * dx + vv * dy);
                sum += weight;
                first += weight * (in[from] & 0xFF);
                if (c == 3) {
                    second += weight * (in[from + 1] & 0xFF);
                    third += weight * (in[from + 2] & 0xFF);
                }
                from += c;
            }
        }
        out[to] = rounded(first / sum);
        if (c == 3) {
            out[to + 1] = rounded(second / sum);
            out[to + 2] = rounded(third / sum);
        }
    }

    private static byte rounded(double value) {
        return (byte) (int) Math.max(0, Math.min(255, value + 0.5));
    }
}
