package dev.fovea.run;

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
                () -> false,
                List.of(),
                DataRequest.UNKNOWN,
                "",
                false,
                false);
    }

    public RunSettings withOut(Path value) {
        return new RunSettings(
                value, name, device, weights, classifier, maxTime, stop, listeners, data, command, overfit, ignoreHead);
    }

    public RunSettings withName(String value) {
        return new RunSettings(
                out, value, device, weights, classifier, maxTime, stop, listeners, data, command, overfit, ignoreHead);
    }

    public RunSettings withDevice(String value) {
        return new RunSettings(
                out, name, value, weights, classifier, maxTime, stop, listeners, data, command, overfit, ignoreHead);
    }

    public RunSettings withWeights(List<Path> value) {
        return new RunSettings(
                out, name, device, value, classifier, maxTime, stop, listeners, data, command, overfit, ignoreHead);
    }

    public RunSettings withClassifier(List<Path> value) {
        return new RunSettings(
                out, name, device, weights, value, maxTime, stop, listeners, data, command, overfit, ignoreHead);
    }

    public RunSettings withMaxTime(Duration value) {
        return new RunSettings(
                out, name, device, weights, classifier, value, stop, listeners, data, command, overfit, ignoreHead);
    }

    public RunSettings withStop(BooleanSupplier value) {
        return new RunSettings(
                out, name, device, weights, classifier, maxTime, value, listeners, data, command, overfit, ignoreHead);
    }

    public RunSettings withListeners(List<Listener> value) {
        return new RunSettings(
                out, name, device, weights, classifier, maxTime, stop, value, data, command, overfit, ignoreHead);
    }

    public RunSettings withData(DataRequest value) {
        return new RunSettings(
                out, name, device, weights, classifier, maxTime, stop, listeners, value, command, overfit, ignoreHead);
    }

    public RunSettings withCommand(String value) {
        return new RunSettings(
                out, name, device, weights, classifier, maxTime, stop, listeners, data, value, overfit, ignoreHead);
    }

    public RunSettings withOverfit(boolean value) {
        return new RunSettings(
                out, name, device, weights, classifier, maxTime, stop, listeners, data, command, value, ignoreHead);
    }

    public RunSettings withIgnoreHead(boolean value) {
        return new RunSettings(
                out, name, device, weights, classifier, maxTime, stop, listeners, data, command, overfit, value);
    }
}
