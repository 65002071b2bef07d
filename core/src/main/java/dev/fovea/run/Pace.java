package dev.fovea.run;

import dev.fovea.train.Listener.Start;
import dev.fovea.train.Listener.Step;
import java.util.OptionalDouble;

/** How fast a run goes, by the epoch under way and the one before: how long it will take from here. */
final class Pace {

    private double secondsBefore;
    private int stepsBefore;
    private double seconds;
    private int steps;
    private long lastStep;
    private double around;

    void step(Step step, Start start) {
        seconds = step.seconds();
        steps++;
        if (step.stepInEpoch() == start.stepsPerEpoch()) {
            lastStep = System.nanoTime();
        }
    }

    /** An epoch with its validation is over. */
    void epoch() {
        around = lastStep == 0 ? around : (System.nanoTime() - lastStep) / 1e9;
        lastStep = 0;
        secondsBefore = seconds;
        stepsBefore = steps;
        seconds = 0;
        steps = 0;
    }

    /** What was measured across a pause does not count. */
    void interrupted() {
        lastStep = 0;
    }

    /** Until the last epoch is validated; of none before two steps are done. */
    OptionalDouble secondsLeft(Start start, int epoch, int step) {
        int measured = steps + stepsBefore;
        if (measured < 2) {
            return OptionalDouble.empty();
        }
        double each = (seconds + secondsBefore) / measured;
        boolean over = steps == 0; // the epoch that ended last is still the one that is named
        double ofThis = over ? 0 : each * Math.max(0, start.stepsPerEpoch() - step) + around;
        return OptionalDouble.of(ofThis + (start.epochs() - epoch) * (each * start.stepsPerEpoch() + around));
    }
}
