package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.data.DataException;
import dev.fovea.data.Loader;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.Device;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import dev.fovea.optim.Gradients;
import dev.fovea.train.Listener.End;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The one training loop: every task, precision and schedule goes through {@link #run}.
 *
 * <p>What changes the numbers is a field of the {@link Recipe} and a visible line here; what only watches is a
 * {@link Listener}. The numbers of a step depend on (recipe, data, seed, step) alone, so a run that was killed
 * goes on from its last checkpoint bit-identical to one that was not.
 */
public final class Trainer {

    private final Recipe recipe;
    private final Module net;
    private final Objective objective;
    private final Device device;
    private final Precision precision;
    private final RunFolder folder;
    private final Seed seed;
    private final Random random;
    private final Learning learning;
    private final List<ParameterGroup> groups;
    private final AveragedWeights average;
    private final BestEpoch best;
    private final Announcer announcer;
    private final CheckpointFile checkpoint;
    private final EpochEnd epochEnd;
    private Progress progress = Progress.start();

    /** @param net already on {@code device}; weights that it has not yet are drawn from the recipe's seed */
    public Trainer(
            Recipe recipe, Module net, Objective objective, Device device, RunFolder folder, List<Listener> listeners) {
        this.recipe = recipe;
        this.net = net;
        this.objective = objective;
        this.device = device;
        this.folder = folder;
        precision = Precision.of(recipe.precision()).resolve(device);
        seed = new Seed(recipe.seed());
        random = Random.of(seed, device);
        net.state().initialize(Random.of(seed.derive(0)));
        net.state().random(random);
        net.state().freeze(recipe.freeze());
        learning = new Learning(recipe, net);
        groups = ParameterGroup.of(objective, net.state().learning(), recipe.optimizer(), learning.roles());
        learning.check(groups);
        average = new AveragedWeights(net.state(), recipe);
        best = new BestEpoch(recipe, objective, net, average, folder);
        announcer = new Announcer(listeners);
        checkpoint = new CheckpointFile(folder, net, groups, average, announcer);
        var evaluator = new Evaluator(net, objective, precision, device);
        epochEnd = new EpochEnd(recipe, evaluator, average, best, checkpoint, announcer);
    }

    /**
     * Takes up the run from the folder's last checkpoint.
     *
     * @throws IllegalArgumentException if the checkpoint is of another network or damaged
     */
    public void resume() {
        progress = checkpoint.read();
    }

    /**
     * Trains until the recipe's last epoch, an early end, or {@code stop}; then the network carries the weights
     * the recipe keeps, averaged where it says so (after a stop: those of the last step).
     *
     * @param validation of no batches where there is none
     * @param stop asked after every update; true saves a checkpoint and ends the run resumable. The time it takes to answer is
     *     none of the epoch: a run that pauses waits in it
     * @throws DataException if the run being resumed was trained on data of another size
     * @throws DivergedException if the loss is no longer finite; the last checkpoint is left as it was
     */
    public End run(Loader train, Loader validation, BooleanSupplier stop) {
        var steps = new Steps(train, recipe.update().accumulate());
        steps.check(progress, folder);
        best.check(validation);
        announcer.start(progress, start(steps));
        if (train.joinsLast()) {
            announcer.remark(
                    "one image would be left for the last batch of an epoch, too few for batch norm: it joins the batch before, which has %s"
                            .formatted(train.size(train.batches() - 1)));
        }
        End end = End.FINISHED;
        while (end == End.FINISHED && progress.epoch() <= recipe.epochs()) {
            if (best.patienceExceeded(progress)) {
                end = End.EARLY;
            } else if (!epoch(steps, validation, stop)) {
                end = End.STOPPED;
            }
        }
        if (end != End.STOPPED) {
            loadSelectedWeights();
        }
        announcer.end(end, selected());
        return end;
    }

    private Listener.Start start(Steps steps) {
        return new Listener.Start(
                progress.epoch(),
                recipe.epochs(),
                steps.perEpoch(),
                steps.train().size(),
                device.toString(),
                precision.toString(),
                objective.criterion());
    }

    /** One epoch and its validation; false if it was stopped in between. */
    private boolean epoch(Steps steps, Loader validation, BooleanSupplier stop) {
        announcer.epochBegins();
        long before = progress.images();
        double lr = 0;
        net.state().train(true);
        learning.begin(progress.epoch());
        objective.beginEpoch(progress.epoch(), recipe.epochs());
        Iterator<Batch> batches = steps.train().epoch(progress.epoch(), progress.batches());
        while (batches.hasNext()) {
            boolean update = steps.updatesAfter(progress.batches());
            lr = step(batches.next(), update, steps);
            if (update) {
                announcer.step(progress, steps.of(progress.batches()), lr);
            }
            if (update && batches.hasNext()) {
                if (announcer.uncounted(stop)) {
                    checkpoint.write(progress);
                    return false;
                }
                checkpoint.writeIfDue(progress);
            }
        }
        progress =
                epochEnd.of(progress, steps.train(), validation, lr, announcer.seconds(), progress.images() - before);
        return !stop.getAsBoolean() || progress.epoch() > recipe.epochs();
    }

    /** Forward, backward and, once enough batches are gathered, one update; returns the learning rate. */
    private double step(Batch batch, boolean update, Steps steps) {
        double lr = recipe.optimizer().lr() * progress.plateau().factor() * learning.factor(progress, steps);
        random.restart(seed.derive(progress.epoch(), progress.batches()));
        var means = new LinkedHashMap<String, Double>();
        for (ParameterGroup group : groups) {
            if (objective.due(group.phase(), progress.step())) {
                means.putAll(phase(group, batch, update, lr, steps));
            }
        }
        if (update) {
            average.update(progress.step() + 1, steps.perEpoch());
        }
        progress = progress.afterBatch(batch.size(), update, means);
        return lr;
    }

    /** One phase of a step: its loss and metrics. */
    private Map<String, Double> phase(ParameterGroup group, Batch batch, boolean update, double lr, Steps steps) {
        try (var alone = group.alone(groups);
                var scope = new Scope()) {
            Objective.Outcome outcome;
            try (var autocast = Autocast.of(precision, device)) {
                outcome = objective.step(net, batch, group.phase());
            }
            Tensor loss = new WeightPenalty(
                            recipe.update().l1(), recipe.update().l2())
                    .addedTo(outcome.loss(), group.parameters().values());
            double value = loss.item();
            if (!Double.isFinite(value)) {
                int step = steps.of(progress.batches() + 1);
                var failure = DivergedException.ofLoss(progress.epoch(), step, lr, value);
                throw DivergedBatch.saved(batch, folder.divergedBatch(), failure);
            }
            double share = steps.share(batch.size(), progress.batches());
            (share == 1 ? loss : loss.mul(share)).backward();
            Map<String, Double> means = group.means(value, outcome.metrics(), groups, update);
            if (update) {
                if (recipe.update().gradientClip() > 0) {
                    Gradients.clip(group.parameters().values(), recipe.update().gradientClip());
                }
                group.updater().step(lr);
                group.updater().clearGradients();
            }
            return means;
        }
    }

    /** Where the run stands. */
    public Progress progress() {
        return progress;
    }

    /** The epoch whose weights the network has, or would if the run ended here; of none before the first. */
    public SelectedEpoch selected() {
        return best.selected(progress);
    }

    /** Loads the weights of the selected epoch into the network, as the saved model has them; also after a stop. */
    public void loadSelectedWeights() {
        best.load(progress);
    }

    /** Runs {@code action} while the network carries its averaged weights, if the recipe averages. */
    public void withAveragedWeights(Runnable action) {
        average.during(() -> {
            action.run();
            return net;
        });
    }
}
