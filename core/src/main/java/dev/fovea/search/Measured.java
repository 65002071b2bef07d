package dev.fovea.search;

import dev.fovea.data.Splits;
import dev.fovea.run.Runs;
import dev.fovea.train.Recipe;
import java.util.Locale;

/**
 * A candidate and how fast it is on this machine.
 *
 * @param epochSeconds of an epoch with its validation
 * @param setupSeconds before the first step
 */
record Measured(Candidate candidate, double epochSeconds, double setupSeconds) {

    /** A forward pass without gradients takes about a third of a training step. */
    private static final double FORWARD = 0.4;

    private static final int LEAST_SHORT = 3;

    /** The share of the time for which epochs are planned: a machine does not keep its speed. */
    static final double CAUTION = 0.9;

    /** What a validation adds to an epoch, as a share of it. */
    static double validationShare(Candidate candidate, Splits data) {
        double share = candidate.recipe().selection().validation();
        return FORWARD
                * (data.validation().size() > 0
                        ? (double) data.validation().size() / data.train().size()
                        : share);
    }

    /** Seconds that are kept for the evaluation and the report behind the last training. */
    static double finishing(double limit) {
        return Math.min(0.3 * limit, 4 + 0.06 * limit);
    }

    /** The same of fewer training images. */
    Measured of(double share) {
        return new Measured(candidate, share * epochSeconds, setupSeconds);
    }

    /** The same with another recipe, as fast as a whole training by it was, if its epochs are alike. */
    Measured of(Recipe recipe, Runs.Row training) {
        boolean alike = !recipe.transfer().later()
                && recipe.input().progressiveResizing().off()
                && recipe.input().multiScale() == 1;
        double seconds = alike && training.epochs() > 0 ? training.seconds() / training.epochs() : epochSeconds;
        return new Measured(candidate.with(recipe), seconds, setupSeconds);
    }

    String name() {
        return candidate.name();
    }

    /** How many epochs can be done in that time. */
    int epochs(double seconds) {
        return (int) Math.max(0, (seconds - setupSeconds) / epochSeconds);
    }

    /** Seconds of that time that a training of the most epochs leaves, 0 where it takes all. */
    double spare(double seconds) {
        return Math.max(0, seconds - setupSeconds - candidate.mostEpochs() * epochSeconds / CAUTION);
    }

    /** How many epochs are planned in that time. */
    int plannedEpochs(double seconds) {
        return Math.min(epochs(CAUTION * seconds), candidate.mostEpochs());
    }

    /** With fewer epochs short trainings say nothing about long ones. */
    int leastShort() {
        return Math.max(LEAST_SHORT, candidate.leastEpochs() / 2);
    }

    /** Whether it can be trained long enough in that time to be worth it. */
    boolean fits(double seconds) {
        return epochs(seconds) >= candidate.leastEpochs();
    }

    /** For people. */
    String words(double seconds) {
        int epochs = Math.min(epochs(seconds), candidate.mostEpochs());
        return String.format(
                Locale.ROOT,
                "%s (%s): %.1f s an epoch here, there is time for %s%s.",
                name(),
                candidate.why(),
                epochSeconds,
                words(epochs),
                fits(seconds) ? "" : ", too few: it needs %s".formatted(candidate.leastEpochs()));
    }

    /** A number of epochs for people. */
    static String words(int epochs) {
        return epochs == 0 ? "less than an epoch" : epochs == 1 ? "1 epoch" : epochs + " epochs";
    }
}
