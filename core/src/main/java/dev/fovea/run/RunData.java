package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Splits;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The data that a run was trained and validated on, opened again.
 *
 * @param data in the parts of the run
 * @param changed what is not as it was when the run began, in a sentence; empty where nothing is
 */
public record RunData(Splits data, String changed) {

    /**
     * Opens it.
     *
     * @param place of the data that a run recorded: where it lies now
     * @throws IllegalArgumentException if it is no run, or does not say what data it was trained on
     * @throws DataException if the data is not there, or cannot be read
     */
    public static RunData of(TaskTypes types, Path run, UnaryOperator<DataRequest> place) {
        RunFacts facts = RunFacts.read(Runs.checked(run))
                .filter(found -> !found.asked().data().data().isEmpty())
                .orElseThrow(() -> new IllegalArgumentException(
                        run + ": does not say what data it was trained on. Evaluate its model on data of your choice"));
        Recipe recipe = types.recipes().read(new RunFolder(run).recipe(), List.of());
        TaskType<?> type = types.of(recipe.task());
        Splits data =
                TrainingRun.ready(recipe, place.apply(facts.asked().data()).openFor(run, recipe), type);
        return new RunData(data, changed(run, facts, RunFacts.Seen.of(data, type.steps())));
    }

    private static String changed(Path run, RunFacts facts, RunFacts.Seen now) {
        try {
            facts.checkSame(run, now);
            return "";
        } catch (DataException e) {
            return "%s: its data has changed since it was trained, so that images may count to other parts now"
                    .formatted(run.getFileName());
        }
    }
}
