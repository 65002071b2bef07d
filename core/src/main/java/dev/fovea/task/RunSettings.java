package dev.fovea.task;

import dev.fovea.train.Listener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How a training run is carried out: where it writes, on what it runs, when it stops, who watches. None of it
 * changes the numbers of the steps that are made.
 *
 * @param out parent of the run folder
 * @param name of the run; a number is added
 * @param device auto, cpu or cuda
 * @param weights a safetensors file to start from, or none
 * @param judges runs of classifiers, at most one, through which what a generator makes is judged after every epoch
 * @param maxTime after which the run stops resumable; zero for no limit
 * @param stop asked after every step; true stops the run resumable
 * @param listeners told of every step and epoch
 */
public record RunSettings(
        Path out,
        String name,
        String device,
        List<Path> weights,
        List<Path> judges,
        Duration maxTime,
        BooleanSupplier stop,
        List<Listener> listeners) {

    public RunSettings {
        weights = List.copyOf(weights);
        judges = List.copyOf(judges);
        listeners = List.copyOf(listeners);
    }

    /** Below {@code out}, on the best device there is, without limits or watchers. */
    public static RunSettings in(Path out, String name) {
        return new RunSettings(out, name, "auto", List.of(), List.of(), Duration.ZERO, () -> false, List.of());
    }

    public RunSettings withDevice(String value) {
        return new RunSettings(out, name, value, weights, judges, maxTime, stop, listeners);
    }

    public RunSettings withWeights(List<Path> value) {
        return new RunSettings(out, name, device, value, judges, maxTime, stop, listeners);
    }

    public RunSettings withJudges(List<Path> value) {
        return new RunSettings(out, name, device, weights, value, maxTime, stop, listeners);
    }

    public RunSettings withMaxTime(Duration value) {
        return new RunSettings(out, name, device, weights, judges, value, stop, listeners);
    }

    public RunSettings withStop(BooleanSupplier value) {
        return new RunSettings(out, name, device, weights, judges, maxTime, value, listeners);
    }

    public RunSettings withListeners(List<Listener> value) {
        return new RunSettings(out, name, device, weights, judges, maxTime, stop, value);
    }
}
