package dev.fovea.run;

import dev.fovea.models.ModelPackage;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes to {@code model/} after each epoch the model that the run would end with, so that a run that is stopped leaves
 * a model.
 */
final class ModelSaver implements Listener {

    private final TaskType<?> type;
    private final RunContext run;
    private Trainer trainer;
    private boolean described;

    ModelSaver(TaskType<?> type, RunContext run) {
        this.type = type;
        this.run = run;
    }

    /** The trainer of the weights. */
    void of(Trainer trainer) {
        this.trainer = trainer;
    }

    /**
     * Only where the selected model is another than before, and without a second copy of weights that were written
     * just now: putting weights on disk costs as much as a short epoch.
     */
    @Override
    public void onEpoch(Epoch epoch) {
        boolean best = run.recipe().selection().keep() == Recipe.Keep.BEST;
        if (best && epoch.best() && described && type.savesTrainedWeights() && link()) {
            return;
        }
        if (!best || epoch.best() || epoch.validation().isEmpty()) {
            trainer.withAveragedWeights(this::write);
            described = true;
        }
    }

    /** False where the file system has no links. */
    private boolean link() {
        Path model = run.folder().model();
        Path link = model.resolve(".fovea-link.part");
        try {
            Files.deleteIfExists(link);
            Files.createLink(link, run.folder().best());
            Files.move(
                    link,
                    model.resolve(ModelPackage.WEIGHTS),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The network's weights as they are now. */
    void write() {
        type.unfinished(run).write(run.folder().model());
    }
}
