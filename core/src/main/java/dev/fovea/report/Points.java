package dev.fovea.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which points a chart can draw: numbers that are not finite are left out, those beyond any sane range are drawn at its
 * end, and both are counted, so that the chart can say so. Ticks for 0.5 beside 1e20 would never come to an end.
 */
final class Points {

    private static final double MOST = 1e9;
    private static final double LEAST = 1e-30;
    private static final double LEAST_POWER = 1e-12;
    private static final double NOTHING = 1e-9;

    private int missing;
    private int clipped;
    private double widest;
    private double highest;

    /** As many of each. */
    record Drawable(double[] x, double[] y) {
        int size() {
            return x.length;
        }
    }

    Drawable drawable(double[] x, double[] y) {
        var points = new ArrayList<double[]>();
        for (int i = 0; i < Math.min(x.length, y.length); i++) {
            points.add(new double[] {x[i], y[i]});
        }
        return drawable(points);
    }

    /** @param points each {@code [x, y]} */
    Drawable drawable(List<double[]> points) {
        var kept = new ArrayList<double[]>();
        for (double[] point : points) {
            if (Double.isFinite(point[0]) && Double.isFinite(point[1])) {
                double[] inside = {limited(point[0]), limited(point[1])};
                clipped += inside[0] != point[0] || inside[1] != point[1] ? 1 : 0;
                kept.add(inside);
                widest = Math.max(widest, Math.abs(inside[0]));
                highest = Math.max(highest, Math.abs(inside[1]));
            } else {
                missing++;
            }
        }
        return new Drawable(
                kept.stream().mapToDouble(p -> p[0]).toArray(),
                kept.stream().mapToDouble(p -> p[1]).toArray());
    }

    /** For an axis of powers: points whose {@code x} has a logarithm, and no endless number of decades. */
    Drawable positive(double[] x, double[] y) {
        var kept = new ArrayList<double[]>();
        for (int i = 0; i < Math.min(x.length, y.length); i++) {
            if (x[i] >= LEAST_POWER) {
                kept.add(new double[] {x[i], y[i]});
            } else {
                missing++;
            }
        }
        return drawable(kept);
    }

    /** The largest distance from 0 along x. */
    double widest() {
        return widest;
    }

    /** The largest distance from 0 along y. */
    double highest() {
        return highest;
    }

    /** The values, those that are nothing beside the largest as 0: 1e-29 beside 1 makes as many ticks as 0.5 beside 1e29. */
    static double[] atScale(double[] values, double largest) {
        return Arrays.stream(values)
                .map(value -> Math.abs(value) < NOTHING * largest ? 0 : value)
                .toArray();
    }

    /** What was left out or moved; empty where nothing was. */
    String words() {
        var words = new ArrayList<String>();
        if (clipped > 0) {
            words.add("%s beyond 1e9 drawn there".formatted(clipped));
        }
        if (missing > 0) {
            words.add("%s without a finite value left out".formatted(missing));
        }
        return String.join(", ", words);
    }

    private static double limited(double value) {
        double size = Math.abs(value);
        return size > MOST ? Math.copySign(MOST, value) : size < LEAST ? 0 : value;
    }
}
