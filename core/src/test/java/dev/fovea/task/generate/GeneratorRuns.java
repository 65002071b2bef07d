package dev.fovea.task.generate;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.run.RunSettings;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs of small generators on the built-in images. */
public final class GeneratorRuns {

    private GeneratorRuns() {}

    public static Splits shapes() {
        Dataset none = Dataset.empty(new Shapes(1, 1, 16).classes());
        return new Splits(new Shapes(1, 64, 16), new Shapes(2, 16, 16), none, List.of());
    }

    /** For images of 16 by 16, two epochs of four steps. */
    public static Recipe recipe(String model, String... settings) {
        var all = new ArrayList<>(List.of("input.size=16", "input.channels=3", "epochs=2", "batch=16"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().with(Tasks.ALL.recipe(model), all);
    }

    public static TrainingRun.Result run(Path folder, Recipe recipe, String name) {
        return Tasks.ALL.train(recipe, shapes(), RunSettings.in(folder, name));
    }
}
