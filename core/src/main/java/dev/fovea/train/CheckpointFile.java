package dev.fovea.train;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import dev.fovea.nn.Module;
import dev.fovea.nn.Weights;
import dev.fovea.nn.WeightsMismatchException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The last checkpoint of a run: what is written into it, when, and how the run is taken up from it. */
final class CheckpointFile {

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final RunFolder folder;
    private final Module net;
    private final List<ParameterGroup> groups;
    private final AveragedWeights average;
    private final Announcer announcer;
    private long lastWrite = System.nanoTime();

    CheckpointFile(
            RunFolder folder, Module net, List<ParameterGroup> groups, AveragedWeights average, Announcer announcer) {
        this.folder = folder;
        this.net = net;
        this.groups = groups;
        this.average = average;
        this.announcer = announcer;
    }

    void write(Progress progress) {
        var tensors = new LinkedHashMap<String, Tensor>();
        Checkpoint.addPart(tensors, "net", net.state().tensors());
        groups.forEach(group ->
                Checkpoint.addPart(tensors, group.name(), group.updater().tensors()));
        average.addTo(tensors);
        new Checkpoint(tensors, progress).write(folder.last());
        lastWrite = System.nanoTime();
        announcer.checkpoint(folder.last());
    }

    /** In the midst of an epoch: only where much would be lost. */
    void writeIfDue(Progress progress) {
        if (System.nanoTime() - lastWrite > EVERY_NANOS) {
            write(progress);
        }
    }

    /**
     * Takes up the run where it was left.
     *
     * @throws IllegalArgumentException if the checkpoint is of another network or damaged
     */
    Progress read() {
        try (var scope = new Scope()) {
            Checkpoint checkpoint = Checkpoint.read(folder.last());
            try {
                take(checkpoint);
            } catch (WeightsMismatchException e) {
                throw e.in(folder.last());
            } catch (FormatException e) {
                throw new FormatException(folder.last() + ": " + e.getMessage());
            }
            return checkpoint.progress();
        }
    }

    private void take(Checkpoint checkpoint) {
        Weights.load(checkpoint.part("net"), net.state());
        groups.stream()
                .filter(group -> !checkpoint.prunedOf(group.name()))
                .forEach(group -> group.updater().restore(checkpoint.part(group.name())));
        average.restore(checkpoint);
    }
}
