package dev.fovea.run;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Engine;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.image.Size;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Pretrained;
import dev.fovea.nn.Module;
import dev.fovea.nn.State;
import dev.fovea.train.FinishedRun;
import dev.fovea.train.Listener;
import dev.fovea.train.MultiScale;
import dev.fovea.train.Objective;
import dev.fovea.train.Progress;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.SelectedEpoch;
import dev.fovea.train.Trainer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/** What a run does between its folder and its outcome: network, training or what the task does at once, model and report. */
final class RunExecution {

    private final Recipe recipe;
    private final Splits data;
    private final RunSettings settings;
    private final RunFolder folder;
    private final TaskType<?> type;
    private final long began = System.nanoTime();
    private final RunClock clock = new RunClock();
    private RunFacts facts;
    private final List<Resumption> resumption;
    private final ProgressFile progress;
    private final RunControl control;
    private List<Listener> told = List.of();
    private boolean writing;

    RunExecution(
            Recipe recipe,
            Splits data,
            RunSettings settings,
            RunFolder folder,
            TaskType<?> type,
            RunFacts facts,
            List<Resumption> resumption) {
        this.recipe = recipe;
        this.data = data;
        this.settings = settings;
        this.folder = folder;
        this.type = type;
        this.facts = facts;
        this.resumption = resumption;
        progress = new ProgressFile(folder, clock);
        control = new RunControl(folder, settings.stop(), this::pauses);
    }

    private void pauses(boolean paused) {
        clock.pause(paused);
        told.forEach(listener -> listener.onPause(paused));
    }

    /** A finished run, and what its task made of it. */
    record Done(TrainingRun.Result result, Optional<Finished> finished) {}

    /** @param begun whether there is a checkpoint to go on from */
    Done run(boolean begun) {
        try {
            return attempt(begun);
        } catch (RuntimeException | Error e) {
            if (writing && Files.exists(folder.facts())) {
                RunFacts.Outcome known = facts.outcome();
                double seconds = known.seconds() + clock.seconds();
                facts.withOutcome(known.now("failed", seconds, known.criterion()))
                        .write(folder);
                progress.ended(RunProgress.State.FAILED);
            }
            throw e;
        }
    }

    private Done attempt(boolean begun) {
        progress.prepares();
        settings.listeners().forEach(listener -> listener.onFolder(folder.path()));
        var device = Device.of(settings.device());
        Preprocess preprocess = type.preprocess(recipe, data.train());
        Module net = Inputs.network(type, recipe, preprocess, data.train());
        net.state().initialize(Random.of(new Seed(recipe.seed()).derive(0)));
        net.state().dropout(!settings.overfit());
        var remarks = new ArrayList<>(RunContext.remarks(recipe, data));
        settings.weights()
                .forEach(file -> remarks.addAll(
                        Pretrained.load(file, net, settings.ignoreHead()).texts()));
        frozen(net.state()).ifPresent(remarks::add);
        net.state().to(device);
        var run = new RunContext(
                type, recipe, data, folder, preprocess, net, device, Precision.of(recipe.precision()), clock, facts);
        var watch = new RunRecord(folder);
        if (!type.steps()) {
            remarks.forEach(text -> settings.listeners().forEach(listener -> listener.onRemark(text)));
            return atOnce(run);
        }
        if (!resumption.isEmpty() && !begun) {
            remarks.add(folder.path() + ": was ended before its first checkpoint, begins anew");
        }
        resumption.forEach(wanted -> remarks.addAll(wanted.changes()));
        var saver = new ModelSaver(type, run);
        var listeners = new ArrayList<Listener>(List.of(new Beginning(), saver, watch, new SampleGrids(folder)));
        listeners.addAll(settings.listeners());
        listeners.addAll(List.of(progress, new StepCurve(folder)));
        if (device.equals(Device.CPU)) { // elsewhere the processor mostly waits
            List<Listener> others = List.copyOf(listeners);
            listeners.add(new Threads.Watch(
                    Engine.requestedThreads(), text -> others.forEach(listener -> listener.onRemark(text))));
        }
        if (!settings.classifier().isEmpty()) {
            listeners.addAll(type.scoring(run, settings, List.copyOf(listeners)));
        }
        if (!begun) {
            type.prepare(run);
        }
        Objective objective = type.objective(run);
        told = List.copyOf(listeners);
        var trainer = new Trainer(recipe, net, objective, device, folder, listeners);
        saver.of(trainer);
        if (begun) {
            trainer.resume();
            FinishedRun.restore(
                    folder, recipe, trainer.progress(), folder.model().resolve(ModelPackage.WEIGHTS));
            watch.goesOn(trainer.progress());
            progress.goesOn(trainer.progress(), recipe.epochs());
        }
        remarks.forEach(text -> listeners.forEach(l -> l.onRemark(text)));
        Listener.End end;
        try (var train = training(preprocess, net);
                var validation = new Loader(
                        data.validation(),
                        preprocess,
                        Augmentation.NONE,
                        Loader.Options.sequential(Math.max(type.evaluationBatch(), recipe.batch())))) {
            end = trainer.run(train, validation, stop());
        }
        Done done =
                end == Listener.End.STOPPED ? stopped(run, trainer, saver, watch) : finished(run, trainer, end, watch);
        came(
                end.name().toLowerCase(Locale.ROOT),
                done.result().epochs(),
                trainer.progress(),
                objective.criterion(),
                done.result().validation());
        done.finished()
                .ifPresent(finished ->
                        finished.remarks().forEach(text -> listeners.forEach(listener -> listener.onRemark(text))));
        return done;
    }

