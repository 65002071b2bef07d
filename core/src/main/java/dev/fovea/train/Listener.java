package dev.fovea.train;

import dev.fovea.image.Image;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Watches a run through immutable events; it can change nothing. */
public interface Listener {

    /**
     * The shape of the run that begins: where it stands and where it goes.
     *
     * @param criterion the validation metric that picks the best epoch
     */
    record Start(
            int firstEpoch,
            int epochs,
            int stepsPerEpoch,
            long images,
            String device,
            String precision,
            String criterion) {}

    /**
     * One optimizer update, of one batch or of as many as are accumulated for it.
     *
     * @param epoch from 1
     * @param stepInEpoch from 1
     * @param loss the mean loss of this epoch so far; of none before the first step of the phase that has it
     * @param metrics means of this epoch so far
     * @param images images of this step
     * @param seconds since the epoch began in this process
     * @param own the loss of this step alone; of none where the step has no phase that has it
     */
    record Step(
            int epoch,
            int stepInEpoch,
            OptionalDouble loss,
            Map<String, Double> metrics,
            double lr,
            int images,
            double seconds,
            OptionalDouble own) {}

    /**
     * One epoch with its validation.
     *
     * @param validation empty where there is no validation data
     * @param imagesPerSecond of training alone, without validation
     * @param best whether this is the best epoch so far, where the best one is kept
     * @param samples images that the network generates now; none for most tasks
     * @param mistakes the worst of the validation, worst first; none for most tasks
     */
    record Epoch(
            int epoch,
            Map<String, Double> train,
            Map<String, Double> validation,
            double lr,
            double seconds,
            double imagesPerSecond,
            boolean best,
            List<Image> samples,
            List<Validation.Mistake> mistakes) {

        /** The same once it is known whether it is the best, and what the network generates. */
        Epoch with(boolean isBest, List<Image> generated) {
            return new Epoch(epoch, train, validation, lr, seconds, imagesPerSecond, isBest, generated, mistakes);
        }

        /** Its numbers by name, as {@code metrics.csv} has them. */
        public Map<String, Double> row() {
            var row = new LinkedHashMap<String, Double>();
            row.put("epoch", (double) epoch);
            train.forEach((name, value) -> row.put("train_" + name, value));
            validation.forEach((name, value) -> row.put("validation_" + name, value));
            row.put("lr", lr);
            row.put("seconds", seconds);
            row.put("images_per_second", imagesPerSecond);
            return row;
        }
    }

    /** How many generated images it wants after each epoch; there may be more. */
    default int samples() {
        return 0;
    }

    /** Why a run ended. */
    enum End {
        /** All epochs are done. */
        FINISHED,
        /** The criterion no longer improved. */
        EARLY,
        /** The time limit was reached, or the user asked; the run can be resumed. */
        STOPPED
    }

    /** The run has its folder, or goes on in it; what comes before its first step may take long. */
    default void onFolder(Path folder) {}

    /** The run begins, or goes on. */
    default void onStart(Start start) {}

    /** An update was made. */
    default void onStep(Step step) {}

    /** An epoch ended. */
    default void onEpoch(Epoch epoch) {}

    /** The run waits between two steps, as it was asked to, or goes on. */
    default void onPause(boolean paused) {}

    /** Something looks wrong; the run goes on. */
    default void onRemark(String text) {}

    /** A checkpoint was written. */
    default void onCheckpoint(Path file) {}

    /** All epochs are done, and these weights are the model's. */
    default void onSelected(SelectedEpoch epoch) {}

    /** The run ended without a failure. */
    default void onEnd(End end) {}
}
