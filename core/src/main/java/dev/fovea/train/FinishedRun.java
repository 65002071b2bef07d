package dev.fovea.train;

import dev.fovea.engine.Scope;
import dev.fovea.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/** What a run that came to its end still needs on disk: as much as it takes to give it more epochs. */
public final class FinishedRun {

    private FinishedRun() {}

    /**
     * Removes what is needed no more: the weights of the best epoch, which the saved model has too, and, where the rate of a
     * run of more epochs would have been another all along, what the optimizer remembers of a rate that had fallen to nearly
     * nothing. Where the rate does not depend on the number of epochs, a run that goes on equals one that was long from the
     * start, and keeps the optimizer's memory.
     *
     * @param saved whether the saved model has all weights of the network
     */
    public static void prune(RunFolder folder, Recipe recipe, boolean saved) {
        try {
            if (saved && recipe.selection().keep() == Recipe.Keep.BEST) {
                Files.deleteIfExists(folder.best());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder.best() + ": cannot be removed (" + e.getMessage() + ")", e);
        }
        if (!planned(recipe)) {
            return;
        }
        try (var scope = new Scope()) {
            Checkpoint checkpoint = Checkpoint.read(folder.last());
            var kept = new LinkedHashMap<>(checkpoint.tensors());
            kept.keySet().removeIf(name -> !name.startsWith("net/") && !name.startsWith("average/"));
            if (kept.size() < checkpoint.tensors().size()) {
                new Checkpoint(kept, checkpoint.progress()).write(folder.last());
            }
        }
    }

    /** Whether the rate at a step depends on how many steps there will be. */
    private static boolean planned(Recipe recipe) {
        long steps = 100L * recipe.epochs();
        return recipe.schedule().factor(steps - 1, steps, 100)
                != recipe.schedule().factor(steps - 1, 2 * steps, 100);
    }

    /** Puts back the weights of the best epoch that {@link #prune} has removed: those of the saved model. */
    public static void restore(RunFolder folder, Recipe recipe, Progress progress, Path weights) {
        if (recipe.selection().keep() == Recipe.Keep.BEST
                && progress.bestEpoch() > 0
                && !Files.exists(folder.best())
                && Files.isRegularFile(weights)) {
            AtomicFile.write(folder.best(), channel -> Files.copy(weights, Channels.newOutputStream(channel)));
        }
    }
}
