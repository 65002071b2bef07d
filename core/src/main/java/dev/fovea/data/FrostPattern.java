package dev.fovea.data;

import java.util.SplittableRandom;

/** Frost on a window, drawn: a cloudy film, and needles of ice with branches at 60 degrees. */
final class FrostPattern {

    private static final double FILM = 0.25;
    private static final int NEEDLES = 14;

    private final int height;
    private final int width;
    private final float[] values;
    private final SplittableRandom random;

    private FrostPattern(FloatImage film, SplittableRandom random) {
        height = film.height();
        width = film.width();
        values = film.values();
        this.random = random;
    }

    /** Values from 0 to 1. */
    static FloatImage of(int height, int width, SplittableRandom random) {
        FloatImage film = PlasmaFractal.of(height, width, 1.3, random);
        for (int i = 0; i < film.values().length; i++) {
            film.values()[i] = (float) (FILM + 0.45 * film.values()[i] * film.values()[i]);
        }
        var pattern = new FrostPattern(film, random);
        int longer = Math.max(height, width);
        for (int i = 0; i < NEEDLES; i++) {
            double length = longer * (0.3 + 0.6 * random.nextDouble());
            double angle = 2 * Math.PI * random.nextDouble();
            pattern.needle(width * random.nextDouble(), height * random.nextDouble(), angle, length, 2);
        }
        return SeparableFilter.blurred(film, Math.max(0.35, longer / 320.0), 3, FloatImage::clamped);
    }

    /** A line that grows fainter, with shorter ones to both sides. */
    private void needle(double x, double y, double angle, double length, int generations) {
        double apart = Math.max(2, length / 9);
        double next = apart;
        double strength = 0.3 + 0.4 * random.nextDouble();
        for (double t = 0; t < length; t += 0.5) {
            double atX = x + t * Math.cos(angle);
            double atY = y + t * Math.sin(angle);
            brighten(atX, atY, strength * (1 - t / length));
            if (generations > 0 && t >= next) {
                next += apart * (0.6 + 0.8 * random.nextDouble());
                double side = (length - t) * 0.45;
                needle(atX, atY, angle + Math.PI / 3, side, generations - 1);
                needle(atX, atY, angle - Math.PI / 3, side, generations - 1);
            }
        }
    }

    private void brighten(double x, double y, double by) {
        int column = (int) Math.floor(x);
        int row = (int) Math.floor(y);
        if (column >= 0 && row >= 0 && column < width && row < height) {
            int i = row * width + column;
            values[i] = (float) Math.max(values[i], Math.min(1, FILM + by + 0.3 * values[i]));
        }
    }
}
