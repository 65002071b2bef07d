package dev.fovea.data;

import java.util.SplittableRandom;

/** Random changes of colour, in place: brightness, contrast, saturation, hue, channel shift, greying. */
record Colour(Augment augment) {

    void apply(byte[] out, int at, int pixels, int channels, SplittableRandom random) {
        double bright = 1 + Augment.symmetric(random, augment.brightness());
        double strong = 1 + Augment.symmetric(random, augment.contrast());
        double rich = 1 + Augment.symmetric(random, augment.saturation());
        double turn = 2 * Math.PI * Augment.symmetric(random, augment.hue());
        double[] shift = new double[channels];
        for (int c = 0; c < channels; c++) {
            shift[c] = Augment.symmetric(random, augment.channelShift());
        }
        boolean grey = augment.grayscale() > 0 && random.nextDouble() < augment.grayscale();
        double mean = strong == 1 ? 0 : mean(out, at, pixels * channels) * bright;
        double cos = Math.cos(turn);
        double sin = Math.sin(turn);
        double[] v = new double[3];
        for (int p = 0; p < pixels; p++) {
            int i = at + p * channels;
            for (int c = 0; c < channels; c++) {
                v[c] = mean + ((out[i + c] & 0xFF) * bright - mean) * strong;
            }
            if (channels == 3) {
                paint(v, grey ? 0 : rich, cos, sin);
            }
            for (int c = 0; c < channels; c++) {
                out[i + c] = (byte) (int) Math.round(Math.max(0, Math.min(255, v[c] + shift[c])));
            }
        }
    }

    /** Saturation and hue in YIQ: the distance from grey scaled and turned. */
    private static void paint(double[] v, double rich, double cos, double sin) {
        double y = 0.299 * v[0] + 0.587 * v[1] + 0.114 * v[2];
        double i = (0.5959 * v[0] - 0.2746 * v[1] - 0.3213 * v[2]) * rich;
        double q = (0.2115 * v[0] - 0.5227 * v[1] + 0.3112 * v[2]) * rich;
        double ti = cos * i - sin * q;
        double tq = sin * i + cos * q;
        v[0] = y + 0.956 * ti + 0.619 * tq;
        v[1] = y - 0.272 * ti - 0.647 * tq;
        v[2] = y - 1.106 * ti + 1.703 * tq;
    }

    private static double mean(byte[] out, int at, int count) {
        long sum = 0;
        for (int i = at; i < at + count; i++) {
            sum += out[i] & 0xFF;
        }
        return sum / (double) count;
    }
}
