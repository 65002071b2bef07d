package dev.fovea.metrics;

/** Probabilities of logits, as plain numbers. */
public final class Softmax {

    private Softmax() {}

    /** Of logits divided by {@code temperature}; they make 1. */
    public static float[] of(float[] logits, double temperature) {
        double most = logits[best(logits)] / temperature;
        double[] powers = new double[logits.length];
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            powers[c] = Math.exp(logits[c] / temperature - most);
            sum += powers[c];
        }
        float[] shares = new float[logits.length];
        for (int c = 0; c < logits.length; c++) {
            shares[c] = (float) (powers[c] / sum);
        }
        return shares;
    }

    /** {@code log(sum(exp(logits)))}, without overflow. */
    public static double logSumExp(float[] logits) {
        double most = logits[best(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        return most + Math.log(sum);
    }

    /** The position of the largest value, the first of equals. */
    public static int best(float[] values) {
        int best = 0;
        for (int c = 1; c < values.length; c++) {
            best = values[c] > values[best] ? c : best;
        }
        return best;
    }
}