    /** The first to hear that all is checked and the run begins; until then nothing of it was written. */
    private final class Beginning implements Listener {
        @Override
        public void onStart(Start start) {
            if (!resumption.isEmpty()) {
                folder.sweep();
                RecipeFile.write(folder.recipe(), recipe);
            }
            RunFacts.Outcome known = facts.outcome();
            facts = facts.withOutcome(known.now(RunFacts.Outcome.RUNNING, known.seconds(), start.criterion()));
            facts.write(folder);
            writing = true;
        }
    }

    /** What stays as it is, for people; random weights are seldom meant to. */
    private Optional<String> frozen(State state) {
        if (recipe.freeze().isEmpty()) {
            return Optional.empty();
        }
        boolean drawn = settings.weights().isEmpty() && resumption.isEmpty();
        return Optional.of(String.format(
                Locale.ROOT,
                "freeze: %,d of %,d parameters stay as they are%s",
                state.frozenCount(),
                state.parameterCount(),
                drawn ? ", at their random first values: no weights were loaded" : ""));
    }

    /** Writes down what the run came to. */
    private void came(String end, int epochs, Progress at, String criterion, Map<String, Double> metrics) {
        double seconds = facts.outcome().seconds() + clock.seconds();
        facts.withOutcome(new RunFacts.Outcome(end, seconds, epochs, criterion, at.best(), at.bestEpoch(), metrics))
                .write(folder);
        progress.ended(RunProgress.State.valueOf(end.toUpperCase(Locale.ROOT)));
    }

    /** Of a task that is not trained step by step. */
    private Done atOnce(RunContext run) {
        writing = true;
        type.prepare(run);
        Finished finished = written(type.finish(run, new History(List.of())));
        came("finished", 1, Progress.start(), "", finished.metrics());
        finished.remarks().forEach(text -> settings.listeners().forEach(listener -> listener.onRemark(text)));
        var result = new TrainingRun.Result(
                folder.path(),
                Listener.End.FINISHED,
                1,
                run.seconds(),
                OptionalDouble.empty(),
                Map.of(),
                finished.metrics(),
                List.of(),
                SelectedEpoch.NONE);
        return new Done(result, Optional.of(finished));
    }

    /** The model first: nothing that fails in a report is to cost it. */
    private Finished written(Finished finished) {
        finished.model().write(folder.model());
        finished.report().write(folder.path());
        return finished;
    }

