package dev.fovea.search;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Trains trials; a search does not care how. */
interface Trainings {

    /**
     * What came of training a trial up to a number of epochs.
     *
     * @param metric of the validation
     * @param value of it in the best epoch so far; NaN where there was none
     * @param lessIsBetter whether it is an error or a loss
     * @param epochs that are done; fewer than asked for where the recipe's patience ended training
     * @param stopped whether it was stopped from outside
     */
    record Outcome(String metric, double value, boolean lessIsBetter, int epochs, boolean stopped) {

        /** Larger is better. */
        double score() {
            return lessIsBetter ? -value : value;
        }
    }

    /**
     * Trains a trial up to so many epochs in all, going on from where it stands.
     *
     * @param settings {@code key=value} over the recipe
     * @param stop asked after every step; true ends the training, which can go on later
     * @throws RuntimeException if it cannot be trained with these values
     */
    Outcome train(Trial trial, List<String> settings, int epochs, BooleanSupplier stop);

    /** A reading of the clock by which they are timed, in nanoseconds. */
    default long nanos() {
        return System.nanoTime();
    }
}
