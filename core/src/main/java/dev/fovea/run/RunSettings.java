package dev.fovea.run;

import dev.fovea.io.Records;
import dev.fovea.train.Listener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How a training run is carried out: where it writes, on what it runs, when it stops, who watches. None of it
 * changes the numbers of the steps that are made, except {@code overfit}.
 *
 * @param out parent of the run folder
 * @param name of the run; a number is added
 * @param device auto, cpu or cuda
 * @param weights a file, run or package to start from, or none
 * @param classifier runs of classifiers, at most one, by whose features generated images are evaluated after every
 * epoch
 * @param maxTime after which the run stops resumable; zero for no limit
 * @param reportInTime whether a run that {@code maxTime} stops is evaluated and reported all the same
 * @param stop asked after every step; true stops the run resumable
 * @param listeners notified of every step and epoch
 * @param data as the user named it, which the run folder remembers
 * @param command as the user typed it, or empty; the run folder remembers it
 * @param overfit whether dropout is off, to overfit a few images
 * @param ignoreHead whether the head keeps its first values even where the weights have one that fits
 */
public record RunSettings(
        Path out,
        String name,
        String device,
        List<Path> weights,
        List<Path> classifier,
        Duration maxTime,
        boolean reportInTime,
        BooleanSupplier stop,
        List<Listener> listeners,
        DataRequest data,
        String command,
        boolean overfit,
        boolean ignoreHead) {

    public RunSettings {
        weights = List.copyOf(weights);
        classifier = List.copyOf(classifier);
        listeners = List.copyOf(listeners);
        if (maxTime.isNegative()) {
            throw new IllegalArgumentException("the time limit of a run must be positive, got " + maxTime);
        }
    }

    /** Below {@code out}, on the best device there is, without limits or listeners. */
    public static RunSettings in(Path out, String name) {
        return new RunSettings(
                out,
                name,
                "auto",
                List.of(),
                List.of(),
                Duration.ZERO,
                false,
                () -> false,
                List.of(),
                DataRequest.UNKNOWN,
                "",
                false,
                false);
    }

    public RunSettings withOut(Path value) {
        return Records.with(this, "out", value);
    }

    public RunSettings withName(String value) {
        return Records.with(this, "name", value);
    }

    public RunSettings withDevice(String value) {
        return Records.with(this, "device", value);
    }

    public RunSettings withWeights(List<Path> value) {
        return Records.with(this, "weights", value);
    }

    public RunSettings withClassifier(List<Path> value) {
        return Records.with(this, "classifier", value);
    }

    public RunSettings withMaxTime(Duration value) {
        return Records.with(this, "maxTime", value);
    }

    public RunSettings withReportInTime(boolean value) {
        return Records.with(this, "reportInTime", value);
    }

    public RunSettings withStop(BooleanSupplier value) {
        return Records.with(this, "stop", value);
    }

    public RunSettings withListeners(List<Listener> value) {
        return Records.with(this, "listeners", value);
    }

    public RunSettings withData(DataRequest value) {
        return Records.with(this, "data", value);
    }

    public RunSettings withCommand(String value) {
        return Records.with(this, "command", value);
    }

    public RunSettings withOverfit(boolean value) {
        return Records.with(this, "overfit", value);
    }

    public RunSettings withIgnoreHead(boolean value) {
        return Records.with(this, "ignoreHead", value);
    }
}
