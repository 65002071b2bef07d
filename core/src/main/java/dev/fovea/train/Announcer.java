package dev.fovea.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/** Tells the listeners of a run what happens. */
final class Announcer {

    private final List<Listener> listeners;
    private Progress told = Progress.start();
    private long began;

    Announcer(List<Listener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** The run begins at {@code progress}. */
    void start(Progress progress, Listener.Start start) {
        told = progress;
        listeners.forEach(l -> l.onStart(start));
    }

    /** An epoch begins, or goes on in this process. */
    void epochBegins() {
        began = System.nanoTime();
    }

    /** Since {@link #epochBegins}. */
    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** What is asked between two steps; the time that the answer takes, as in a pause, is none of the epoch. */
    boolean uncounted(BooleanSupplier question) {
        long before = System.nanoTime();
        boolean answer = question.getAsBoolean();
        began += System.nanoTime() - before;
        return answer;
    }

    /** An update was made at this rate, the epoch's {@code number}th. */
    void step(Progress progress, int number, double lr) {
        Map<String, Double> means = progress.means();
        Double loss = means.remove("loss");
        var event = new Listener.Step(
                progress.epoch(),
                number,
                loss == null ? OptionalDouble.empty() : OptionalDouble.of(loss),
                means,
                lr,
                Math.toIntExact(progress.imagesSince(told)),
                seconds(),
                progress.lossSince(told));
        told = progress;
        listeners.forEach(l -> l.onStep(event));
    }

    void epoch(Listener.Epoch epoch) {
        listeners.forEach(l -> l.onEpoch(epoch));
    }

    /** How many generated images are wanted after each epoch. */
    int samples() {
        return listeners.stream().mapToInt(Listener::samples).max().orElse(0);
    }

    void remark(String text) {
        listeners.forEach(l -> l.onRemark(text));
    }

    void checkpoint(Path file) {
        listeners.forEach(l -> l.onCheckpoint(file));
    }

    /** The run ends; its weights are those of {@code selected} unless it was stopped. */
    void end(Listener.End end, SelectedEpoch selected) {
        if (end != Listener.End.STOPPED) {
            listeners.forEach(l -> l.onSelected(selected));
        }
        listeners.forEach(l -> l.onEnd(end));
    }
}
