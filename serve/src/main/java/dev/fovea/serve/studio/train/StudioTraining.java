package dev.fovea.serve.studio.train;

import dev.fovea.data.Splits;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.queue.QueuedRun;
import dev.fovea.run.queue.RunQueue;
import dev.fovea.serve.studio.RunPlaces;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Trains what the queue says, into ordinary run folders of the workspace. */
final class StudioTraining implements RunQueue.Training {

    private final Workspace workspace;
    private final TrainingData data;

    StudioTraining(Workspace workspace) {
        this.workspace = workspace;
        data = new TrainingData(workspace);
    }

    private record Telling(Workspace workspace, RunQueue.Milestones told) implements Listener {
        @Override
        public void onFolder(Path folder) {
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
    public Listener.End train(QueuedRun entry, BooleanSupplier stop, RunQueue.Milestones told) {
        var telling = new Telling(workspace, told);
        return entry.resumes() ? resumed(entry, stop, telling) : begun(entry, stop, telling);
    }

    private Listener.End begun(QueuedRun entry, BooleanSupplier stop, Telling telling) {
        Recipe recipe = Tasks.ALL.recipes().parse(entry.recipe(), List.of(), "recipe");
        DataRequest request = data.request(entry.path());
        Splits splits = request.open(recipe);
        return Tasks.ALL
                .train(
                        recipe,
                        splits,
                        RunSettings.in(workspace.runs(), entry.name())
                                .withWeights(weights(recipe.model(), entry.weights()))
                                .withData(request)
                                .withCommand(entry.command())
                                .withStop(stop)
                                .withListeners(List.of(telling)))
                .end();
    }

    /** What is published is downloaded if need be. */
    private List<Path> weights(String model, String weights) {
        return weights.isEmpty()
                ? List.of()
                : List.of(PublishedModel.file(
                        model, new RunPlaces(workspace).weights(model, weights), (file, done, all) -> {}));
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
