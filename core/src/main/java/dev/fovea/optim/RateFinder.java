package dev.fovea.optim;

import java.util.ArrayList;
import java.util.List;

/**
 * The learning-rate range test (Smith 2015, <a href="https://arxiv.org/abs/1506.01186">1506.01186</a>): rates rise
 * exponentially, losses are smoothed, and the rate where the loss falls fastest is suggested.
 */
public final class RateFinder {

    private static final double SMOOTHING = 0.9;

    private final double lowest;
    private final double highest;
    private final int steps;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private double mean;
    private double best = Double.POSITIVE_INFINITY;
    private boolean exploded;

    /**
     * @param lowest rate to begin with, above 0
     * @param highest rate to end with
     * @param steps at most
     */
    public RateFinder(double lowest, double highest, int steps) {
        if (lowest <= 0 || highest <= lowest || steps < 10) {
            throw new IllegalArgumentException(
                    "rate finder: needs 0 < lowest < highest and at least 10 steps, got %s, %s, %s"
                            .formatted(lowest, highest, steps));
        }
        this.lowest = lowest;
        this.highest = highest;
        this.steps = steps;
    }

    /** The rate of the next step. */
    public double rate() {
        return lowest * Math.pow(highest / lowest, rates.size() / (double) (steps - 1));
    }

    /** Whether there are rates left to try: the loss has not yet exploded to four times its best. */
    public boolean wantsMore() {
        return !exploded && rates.size() < steps;
    }

    /** Takes in the loss of a step at {@link #rate}. */
    public void add(double loss) {
        if (!Double.isFinite(loss)) {
            exploded = true;
            return;
        }
        double now = rate();
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
        double smoothed = mean / (1 - Math.pow(SMOOTHING, rates.size() + 1));
        rates.add(now);
        losses.add(smoothed);
        best = Math.min(best, smoothed);
        exploded = smoothed > 4 * best;
    }

    /** Rates tried. */
    public List<Double> rates() {
        return List.copyOf(rates);
    }

    /** Their losses, smoothed. */
    public List<Double> losses() {
        return List.copyOf(losses);
    }

    /**
     * The rate at which the loss fell fastest per factor of the rate.
     *
     * @throws IllegalStateException if there are too few losses to tell
     */
    public double suggestion() {
        if (losses.size() < 5) {
            throw new IllegalStateException(
                    "rate finder: the loss was not finite after %s steps; the network or the data is at fault"
                            .formatted(losses.size()));
        }
        int steepest = 2;
        for (int i = 2; i < losses.size() - 2; i++) {
            if (losses.get(i + 2) - losses.get(i - 2) < losses.get(steepest + 2) - losses.get(steepest - 2)) {
                steepest = i;
            }
        }
        return rates.get(steepest);
    }
}
