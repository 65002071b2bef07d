package dev.fovea.train;

import dev.fovea.data.Loader;
import dev.fovea.engine.Scope;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.Module;
import dev.fovea.nn.Weights;
import java.nio.file.Files;
import java.util.Map;

/** The epoch that a run selects: which it is, its weights on disk, and when there is no hope for a better one. */
final class BestEpoch {

    private final Recipe recipe;
    private final Objective objective;
    private final Module net;
    private final AveragedWeights average;
    private final RunFolder folder;
    private final Ranking ranking;

    BestEpoch(Recipe recipe, Objective objective, Module net, AveragedWeights average, RunFolder folder) {
        this.recipe = recipe;
        this.objective = objective;
        this.net = net;
        this.average = average;
        this.folder = folder;
        ranking = new Ranking(objective.criterion(), objective.largerIsBetter());
    }

    /** Refuses to wait for a better validation where there is none. */
    void check(Loader validation) {
        int patience = recipe.selection().patience();
        if (patience > 0 && !objective.validates()) {
            throw new IllegalArgumentException(
                    "selection.patience waits for a better validation, task %s has none; got selection.patience=%s. Set it to 0"
                            .formatted(recipe.task().word(), patience));
        }
        if (patience > 0 && validation.batches() == 0) {
            throw new IllegalArgumentException(
                    "selection.patience waits for a better validation, and no images are held out for one; got selection.patience=%s. Set selection.validation to a share such as 0.1, or selection.patience to 0"
                            .formatted(patience));
        }
    }

    /** Whether an epoch with this row of history is better than all before it. */
    boolean beatenBy(Map<String, Double> row, Progress progress) {
        return ranking.better(row, progress.bestRow());
    }

    /** Puts the weights of this moment on disk, averaged where the recipe averages. */
    void write() {
        average.during(() -> {
            Safetensors.write(folder.best(), net.state().tensors(), Map.of());
            return folder.best();
        });
    }

    boolean patienceExceeded(Progress progress) {
        int patience = recipe.selection().patience();
        return patience > 0 && ranking.stalled(progress.history(), patience);
    }

    /** The epoch whose weights the network has, or would if the run ended here; of none before the first. */
    SelectedEpoch selected(Progress progress) {
        int last = progress.epoch() - 1;
        if (last == 0) {
            return SelectedEpoch.NONE;
        }
        if (recipe.selection().keep() == Recipe.Keep.LAST) {
            return new SelectedEpoch(last, "the last (selection.keep=last)");
        }
        if (progress.bestEpoch() > 0) {
            return ranking.selected(progress.bestEpoch(), progress.history());
        }
        boolean validated = progress.history().stream()
                .flatMap(row -> row.keySet().stream())
                .anyMatch(("validation_" + objective.criterion())::equals);
        return new SelectedEpoch(
                last,
                validated
                        ? "the last (validation %s was never a number to choose by)".formatted(objective.criterion())
                        : "the last (there was no validation to choose by)");
    }

    /** Loads the weights of the selected epoch into the network; of the last, averaged where the recipe averages. */
    void load(Progress progress) {
        if (recipe.selection().keep() == Recipe.Keep.BEST && progress.bestEpoch() > 0 && Files.exists(folder.best())) {
            try (var scope = new Scope()) {
                Weights.load(Safetensors.read(folder.best()).tensors(), net.state());
            }
        } else {
            average.apply();
        }
    }
}
