package dev.fovea.task;

import dev.fovea.train.Listener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How a training run is carried out: where it writes, on what it runs, when it stops, who watches. None of it
 * changes the numbers of the steps that are made, except {@code byHeart}.
 *
 * @param out parent of the run folder
 * @param name of the run; a number is added
 * @param device auto, cpu or cuda
 * @param weights a safetensors file to start from, or none
 * @param judges runs of classifiers, at most one, through which what a generator makes is judged after every epoch
 * @param maxTime after which the run stops resumable; zero for no limit
 * @param stop asked after every step; true stops the run resumable
 * @param listeners told of every step and epoch
 * @param data as the user named it, which the run folder remembers
 * @param command as the user typed it, or empty; the run folder remembers it
 * @param byHeart whether dropout is off, for a few images that are to be learned by heart
 */
public record RunSettings(
        Path out,
        String name,
        String device,
        List<Path> weights,
        List<Path> judges,
        Duration maxTime,
        BooleanSupplier stop,
        List<Listener> listeners,
        DataRequest data,
        String command,
        boolean byHeart) {

    public RunSettings {
        weights = List.copyOf(weights);
        judges = List.copyOf(judges);
        listeners = List.copyOf(listeners);
        if (maxTime.isNegative()) {
            throw new IllegalArgumentException("the time limit of a run must be positive, got " + maxTime);
        }
    }

    /** Below {@code out}, on the best device there is, without limits or watchers. */
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
                false);
    }

    public RunSettings withDevice(String value) {
        return new RunSettings(out, name, value, weights, judges, maxTime, stop, listeners, data, command, byHeart);
    }

    public RunSettings withWeights(List<Path> value) {
        return new RunSettings(out, name, device, value, judges, maxTime, stop, listeners, data, command, byHeart);
    }

    public RunSettings withJudges(List<Path> value) {
        return new RunSettings(out, name, device, weights, value, maxTime, stop, listeners, data, command, byHeart);
    }

    public RunSettings withMaxTime(Duration value) {
        return new RunSettings(out, name, device, weights, judges, value, stop, listeners, data, command, byHeart);
    }

    public RunSettings withStop(BooleanSupplier value) {
        return new RunSettings(out, name, device, weights, judges, maxTime, value, listeners, data, command, byHeart);
    }

    public RunSettings withListeners(List<Listener> value) {
        return new RunSettings(out, name, device, weights, judges, maxTime, stop, value, data, command, byHeart);
    }

    public RunSettings withData(DataRequest value) {
        return new RunSettings(out, name, device, weights, judges, maxTime, stop, listeners, value, command, byHeart);
    }

    public RunSettings withCommand(String value) {
        return new RunSettings(out, name, device, weights, judges, maxTime, stop, listeners, data, value, byHeart);
    }

    public RunSettings withByHeart(boolean value) {
        return new RunSettings(out, name, device, weights, judges, maxTime, stop, listeners, data, command, value);
    }
}
