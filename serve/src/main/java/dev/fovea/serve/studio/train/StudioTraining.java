package dev.fovea.serve.studio.train;

import dev.fovea.data.Splits;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.queue.Milestones;
import dev.fovea.run.queue.QueuedRun;
import dev.fovea.run.queue.RunQueue;
import dev.fovea.serve.studio.RunPlaces;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** Trains what the queue says, into ordinary run folders of the workspace. */
final class StudioTraining implements RunQueue.Training {

    private final Workspace workspace;
    private final TrainingData data;
    private volatile Optional<Download> download = Optional.empty();

    /**
     * Weights on their way.
     *
     * @param of bytes in all, or -1 where the server does not say
     */
    record Download(String file, long done, long of) {}

    StudioTraining(Workspace workspace) {
        this.workspace = workspace;
        data = new TrainingData(workspace);
    }

    /** @param made its folder, once there is one */
    private record Telling(Workspace workspace, Milestones told, AtomicReference<Path> made) implements Listener {
        @Override
        public void onFolder(Path folder) {
            made.set(folder);
            told.begins(workspace.relative(folder));
        }

        @Override
        public void onEnd(End end) {
            if (end != End.STOPPED) {
                told.reports();
            }
        }
    }

    @Override
    public Listener.End train(QueuedRun entry, BooleanSupplier stop, Milestones told) {
        var telling = new Telling(workspace, told, new AtomicReference<>());
        if (entry.resumes()) {
            return resumed(entry, stop, telling);
        }
        try {
            return begun(entry, stop, telling);
        } catch (CancellationException e) { // while weights came; what is there of them is kept
            return Listener.End.STOPPED;
        } catch (RuntimeException | Error e) {
            Path made = telling.made().get();
            if (made != null && !Files.exists(made)) { // it learned nothing: another run may take that name
                told.begins("");
            }
            throw e;
        }
    }

    private Listener.End begun(QueuedRun entry, BooleanSupplier stop, Telling telling) {
        Recipe recipe = Tasks.ALL.recipes().parse(entry.recipe(), List.of(), "recipe");
        DataRequest request = data.request(entry.path());
        Splits splits = request.open(recipe);
        List<Path> weights = weights(recipe.model(), entry.weights(), stop);
        checkStopped(stop);
        return Tasks.ALL
                .train(
                        recipe,
                        splits,
                        RunSettings.in(workspace.runs(), entry.name())
                                .withWeights(weights)
                                .withData(request)
                                .withCommand(entry.command())
                                .withStop(stop)
                                .withListeners(List.of(telling)))
                .end();
    }

    /** What is published is downloaded if need be. */
    private List<Path> weights(String model, String weights, BooleanSupplier stop) {
        if (weights.isEmpty()) {
            return List.of();
        }
        try {
            return List.of(PublishedModel.file(
                    model, new RunPlaces(workspace).weights(model, weights), (file, done, all) -> {
                        download = Optional.of(new Download(file, done, all));
                        checkStopped(stop);
                    }));
        } finally {
            download = Optional.empty();
        }
    }

    private static void checkStopped(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new CancellationException("stopped");
        }
    }

    /** The weights that the training under way still waits for. */
    Optional<Download> download() {
        return download;
    }

    private Listener.End resumed(QueuedRun entry, BooleanSupplier stop, Telling telling) {
        Path run = workspace.existing(entry.run());
        DataRequest request = data.of(RunFacts.read(run)
                .map(facts -> facts.asked().data())
                .filter(recorded -> !recorded.data().isEmpty())
                .orElseThrow(() -> new IllegalArgumentException(entry.run()
                        + ": does not say what data it was trained on. Resume it on the command line, with --data")));
        Recipe recipe = Tasks.ALL.recipes().read(run.resolve("recipe.yaml"), List.of());
        return Tasks.ALL
                .resume(
                        run,
                        request.openFor(run, recipe),
                        RunSettings.in(run.getParent(), entry.name())
                                .withData(request)
                                .withCommand(entry.command())
                                .withStop(stop)
                                .withListeners(List.of(telling)),
                        entry.epochs() > recipe.epochs() ? List.of("epochs=" + entry.epochs()) : List.of())
                .end();
    }
}
