package dev.fovea.run;

import com.sun.management.OperatingSystemMXBean;
import dev.fovea.engine.Engine;
import dev.fovea.run.RunProgress.State;
import dev.fovea.train.Listener;
import dev.fovea.train.Progress;
import dev.fovea.train.RunFolder;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Keeps {@code progress.json} and {@code mistakes.json} of a run up to date, at most once a second while it makes steps. */
final class ProgressFile implements Listener {

    private static final double SECONDS_BETWEEN = 1;

    /** Of what is no step, as a validation that begins. */
    private static final double SECONDS_AROUND = 0.2;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final RunFolder folder;
    private final RunClock clock;
    private final Pace pace = new Pace();
    private State state = State.PREPARING;
    private Start start = new Start(0, 0, 0, 0, "", "", "");
    private int epoch;
    private int step;
    private Map<String, Double> train = Map.of();
    private OptionalDouble imagesPerSecond = OptionalDouble.empty();
    private long images;
    private double secondsBefore;
    private long written;
    private long processorBefore;

    ProgressFile(RunFolder folder, RunClock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Where a run that goes on was left. */
    void goesOn(Progress progress, int epochs) {
        epoch = progress.epoch();
        start = new Start(epoch, epochs, 0, 0, "", "", "");
    }

    /** Before the first step there may be a long time. */
    void prepares() {
        now(State.PREPARING);
    }

    @Override
    public void onStart(Start begun) {
        start = begun;
        epoch = Math.min(begun.firstEpoch(), begun.epochs());
        now(State.TRAINING);
    }

    @Override
    public void onStep(Step made) {
        pace.step(made, start);
        epoch = made.epoch();
        step = made.stepInEpoch();
        images += made.images();
        boolean last = step == start.stepsPerEpoch();
        state = last ? State.VALIDATING : State.TRAINING;
        if (sinceWritten() > (last ? SECONDS_AROUND : SECONDS_BETWEEN)) {
            if (made.seconds() > secondsBefore) {
                imagesPerSecond = OptionalDouble.of(images / (made.seconds() - secondsBefore));
            }
            images = 0;
            secondsBefore = made.seconds();
            var means = new LinkedHashMap<String, Double>();
            made.loss().ifPresent(loss -> means.put("loss", loss));
            means.putAll(made.metrics());
            train = means;
            write();
        }
    }

    @Override
    public void onEpoch(Epoch ended) {
        pace.epoch();
        images = 0;
        secondsBefore = 0;
        train = ended.train();
        imagesPerSecond = OptionalDouble.of(ended.imagesPerSecond());
        if (!ended.validation().isEmpty()) {
            CurrentMistakes.of(ended).write(folder);
        }
        if (sinceWritten() > SECONDS_AROUND) {
            now(State.TRAINING);
        }
    }

    @Override
    public void onPause(boolean paused) {
        pace.interrupted();
        now(paused ? State.PAUSED : State.TRAINING);
    }

    @Override
    public void onEnd(End end) {
        if (end != End.STOPPED) {
            now(State.REPORTING);
        }
    }

    /** All is written, or nothing more will be. */
    void ended(State how) {
        now(how);
    }

    private double sinceWritten() {
        return (System.nanoTime() - written) / 1e9;
    }

    private void now(State value) {
        state = value;
        write();
    }

    private void write() {
        long now = System.nanoTime();
        long processor = system.getProcessCpuTime();
        OptionalDouble used = written == 0 || state == State.PAUSED
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.min(
                        1,
                        (processor - processorBefore)
                                / (double) (now - written)
                                / Math.min(Engine.requestedThreads(), system.getAvailableProcessors())));
        written = now;
        processorBefore = processor;
        new RunProgress(
                        RunProgress.FORMAT,
                        state,
                        epoch,
                        start.epochs(),
                        step,
                        start.stepsPerEpoch(),
                        train,
                        imagesPerSecond,
                        pace.secondsLeft(start, epoch, step),
                        clock.seconds(),
                        used,
                        start.criterion(),
                        System.currentTimeMillis())
                .write(folder);
    }
}
