package dev.fovea.train;

import dev.fovea.data.Loader;
import dev.fovea.nn.State;
import java.util.List;
import java.util.Map;

/**
 * What follows the steps of an epoch: validation with averaged weights, whether this epoch is the best, a rate that falls on
 * a plateau, the checkpoint, and what listeners are told.
 */
record EpochEnd(
        Recipe recipe,
        Evaluator evaluator,
        AveragedWeights average,
        BestEpoch best,
        CheckpointFile checkpoint,
        Announcer announcer) {

    /**
     * Ends the epoch of {@code progress}; returns where the run stands then.
     *
     * @param train what the epoch was of
     * @param lr of the last step
     * @param seconds of training alone
     * @param images that were trained on in them
     */
    Progress of(Progress progress, Loader train, Loader validation, double lr, double seconds, long images) {
        checkFinite(evaluator.net().state(), progress, lr);
        average.endEpoch(progress.epoch(), () -> evaluator.takeStatistics(train, progress.epoch()));
        Objective objective = evaluator.objective();
        Map<String, Double> trained = progress.means();
        Validation seen = validation.batches() == 0 || !objective.validates()
                ? Validation.NONE
                : average.during(() -> evaluator.validate(validation));
        Map<String, Double> validated = seen.metrics();
        var epoch = new Listener.Epoch(
                progress.epoch(), trained, validated, lr, seconds, images / seconds, false, List.of(), seen.mistakes());
        boolean better = best.beatenBy(epoch.row(), progress);
        Progress next = progress;
        if (better) {
            next = next.withBest(validated.get(objective.criterion()));
            best.write();
        }
        Double watched = validated.getOrDefault("loss", trained.get("loss"));
        if (watched != null) { // an epoch of few steps may be without the phase that has the loss
            next = next.withPlateau(recipe.schedule().afterEpoch(next.plateau(), watched));
        }
        next = next.afterEpoch(epoch.row());
        checkpoint.write(next);
        int wanted = announcer.samples();
        boolean kept = better && recipe.selection().keep() == Recipe.Keep.BEST;
        announcer.epoch(epoch.with(kept, wanted == 0 ? List.of() : average.during(() -> evaluator.samples(wanted))));
        objective.remarks(trained).forEach(announcer::remark);
        return next;
    }

    /** No weight of an epoch that is validated, saved or kept is other than a number. */
    private static void checkFinite(State state, Progress progress, double lr) {
        state.notFinite().ifPresent(name -> {
            throw DivergedException.ofWeight(progress.epoch(), name, lr);
        });
    }
}
