package dev.fovea.search;

import dev.fovea.train.Listener;
import java.util.function.BooleanSupplier;

/** Measures how long an epoch takes from its first steps, and then asks for an end. */
final class EpochTime implements Listener, BooleanSupplier {

    private final double limit;
    private final long began = System.nanoTime();
    private int stepsPerEpoch;
    private int steps;
    private long warm;
    private double setup;
    private double perStep;
    private double whole;

    /** @param limit seconds after which it asks for an end, once two steps are done */
    EpochTime(double limit) {
        this.limit = limit;
    }

    @Override
    public void onStart(Start start) {
        stepsPerEpoch = start.stepsPerEpoch();
        setup = since(began);
    }

    @Override
    public void onStep(Step step) {
        steps++;
        if (steps == 1) { // pays for the start of threads, and for memory that is new
            warm = System.nanoTime();
        } else {
            perStep = since(warm) / (steps - 1);
        }
    }

    @Override
    public void onEpoch(Epoch epoch) {
        whole = epoch.seconds();
    }

    @Override
    public boolean getAsBoolean() {
        return whole > 0 || (steps > 1 && since(warm) > limit);
    }

    /** Seconds of the training steps of an epoch. */
    double epoch() {
        return steps > 1 ? perStep * stepsPerEpoch : whole;
    }

    /** Seconds before the first step. */
    double setup() {
        return setup;
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
