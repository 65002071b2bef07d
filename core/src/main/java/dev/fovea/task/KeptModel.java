package dev.fovea.task;

import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.Trainer;

/** Keeps in {@code model/} what the run would end with if it ended now, so that a run that is stopped leaves a model. */
final class KeptModel implements Listener {

    private final Learner learner;
    private final RunContext run;
    private Trainer trainer;

    KeptModel(Learner learner, RunContext run) {
        this.learner = learner;
        this.run = run;
    }

    /** Of whom the weights are. */
    void of(Trainer trainer) {
        this.trainer = trainer;
    }

    /** Only where the model that would be kept is another than before: writing weights costs as much as a short epoch. */
    @Override
    public void onEpoch(Epoch epoch) {
        boolean latest = run.recipe().selection().keep() == Recipe.Keep.LAST
                || epoch.validation().isEmpty();
        if (epoch.best() || latest) {
            trainer.applied(this::write);
        }
    }

    /** The network's weights as they are now. */
    void write() {
        learner.unfinished(run).write(run.folder().model());
    }
}