    /** The model of a run that was stopped is that of its best epoch so far; its metrics are those of that epoch. */
    private Done stopped(RunContext run, Trainer trainer, ModelSaver saver, RunRecord watch) {
        trainer.loadSelectedWeights();
        saver.write();
        Progress at = trainer.progress();
        if (settings.reportInTime() && !at.history().isEmpty() && !control.getAsBoolean()) {
            return reported(run, trainer, Listener.End.STOPPED, watch);
        }
        boolean best = recipe.selection().keep() == Recipe.Keep.BEST && at.bestEpoch() > 0;
        List<Map<String, Double>> history = at.history();
        Map<String, Double> validation = best ? part(history, at.bestEpoch(), "validation_") : Map.of();
        var result = new TrainingRun.Result(
                folder.path(),
                Listener.End.STOPPED,
                history.size(),
                run.seconds(),
                watch.imagesPerSecond(),
                part(history, history.size(), "train_"),
                validation,
                history,
                trainer.selected());
        return new Done(result, Optional.empty());
    }

    private Done finished(RunContext run, Trainer trainer, Listener.End end, RunRecord watch) {
        // nothing that fails in the evaluation is to cost the model
        type.unfinished(run.withSelected(trainer.selected())).write(folder.model());
        Done done = reported(run, trainer, end, watch);
        FinishedRun.prune(folder, recipe, type.savesTrainedWeights());
        return done;
    }

    /** Evaluation and report of the network with the weights that were selected. */
    private Done reported(RunContext run, Trainer trainer, Listener.End end, RunRecord watch) {
        List<Map<String, Double>> history = trainer.progress().history();
        SelectedEpoch selected = trainer.selected();
        Finished finished = written(type.finish(run.withSelected(selected), new History(history, selected)));
        var result = new TrainingRun.Result(
                folder.path(),
                end,
                history.size(),
                run.seconds(),
                watch.imagesPerSecond(),
                part(history, history.size(), "train_"),
                finished.metrics(),
                history,
                selected);
        return new Done(result, Optional.of(finished));
    }

    /** The values of one epoch, from 1, whose names begin with {@code prefix}, without it. */
    private static Map<String, Double> part(List<Map<String, Double>> history, int epoch, String prefix) {
        var part = new LinkedHashMap<String, Double>();
        if (epoch >= 1 && epoch <= history.size()) {
            history.get(epoch - 1).forEach((name, value) -> {
                if (name.startsWith(prefix)) {
                    part.put(name.substring(prefix.length()), value);
                }
            });
        }
        return part;
    }

    private Loader training(Preprocess preprocess, Module net) {
        Dataset images =
                recipe.input().resize() == ResizePolicy.PATCH ? data.train().decoded() : data.train();
        return new Loader(
                images.repeated(recipe.input().repeats()),
                preprocess,
                recipe.augmentation(),
                Loader.Options.training(
                                recipe.batch(),
                                recipe.seed(),
                                recipe.selection().sampling())
                        .withJoinLast(Inputs.hasBatchNorm(net) || recipe.input().augmentRepeats() > 1),
                new Loader.Training(
                        recipe.input().augmentRepeats(),
                        sizes(preprocess.size()),
                        recipe.epochs(),
                        recipe.input().balancedCrops(),
                        recipe.task().imagesPerClass()));
    }

    private Loader.Sizes sizes(Size full) {
        Recipe.Input input = recipe.input();
        if (input.multiScale() < 1) {
            var scales = new MultiScale(input.multiScale(), recipe.seed());
            return (epoch, batch) -> scales.at(epoch, batch, full);
        }
        return input.progressiveResizing().off()
                ? new Loader.OneSize(full)
                : (epoch, batch) -> input.progressiveResizing().at(epoch, recipe.epochs(), full);
    }

    private BooleanSupplier stop() {
        Duration limit = settings.maxTime();
        return () -> control.getAsBoolean()
                || (!limit.isZero() && limit.compareTo(Duration.ofNanos(System.nanoTime() - began)) < 0);
    }
}
