package dev.fovea.run;

import dev.fovea.train.Progress;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run goes on with.
 *
 * @param recipe from here on
 * @param facts of the run, none of a run of an early release
 * @param changes of the recipe in sentences, for people
 */
record Resumption(Path run, Recipe recipe, Optional<RunFacts> facts, List<String> changes) {

    /** Keys, or beginnings of keys, that take effect with the next step. All others hold from the first step to the last. */
    private static final List<String> OPEN = List.of(
            "epochs",
            "optimizer.",
            "schedule.",
            "augment",
            "update.gradientClip",
            "update.l1",
            "update.l2",
            "selection.patience",
            "selection.keep",
            "precision");

    private static final List<String> FIXED = List.of("optimizer.type", "optimizer.rest.type");

    /**
     * Reads a run folder; nothing is written.
     *
     * @param changes {@code key=value}
     * @throws IllegalArgumentException if there is no run, or a change is of what is fixed from the first step
     */
    static Resumption of(TaskTypes types, Path run, List<String> changes) {
        var folder = new RunFolder(run);
        if (!Files.isRegularFile(folder.recipe())) {
            throw new IllegalArgumentException(
                    run + ": not a run folder (no recipe.yaml). Name the folder of a run, such as runs/flowers-1");
        }
        Recipe recorded = types.recipes().read(folder.recipe(), List.of());
        Recipe recipe = types.recipes().with(recorded, changes);
        Map<String, String> then = RecipeFile.values(recorded);
        Map<String, String> now = RecipeFile.values(recipe);
        var changed = new ArrayList<String>();
        now.forEach((key, value) -> {
            String before = then.getOrDefault(key, "");
            if (!value.equals(before)) {
                if (FIXED.contains(key) || OPEN.stream().noneMatch(key::startsWith)) {
                    throw new IllegalArgumentException(
                            "%s: was begun with %s=%s, which cannot change on the way, got %s. Leave it out, or start a new run"
                                    .formatted(run, key, before, value));
                }
                changed.add("%s is %s from here on%s".formatted(key, value, before.isEmpty() ? "" : ", was " + before));
            }
        });
        return new Resumption(run, recipe, RunFacts.read(run), List.copyOf(changed));
    }

    /** @throws IllegalArgumentException if the run has gone further than it is to go */
    void check(Progress progress) {
        int begun = progress.batches() > 0 ? progress.epoch() : progress.epoch() - 1;
        if (recipe.epochs() < begun) {
            throw new IllegalArgumentException("%s: has trained %s already, got epochs=%s. Name a larger number, in all"
                    .formatted(
                            run,
                            progress.batches() > 0 ? "into epoch " + begun : begun == 1 ? "1 epoch" : begun + " epochs",
                            recipe.epochs()));
        }
    }
}
