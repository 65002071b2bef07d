package dev.fovea.image;

import java.util.Arrays;
import java.util.List;

/**
 * Resampling by maps that turn or shear, or in perspective. The kernel is that of the axes, stretched wherever the map shrinks,
 * along whichever direction it does: for a map that only scales it is PIL's. In perspective it is that of the middle.
 */
final class Slanted {

    private static final int BITS = 11;
    private static final int ONE = 1 << BITS;

    /** Pixels by which rounding may lead past an edge. */
    private static final double EDGE = 1e-6;

    private final Sampler.Step[] steps;

    /** From the output to the input of each step. */
    private final Projective[] maps;

    /** From the output to the image. */
    private final Projective back;

    private final Size out;
    private final Filter filter;
    private final boolean antialias;
    private final boolean interpolates;
    private final boolean affine;

    /** From source pixels to units of the kernel, and how far the kernel reaches in source pixels. */
    private final double uu;

    private final double uv;
    private final double vv;
    private final double reachX;
    private final double reachY;

    /** @param antialias whether the kernel widens where the map shrinks */
    Slanted(List<Sampler.Step> steps, Size out, Filter filter, boolean antialias) {
        this.steps = steps.toArray(new Sampler.Step[0]);
        this.out = out;
        this.filter = filter;
        this.antialias = antialias;
        maps = new Projective[steps.size()];
        for (int i = 0; i < maps.length; i++) {
            Projective own = steps.get(i).back();
            maps[i] = i == 0 ? own : maps[i - 1].then(own);
        }
        back = maps[maps.length - 1];
        affine = Arrays.stream(maps).allMatch(Projective::affine);
        Projective near = back.near(out.width() / 2.0, out.height() / 2.0);
        // near = M Q with a turn Q and a symmetric M: M's eigenvalues are the scales, and none shall be below 1.
        double a = near.xx() * near.xx() + near.xy() * near.xy();
        double b = near.xx() * near.yx() + near.xy() * near.yy();
        double d = near.yx() * near.yx() + near.yy() * near.yy();
        double mean = (a + d) / 2;
        double away = Math.hypot((a - d) / 2, b);
        double large = antialias ? Math.max(1, Math.sqrt(mean + away)) : 1;
        double small = antialias ? Math.max(1, Math.sqrt(Math.max(0, mean - away))) : 1;
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
        for (int y = 0; y < out.height(); y++) {
            int row = at + y * out.width() * c;
            boolean runs = interpolates && affine;
            int inside = runs ? inside(y, true) : out.width();
            int outside = runs ? Math.max(inside, inside(y, false)) : out.width();
            for (int x = 0; x < inside; x++) {
                anywhere(image, x, y, place, pixels, row + x * c);
            }
            if (inside < outside) {
                within(image, inside, outside, y, pixels, row);
            }
            for (int x = outside; x < out.width(); x++) {
                anywhere(image, x, y, place, pixels, row + x * c);
            }
        }
    }

    /**
     * Where a row of the output enters or leaves what lies within all inputs, and a pixel within the image.
     *
     * @param entering whether the first pixel within is meant, or the first behind
     */
    private int inside(int y, boolean entering) {
        double first = 0;
        double end = out.width();
        for (int i = 0; i < steps.length; i++) {
            Projective to = maps[i];
            Size within = steps[i].within();
            double margin = i == steps.length - 1 ? 1 : 0;
            double atX = to.xy() * (y + 0.5) + to.x0();
            double atY = to.yy() * (y + 0.5) + to.y0();
            double right = within.width() - margin;
            double bottom = within.height() - margin;
            first = Math.max(first, Math.max(from(to.xx(), atX, margin, right), from(to.yx(), atY, margin, bottom)));
            end = Math.min(end, Math.min(until(to.xx(), atX, margin, right), until(to.yx(), atY, margin, bottom)));
        }
        return (int) Math.max(0, Math.min(out.width(), entering ? Math.ceil(first) : Math.floor(end)));
    }

