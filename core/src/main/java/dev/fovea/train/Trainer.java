package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.data.DataException;
import dev.fovea.data.Loader;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.io.FormatException;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.Module;
import dev.fovea.nn.Weights;
import dev.fovea.nn.WeightsMismatchException;
import dev.fovea.optim.Gradients;
import dev.fovea.optim.WeightAverage;
import dev.fovea.train.Listener.End;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The one training loop: every task, precision and schedule goes through {@link #run}.
 *
 * <p>What changes the numbers is a field of the {@link Recipe} and a visible line here; what only watches is a
 * {@link Listener}. The numbers of a step depend on (recipe, data, seed, step) alone, so a run that was killed
 * goes on from its last checkpoint bit-identical to one that was not.
 */
public final class Trainer {

    /** Of the generated samples: the same every time, so that images of two epochs can be compared. */
    private static final Seed SAMPLES = new Seed(20_060_728);

    private static final int SAMPLES_AT_ONCE = 100;

    private static final long SAVE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Seed EVALUATION = new Seed(20_131_220);

    private final Recipe recipe;
    private final Module net;
    private final Objective objective;
    private final Device device;
    private final Precision precision;
    private final RunFolder folder;
    private final List<Listener> listeners;
    private final Map<String, Tensor> parameters;
    private final List<ParameterGroup> groups;
    private final List<WeightAverage> average;
    private final Seed seed;
    private final Random random;
    private final Ranking ranking;
    private Progress progress = Progress.start();
    private Progress announced = Progress.start();
    private long lastSave = System.nanoTime();

    /** @param net already on {@code device}; weights that it has not yet are drawn from the recipe's seed */
    public Trainer(
            Recipe recipe, Module net, Objective objective, Device device, RunFolder folder, List<Listener> listeners) {
        this.recipe = recipe;
        this.net = net;
        this.objective = objective;
        this.device = device;
        this.folder = folder;
        this.listeners = List.copyOf(listeners);
        precision = Precision.of(recipe.precision()).resolve(device);
        seed = new Seed(recipe.seed());
        random = Random.of(seed, device);
        net.state().initialize(Random.of(seed.derive(0)));
        net.state().random(random);
        parameters = net.state().parameters();
        groups = ParameterGroup.of(objective, parameters, recipe.optimizer());
        average = recipe.update().ema() == 0
                ? List.of()
                : List.of(new WeightAverage(net.state(), recipe.update().ema()));
        ranking = new Ranking(objective.criterion(), objective.largerIsBetter());
    }

    /**
     * Takes up the run from the folder's last checkpoint.
     *
     * @throws IllegalArgumentException if the checkpoint is of another network or damaged
     */
    public void resume() {
        try (var scope = new Scope()) {
            Checkpoint checkpoint = Checkpoint.read(folder.last());
            try {
                take(checkpoint);
            } catch (WeightsMismatchException e) {
                throw e.in(folder.last());
            } catch (FormatException e) {
                throw new FormatException(folder.last() + ": " + e.getMessage());
            }
        }
    }

    private void take(Checkpoint checkpoint) {
        Weights.load(checkpoint.part("net"), net.state());
        groups.stream()
                .filter(group -> !checkpoint.prunedOf(group.name()))
                .forEach(group -> group.updater().restore(checkpoint.part(group.name())));
        average.forEach(a -> a.restore(checkpoint.part("average")));
        progress = checkpoint.progress();
    }

    /** Where the run stands. */
    public Progress progress() {
        return progress;
    }

    /**
     * Trains until the recipe's last epoch, an early end, or {@code stop}; then the network carries the weights
     * the recipe keeps, averaged where it says so (after a stop: those of the last step).
     *
     * @param validation of no batches where there is none
     * @param stop asked after every update; true saves a checkpoint and ends the run resumable
     * @throws DataException if the run being resumed was trained on data of another size
     * @throws DivergedException if the loss is no longer finite; the last checkpoint is left as it was
     */
    public End run(Loader train, Loader validation, BooleanSupplier stop) {
        announced = progress;
        int stepsPerEpoch = steps(train.batches());
        checkSameData(stepsPerEpoch);
        checkPatience(validation);
        var start = new Listener.Start(
                progress.epoch(),
                recipe.epochs(),
                stepsPerEpoch,
                train.size(),
                device.toString(),
                precision.toString(),
                objective.criterion());
        listeners.forEach(l -> l.onStart(start));
        if (train.joinsLast()) {
            remark(
                    "one image would be left for the last batch of an epoch, too few for batch norm: it joins the batch before, which has %s"
                            .formatted(train.size(train.batches() - 1)));
        }
        End end = End.FINISHED;
        while (end == End.FINISHED && progress.epoch() <= recipe.epochs()) {
            if (patienceExceeded()) {
                end = End.EARLY;
            } else if (!epoch(train, validation, stepsPerEpoch, stop)) {
                end = End.STOPPED;
            }
        }
        if (end != End.STOPPED) {
            loadSelectedWeights();
            SelectedEpoch kept = kept();
            listeners.forEach(l -> l.onSelected(kept));
        }
        End reason = end;
        listeners.forEach(l -> l.onEnd(reason));
        return end;
    }

    /** The steps behind a resumed run must be those that this data makes. */
    private void checkSameData(int stepsPerEpoch) {
        long made = progress.step() - progress.batches() / recipe.update().accumulate();
        long epochs = progress.epoch() - 1;
        if (made != epochs * stepsPerEpoch) {
            throw new DataException(
                    "%s: was trained with %s steps an epoch, this data makes %s. Resume it with the same data"
                            .formatted(folder.path(), epochs == 0 ? made : made / epochs, stepsPerEpoch));
        }
    }

    private void checkPatience(Loader validation) {
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

    /** One epoch and its validation; false if it was stopped in between. */
    private boolean epoch(Loader train, Loader validation, int stepsPerEpoch, BooleanSupplier stop) {
        long began = System.nanoTime();
        long before = progress.images();
        int epoch = progress.epoch();
        double lr = 0;
        net.state().train(true);
        Iterator<Batch> batches = train.epoch(epoch, progress.batches());
        try (AutoCloseable closing = batches instanceof AutoCloseable c ? c : () -> {}) {
            int images = 0;
            while (batches.hasNext()) {
                Batch batch = batches.next();
                boolean update = updates(train);
                lr = step(batch, batch.size() / (double) gathered(train), update, stepsPerEpoch);
                images += batch.size();
                if (!update) {
                    continue;
                }
                announce(images, lr, began);
                images = 0;
                if (progress.batches() < train.batches()) {
                    if (stop.getAsBoolean()) {
                        save();
                        return false;
                    }
                    if (System.nanoTime() - lastSave > SAVE_EVERY_NANOS) {
                        save();
                    }
                }
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        checkFinite(lr);
        finish(validation, lr, seconds, (progress.images() - before) / seconds);
        return !stop.getAsBoolean() || progress.epoch() > recipe.epochs();
    }

    /** Whether the next batch completes those of an update. */
    private boolean updates(Loader train) {
        int done = progress.batches() + 1;
        return done % recipe.update().accumulate() == 0 || done == train.batches();
    }

    /** Images of all the batches that make one update with the next one; the last ones of an epoch may be fewer. */
    private int gathered(Loader train) {
        int first = progress.batches() - progress.batches() % recipe.update().accumulate();
        int end = Math.min(train.batches(), first + recipe.update().accumulate());
        return IntStream.range(first, end).map(train::size).sum();
    }

    /** No weight of an epoch that is validated, saved or kept is other than a number. */
    private void checkFinite(double lr) {
        net.state().notFinite().ifPresent(name -> {
            throw DivergedException.ofWeight(progress.epoch(), name, lr);
        });
    }

    /**
     * Forward, backward and, once enough batches are gathered, one update; returns the learning rate.
     *
     * @param share of the images of the update that are in this batch
     */
    private double step(Batch batch, double share, boolean update, int stepsPerEpoch) {
        double lr = recipe.optimizer().lr()
                * progress.plateau().factor()
                * recipe.schedule().factor(progress.step(), (long) stepsPerEpoch * recipe.epochs(), stepsPerEpoch);
        random.restart(seed.derive(progress.epoch(), progress.batches()));
        var means = new LinkedHashMap<String, Double>();
        for (ParameterGroup group : groups) {
            if (objective.due(group.phase(), progress.step())) {
                means.putAll(phase(group, batch, share, update, lr));
            }
        }
        if (update) {
            average.forEach(WeightAverage::update);
        }
        progress = progress.afterBatch(batch.size(), update, means);
        return lr;
    }

    /** One phase of a step: its loss and metrics. */
    private Map<String, Double> phase(ParameterGroup group, Batch batch, double share, boolean update, double lr) {
        others(group).forEach(other -> other.learns(false));
        try (var scope = new Scope()) {
            Objective.Outcome outcome;
            try (var autocast = Autocast.of(precision, device)) {
                outcome = objective.step(net, batch, group.phase());
            }
            Tensor loss = regularised(outcome.loss(), group.parameters());
            double value = loss.item();
            if (!Double.isFinite(value)) {
                throw rescue(
                        batch, DivergedException.ofLoss(progress.epoch(), steps(progress.batches() + 1), lr, value));
            }
            (share == 1 ? loss : loss.mul(share)).backward();
            var means = new LinkedHashMap<String, Double>();
            if (group == groups.get(groups.size() - 1)) {
                means.put("loss", value);
            }
            outcome.metrics().forEach((name, metric) -> means.put(name, metric.item()));
            if (groups.size() > 1 && update) {
                means.put(
                        group.phase().part() + "Gradient",
                        Gradients.norm(group.parameters().values()));
            }
            if (update) {
                if (recipe.update().gradientClip() > 0) {
                    Gradients.clip(group.parameters().values(), recipe.update().gradientClip());
                }
                group.updater().step(lr);
                group.updater().clearGradients();
            }
            return means;
        } finally {
            others(group).forEach(other -> other.learns(true));
        }
    }

    /** A generator's gradient passes through the discriminator, whose weights it must not change. */
    private Stream<ParameterGroup> others(ParameterGroup group) {
        return groups.stream().filter(other -> other != group);
    }

    private Tensor regularised(Tensor loss, Map<String, Tensor> weights) {
        Tensor sum = loss;
        for (Tensor weight : weights.values()) {
            if (weight.dims() > 1 && recipe.update().l1() > 0) {
                sum = sum.add(weight.abs().sum().mul(recipe.update().l1()));
            }
            if (weight.dims() > 1 && recipe.update().l2() > 0) {
                sum = sum.add(weight.mul(weight).sum().mul(recipe.update().l2()));
            }
        }
        return sum;
    }

    /**
     * Validates, records the best epoch, adapts the learning rate, writes the checkpoint and notifies the listeners.
     */
    private void finish(Loader validation, double lr, double seconds, double imagesPerSecond) {
        int epoch = progress.epoch();
        Map<String, Double> trained = progress.means();
        Map<String, Double> validated =
                validation.batches() == 0 || !objective.validates() ? Map.of() : validate(validation);
        var measured =
                new Listener.Epoch(epoch, trained, validated, lr, seconds, imagesPerSecond, false, List.of()).row();
        boolean better = ranking.better(measured, progress.bestRow());
        if (better) {
            progress = progress.withBest(validated.get(objective.criterion()));
            withAveragedWeights(
                    () -> Safetensors.write(folder.best(), net.state().tensors(), Map.of()));
        }
        Double watched = validated.getOrDefault("loss", trained.get("loss"));
        if (watched != null) { // an epoch of few steps may be without the phase that has the loss
            progress = progress.withPlateau(recipe.schedule().afterEpoch(progress.plateau(), watched));
        }
        progress = progress.afterEpoch(measured);
        save();
        var event = new Listener.Epoch(epoch, trained, validated, lr, seconds, imagesPerSecond, better, samples());
        listeners.forEach(l -> l.onEpoch(event));
        objective.remarks(trained).forEach(this::remark);
    }

    private void remark(String text) {
        listeners.forEach(l -> l.onRemark(text));
    }

    private Map<String, Double> validate(Loader validation) {
        var result = new ArrayList<Map<String, Double>>();
        withAveragedWeights(() -> result.add(evaluate(net, objective, validation, precision, device)));
        return result.get(0);
    }

    /** What the network generates now, with averaged weights where the recipe averages. */
    private List<Image> samples() {
        var samples = new ArrayList<Image>();
        int wanted = listeners.stream().mapToInt(Listener::samples).max().orElse(0);
        if (wanted == 0) {
            return samples;
        }
        withAveragedWeights(() -> {
            net.state().train(false);
            try (var noGrad = new NoGrad();
                    var autocast = Autocast.of(precision, device)) {
                while (samples.size() < wanted) {
                    int made = samples.size();
                    List<Image> more = samples(made, Math.min(SAMPLES_AT_ONCE, wanted - made));
                    if (more.isEmpty()) {
                        return;
                    }
                    samples.addAll(more);
                }
            } finally {
                net.state().train(true);
            }
        });
        return samples;
    }

    private List<Image> samples(int from, int count) {
        try (var scope = new Scope()) {
            random.restart(SAMPLES.derive(from));
            return objective.samples(net, from, count);
        }
    }

    /**
     * Metrics of {@code net} over {@code data}, in evaluation mode; the mode it had comes back. What is drawn at random
     * on the way, as codes from their distribution, is the same every time, so that a saved model has the loss that its
     * run wrote down.
     */
    public static Map<String, Double> evaluate(
            Module net, Objective objective, Loader data, Precision precision, Device device) {
        boolean training = net.state().training();
        net.state().train(false);
        Random before = net.state().random();
        net.state().random(Random.of(EVALUATION, device));
        Iterator<Batch> batches = data.epoch(0, 0);
        try (var noGrad = new NoGrad();
                var autocast = Autocast.of(precision, device);
                AutoCloseable closing = batches instanceof AutoCloseable c ? c : () -> {}) {
            return objective.evaluate(net, batches);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            net.state().random(before);
            net.state().train(training);
        }
    }

    private boolean patienceExceeded() {
        int patience = recipe.selection().patience();
        return patience > 0 && ranking.stalled(progress.history(), patience);
    }

    /** The epoch whose weights the network has, or would if the run ended here; of none before the first. */
    public SelectedEpoch kept() {
        int last = progress.epoch() - 1;
        if (last == 0) {
            return SelectedEpoch.NONE;
        }
        if (recipe.selection().keep() == Recipe.Keep.LAST) {
            return new SelectedEpoch(last, "the last (selection.keep=last)");
        }
        if (progress.bestEpoch() > 0) {
            return ranking.kept(progress.bestEpoch(), progress.history());
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

    /** Loads the weights of the selected epoch into the network, as the saved model has them; also after a stop. */
    public void loadSelectedWeights() {
        if (recipe.selection().keep() == Recipe.Keep.BEST && progress.bestEpoch() > 0 && Files.exists(folder.best())) {
            try (var scope = new Scope()) {
                Weights.load(Safetensors.read(folder.best()).tensors(), net.state());
            }
        } else {
            average.forEach(WeightAverage::apply);
        }
    }

    /** Runs {@code action} while the network carries its averaged weights, if the recipe averages. */
    public void withAveragedWeights(Runnable action) {
        average.forEach(WeightAverage::swap);
        try {
            action.run();
        } finally {
            average.forEach(WeightAverage::swap);
        }
    }

    private void save() {
        var tensors = new LinkedHashMap<String, Tensor>();
        Checkpoint.addPart(tensors, "net", net.state().tensors());
        groups.forEach(group ->
                Checkpoint.addPart(tensors, group.name(), group.updater().tensors()));
        average.forEach(a -> Checkpoint.addPart(tensors, "average", a.tensors()));
        new Checkpoint(tensors, progress).write(folder.last());
        lastSave = System.nanoTime();
        listeners.forEach(l -> l.onCheckpoint(folder.last()));
    }

    private void announce(int images, double lr, long began) {
        Map<String, Double> means = progress.means();
        Double loss = means.remove("loss");
        var event = new Listener.Step(
                progress.epoch(),
                steps(progress.batches()),
                loss == null ? OptionalDouble.empty() : OptionalDouble.of(loss),
                means,
                lr,
                images,
                (System.nanoTime() - began) / 1e9,
                progress.lossSince(announced));
        announced = progress;
        listeners.forEach(l -> l.onStep(event));
    }

    /** Updates that so many batches make, the last of them perhaps from fewer batches. */
    private int steps(int batches) {
        return (batches + recipe.update().accumulate() - 1) / recipe.update().accumulate();
    }

    private DivergedException rescue(Batch batch, DivergedException failure) {
        try {
            ByteBuffer pixels = batch.pixels();
            Tensor images = batch.frames() > 1
                    ? Tensor.over(
                            pixels,
                            DType.UINT8,
                            batch.size(),
                            batch.frames(),
                            batch.height(),
                            batch.width(),
                            batch.channels())
                    : Tensor.over(pixels, DType.UINT8, batch.size(), batch.height(), batch.width(), batch.channels());
            Safetensors.write(
                    folder.divergedBatch(),
                    Map.of("images", images, "labels", Tensor.of(batch.labels(), batch.size())),
                    Map.of());
            return failure.withBatch(folder.divergedBatch());
        } catch (RuntimeException e) {
            return failure.withoutBatch(e.getMessage());
        }
    }
}
