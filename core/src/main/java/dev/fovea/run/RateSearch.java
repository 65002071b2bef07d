package dev.fovea.run;

import dev.fovea.data.Batch;
import dev.fovea.data.Loader;
import dev.fovea.data.Splits;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.Device;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import dev.fovea.models.Pretrained;
import dev.fovea.optim.RateFinder;
import dev.fovea.report.Charts;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The learning-rate range test (Smith 2015): the rate rises step by step until the loss explodes. */
public final class RateSearch {

    private static final int STEPS = 100;

    /**
     * What was found.
     *
     * @param suggestion where the loss falls fastest
     * @param chart loss against rate
     * @param csv the same as numbers
     */
    public record Found(double suggestion, Path chart, Path csv) {}

    private RateSearch() {}

    /** Runs the test with the recipe's network, data, batch and optimizer. */
    static Found run(TaskType<?> type, Recipe asked, Splits data, RunSettings settings) {
        RunFolder.checkName(settings.out(), settings.name());
        settings.weights().forEach(Pretrained::check);

        Recipe recipe = type.resolved(asked).checked();
        Splits ready = type.checked(data);
        Device device = Device.of(settings.device());
        Precision precision = Precision.of(recipe.precision()).resolve(device);
        var preprocess = type.preprocess(recipe, ready.train());
        var seed = new Seed(recipe.seed());
        var net = Inputs.network(type, recipe, preprocess, ready.train());
        net.state().initialize(Random.of(seed.derive(0)));
        net.state().random(Random.of(seed.derive(1), device));
        settings.weights().forEach(file -> {
            Pretrained.load(file, net, settings.ignoreHead())
                    .texts()
                    .forEach(text -> settings.listeners().forEach(l -> l.onRemark(text)));
        });
        net.state().to(device);
        var nowhere =
                new RunFolder(settings.out().resolve(settings.name())); // made when there is something to put there
        var context = new RunContext(
                type, recipe, ready, nowhere, preprocess, net, device, precision, new RunClock(), RunFacts.none());
        type.prepare(context);
        var objective = type.objective(context);
        if (objective.phases().size() > 1) {
            throw new IllegalArgumentException("a rate can be searched for tasks with one loss, %s has several"
                    .formatted(recipe.task().word()));
        }
        var updater = recipe.optimizer().updater(net.state().learning());
        var finder = new RateFinder(1e-6, 10, STEPS);
        try (var loader = new Loader(
                ready.train(),
                preprocess,
                recipe.augmentation(),
                Loader.Options.training(recipe.batch(), recipe.seed()).withJoinLast(Inputs.hasBatchNorm(net)))) {
            Iterator<Batch> batches = loader.epoch(1, 0);
            for (int epoch = 1; finder.wantsMore(); ) {
                if (!batches.hasNext()) {
                    batches = loader.epoch(++epoch, 0);
                }
                try (var scope = new Scope()) {
                    dev.fovea.engine.Tensor loss;
                    try (var autocast = Autocast.of(precision, device)) {
                        loss = objective.step(net, batches.next()).loss();
                    }
                    loss.backward();
                    updater.step(finder.rate());
                    updater.clearGradients();
                    finder.add(loss.item());
                }
            }
        }
        RunFolder folder = RunFolder.create(settings.out(), settings.name());
        Path chart = folder.path().resolve("learning-rate.png");
        Path csv = folder.path().resolve("learning-rate.csv");
        Image.write(chart, Charts.rates(finder.rates(), finder.losses(), finder.suggestion()));
        AtomicFile.write(
                csv,
                IntStream.range(0, finder.rates().size())
                        .mapToObj(i -> String.format(
                                Locale.ROOT,
                                "%.6g,%.6g",
                                finder.rates().get(i),
                                finder.losses().get(i)))
                        .collect(Collectors.joining("\n", "lr,loss\n", "\n")));
        return new Found(finder.suggestion(), chart, csv);
    }
}