    /** The least x from which {@code slope (x + 0.5) + at} lies within, if it ever does. */
    private static double from(double slope, double at, double least, double most) {
        if (slope == 0) {
            return at > least && at < most ? 0 : Double.MAX_VALUE;
        }
        return ((slope > 0 ? least : most) - at) / slope - 0.5 + EDGE;
    }

    private static double until(double slope, double at, double least, double most) {
        if (slope == 0) {
            return at > least && at < most ? Double.MAX_VALUE : 0;
        }
        return ((slope > 0 ? most : least) - at) / slope - 0.5 - EDGE;
    }

    /** A run of pixels between four that are all there; places are fixed-point numbers, as steps of doubles are slow. */
    private void within(Image image, int first, int end, int y, byte[] pixels, int row) {
        byte[] in = image.pixels();
        int c = image.channels();
        int stride = image.width() * c;
        long fromX = fixed(back.xx() * (first + 0.5) + back.xy() * (y + 0.5) + back.x0() - 0.5);
        long fromY = fixed(back.yx() * (first + 0.5) + back.yy() * (y + 0.5) + back.y0() - 0.5);
        long stepX = fixed(back.xx());
        long stepY = fixed(back.yx());
        int to = row + first * c;
        for (int x = first; x < end; x++) {
            int wx = weight(fromX);
            int wy = weight(fromY);
            int upperLeft = (ONE - wx) * (ONE - wy);
            int upperRight = wx * (ONE - wy);
            int lowerLeft = (ONE - wx) * wy;
            int lowerRight = wx * wy;
            int a = (int) (fromY >> 32) * stride + (int) (fromX >> 32) * c;
            int b = a + stride;
            pixels[to] = mixed(in, a, b, c, upperLeft, upperRight, lowerLeft, lowerRight);
            if (c == 3) {
                pixels[to + 1] = mixed(in, a + 1, b + 1, c, upperLeft, upperRight, lowerLeft, lowerRight);
                pixels[to + 2] = mixed(in, a + 2, b + 2, c, upperLeft, upperRight, lowerLeft, lowerRight);
            }
            to += c;
            fromX += stepX;
            fromY += stepY;
        }
    }

    private static byte mixed(byte[] in, int a, int b, int next, int w1, int w2, int w3, int w4) {
        int sum = w1 * (in[a] & 0xFF)
                + w2 * (in[a + next] & 0xFF)
                + w3 * (in[b] & 0xFF)
                + w4 * (in[b + next] & 0xFF)
                + ONE * ONE / 2;
        return (byte) (sum >> (2 * BITS));
    }

    /** With 32 bits behind the point. */
    private static long fixed(double value) {
        return Math.round(value * (1L << 32));
    }

    /** What lies behind the point, rounded to {@link #BITS} bits: 0 to {@link #ONE}. */
    private static int weight(long fixed) {
        return (int) (((fixed & 0xFFFFFFFFL) + (1L << (31 - BITS))) >>> (32 - BITS));
    }

    /** Any pixel. */
    private void anywhere(Image image, int x, int y, double[] place, byte[] pixels, int to) {
        int constant = source(x + 0.5, y + 0.5, place);
        if (constant >= 0) {
            Arrays.fill(pixels, to, to + image.channels(), (byte) constant);
        } else if (filter == Filter.NEAREST) {
            int from = ((int) place[1] * image.width() + (int) place[0]) * image.channels();
            System.arraycopy(image.pixels(), from, pixels, to, image.channels());
        } else if (interpolates) {
            interpolate(image, place[0] - 0.5, place[1] - 0.5, pixels, to);
        } else {
            weigh(image, place[0], place[1], pixels, to);
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
                double weight =
                        filter.weight(uu * dx + uv * dy, antialias) * filter.weight(uv * dx + vv * dy, antialias);
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
