package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.run.CrossValidation;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Subset;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.SelfTraining;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea train}: a run. */
@Command(
        name = "train",
        description = "Trains a registered network, layers given as text, or a recipe file, on images.",
        footer = {
            "",
            "Examples:",
            "  fovea train cifar-cnn --data cifar10 --epochs 10",
            "  fovea train resnet18 --data flowers --epochs 20 --set optimizer.lr=3e-4",
            "  fovea train resnet18 --data flowers --weights resnet18.safetensors --freeze \"conv1,bn1,layer1,layer2\"",
            "  fovea train resnet18 --data flowers --weights imagenet --fine-tune",
            "  fovea train recipes/cifar10-fast.yaml --data cifar10",
            "  fovea train \"conv-autoencoder code=32\" --data mnist",
            "  fovea train \"conv 32 3, relu, maxpool 2, flatten, dense classes\" --data shapes --set input.size=32",
            "  fovea train resnet18 --data photos.csv --task multi-label --weights imagenet",
            "  fovea train resnet18 --data faces.csv --task regression --targets age,height",
            "  fovea train --resume runs/flowers-1 --epochs 40"
        })
final class TrainCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL|RECIPE.yaml",
            description =
                    "A name from `fovea models`, with options as in \"vae code=8\", layers as text, or a recipe file. Omitted with --resume.")
    private String model = "";

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(names = "--name", description = "Name of the run; by default that of the data.")
    private String name = "";

    @Option(
            names = "--out",
            description =
                    "Folder of the runs (default: runs). With --resume, a copy of the run goes on there, and the run "
                            + "itself stays as it is.")
    private Path out;

    @Option(
            names = "--weights",
            paramLabel = "imagenet|coco|TAG|FILE|RUN",
            description =
                    "Weights to start from: imagenet for the best published ones, coco for those of a detector, a tag of `fovea weights list`, a "
                            + "safetensors or PyTorch file, or a run; a head of another class count keeps its first values.")
    private String weights = "";

    @Option(
            names = "--ignore-head",
            description = "Leave the head at its first values, even if that of --weights fits.")
    private boolean ignoreHead;

    @Option(
            names = "--fine-tune",
            description =
                    "A recipe for --weights: for the first epochs the head alone learns, then everything at a tenth of "
                            + "the rate; norms keep their statistics.")
    private boolean fineTune;

    @Option(
            names = "--classifier",
            paramLabel = "CLASSIFIER",
            description = "Classifier whose features evaluate generated images after every epoch, for a generator.")
    private Path classifier;

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Run folder to go on with; --epochs may ask for more than at first, --lr, --precision and "
                    + "--set may change what is not fixed from the first step.")
    private Path resume;

    @Option(
            names = "--max-time",
            paramLabel = "MINUTES",
            description = "Minutes after which training stops; --resume goes on.")
    private Double maxTime;

    @Option(
            names = "--fast-dev-run",
            description = "One batch of training and one of validation, as a check that all works.")
    private boolean fastDevRun;

    @Option(
            names = "--overfit-batches",
            paramLabel = "N",
            description = "Number of batches to overfit as a check, without augmentation, dropout, weight decay and "
                    + "schedule: a working network reaches a loss near 0.")
    private Integer overfitBatches;

    @Option(
            names = "--find-lr",
            description = "Learning rate search instead of training: the loss over a rising rate as a chart, and a "
                    + "suggestion.")
    private boolean findLr;

    @Option(
            names = "--folds",
            paramLabel = "K",
            description = "k-fold cross-validation: K runs, each validated on another part of the images.")
    private Integer folds;

    @Option(
            names = "--unlabelled",
            paramLabel = "DATA",
            description =
                    "Images without labels, for classification: a first run labels those it is sure of, a second one "
                            + "is trained on both. A teacher (distill) labels them all in place of the first run.")
    private String unlabelled = "";

    @Option(
            names = "--confidence",
            defaultValue = "0.95",
            description =
                    "With --unlabelled, the probability from which the first run is sure (default: ${DEFAULT-VALUE}).")
    private double confidence;

    @Mixin
    private RecipeOptions asked;

    @Mixin
    private DataOptions data;

    @Mixin
    private Output output;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        check();
        Recipe recipe = recipe();
        DataRequest request = request();
        if (fastDevRun) {
            recipe = Subset.once(recipe);
        } else if (overfitBatches != null) {
            recipe = Subset.overfit(recipe, overfitBatches);
        }
        Splits splits = resume == null ? request.open(recipe) : request.openFor(resume, recipe);
        var settingsOfRun = RunSettings.in(out == null ? Path.of("runs") : out, runName())
                .withDevice(device)
                .withWeights(
                        weights.isEmpty()
                                ? List.of()
                                : List.of(PublishedModel.file(recipe.model(), weights, new Fetching(output))))
                .withIgnoreHead(ignoreHead)
                .withClassifier(classifier == null ? List.of() : List.of(classifier))
                .withData(request)
                .withCommand(output.command())
                .withOverfit(overfitBatches != null)
                .withListeners(List.of(new ProgressView(output)));
        if (findLr) {
            splits.notes().forEach(note -> output.say("%s", note)); // a run tells of them itself
            return findLr(recipe, splits, settingsOfRun);
        }
        try (var interruption = new Interruption()) {
            if (!unlabelled.isEmpty()) {
                return selfTrain(recipe, splits, settingsOfRun.withStop(limited(interruption)));
            }
            return folds == null && !isOfFolds()
                    ? train(recipe, splits, settingsOfRun.withMaxTime(limit()).withStop(interruption))
                    : crossValidate(recipe, splits, settingsOfRun.withStop(limited(interruption)));
        }
    }

    /** What no recipe can know to be wrong. */
    private void check() {
        if (resume == null && model.isEmpty()) {
            throw new IllegalArgumentException("train: name a MODEL or a RECIPE.yaml, or --resume RUN");
        }
        if (resume == null && data.data().isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Missing required option: '--data=DATA'");
        }
        data.check();
        positive("--overfit-batches", overfitBatches);
        if (maxTime != null && !(maxTime > 0)) {
            throw new IllegalArgumentException("--max-time: expected minutes above 0, got " + maxTime);
        }
        if (ignoreHead && weights.isEmpty()) {
            throw new IllegalArgumentException("--ignore-head means nothing without --weights");
        }
        if (fineTune && weights.isEmpty() && resume == null) {
            throw new IllegalArgumentException("--fine-tune goes on from trained weights: name them with --weights");
        }
        if ((folds != null || !unlabelled.isEmpty()) && (fastDevRun || overfitBatches != null || findLr)) {
            throw new IllegalArgumentException(
                    "--folds and --unlabelled train several times on all images: leave out --fast-dev-run, --overfit-batches and --find-lr");
        }
        if (folds != null && !unlabelled.isEmpty()) {
            throw new IllegalArgumentException("--folds and --unlabelled do not go together. Leave one of the two out");
        }
        if (resume == null) {
            return;
        }
        checkResumed();
        var given = new LinkedHashMap<String, Boolean>();
        given.put("MODEL", !model.isEmpty());
        given.put("--weights", !weights.isEmpty());
        given.put("--ignore-head", ignoreHead);
        given.putAll(asked.ofNewRuns());
        given.put("--fine-tune", fineTune);
        given.put("--name", !name.isEmpty());
        given.putAll(data.ofNewRuns());
        given.put("--folds", folds != null);
        given.put("--fast-dev-run", fastDevRun);
        given.put("--overfit-batches", overfitBatches != null);
        given.put("--find-lr", findLr);
        given.forEach((option, there) -> {
            if (there) {
                throw new IllegalArgumentException(
                        "%s: is for a new run, --resume goes on with %s as it is. Leave one of the two out"
                                .formatted(option, resume));
            }
        });
    }

    private void checkResumed() {
        boolean changes = out != null || !asked.overrides("", "").isEmpty();
        if ((isOfFolds() || !unlabelled.isEmpty()) && changes) {
            throw new IllegalArgumentException(
                    "%s: several runs of one recipe go on as they are, without changes and where they lie. Leave out --out and what changes the recipe"
                            .formatted(resume));
        }
        if (unlabelled.isEmpty() && Files.exists(resume.resolve(SelfTraining.FILE))) {
            throw new IllegalArgumentException(
                    "%s: was trained with images without labels, too. Name them again with --unlabelled"
                            .formatted(resume));
        }
    }

    private static void positive(String option, Integer value) {
        if (value != null && value < 1) {
            throw new IllegalArgumentException("%s: expected a number from 1, got %s".formatted(option, value));
        }
    }

    /** The data that is named now; a resumed run has that of its first start where none is. */
    private DataRequest request() {
        DataRequest recorded = resume == null
                ? DataRequest.UNKNOWN
                : RunFacts.read(resumed()).map(facts -> facts.asked().data()).orElse(DataRequest.UNKNOWN);
        if (isOfFolds()) {
            recorded = recorded.withoutFold();
        }
        if (data.data().isEmpty() && recorded.data().isEmpty()) {
            throw new IllegalArgumentException(
                    resume + ": does not say what data it was trained on. Name it with --data");
        }
        return data.over(recorded, fastDevRun ? 1 : overfitBatches == null ? recorded.batches() : overfitBatches);
    }

    /** Whether what goes on are the folds of a cross-validation. */
    private boolean isOfFolds() {
        return resume != null && CrossValidation.isAt(resume);
    }

    /** The run whose recipe and data are those of what goes on. */
    private Path resumed() {
        return isOfFolds() ? CrossValidation.first(resume) : resume;
    }

    private Duration limit() {
        return maxTime == null ? Duration.ZERO : Duration.ofNanos(Math.max(1, (long) (maxTime * 60e9)));
    }

    private int train(Recipe recipe, Splits splits, RunSettings settingsOfRun) {
        TrainingRun.Result result = resume == null
                ? Tasks.ALL.train(recipe, splits, settingsOfRun)
                : out == null
                        ? Tasks.ALL.resume(resume, splits, settingsOfRun, asked.overrides(model, weights))
                        : Tasks.ALL.resumeCopy(resume, splits, settingsOfRun, asked.overrides(model, weights));
        return RunOutput.print(result, output);
    }

    private int selfTrain(Recipe recipe, Splits splits, RunSettings settingsOfRuns) {
        Splits others = Data.open(
                unlabelled,
                Data.Options.of().withLabelled(false).withNewClasses(true).withSkipBroken(data.skipBroken()));
        Dataset images = others.train().size() > 0 ? others.train() : Subset.only(others);
        SelfTraining.Result result = resume == null
                ? SelfTraining.run(recipe, splits, images, confidence, settingsOfRuns)
                : SelfTraining.resume(Tasks.ALL, resume, splits, images, confidence, settingsOfRuns);
        result.first()
                .ifPresent(first -> output.say(
                        "first run, on the labelled images: %s, validation %s", first.folder(), first.validation()));
        return RunOutput.print(result.last(), output);
    }

    /** By Ctrl-C or, over all folds together, when time is up. */
    private BooleanSupplier limited(BooleanSupplier stopping) {
        long began = System.nanoTime();
        long limit = limit().isZero() ? Long.MAX_VALUE : limit().toNanos();
        return () -> stopping.getAsBoolean() || System.nanoTime() - began >= limit;
    }

    private int crossValidate(Recipe recipe, Splits splits, RunSettings settingsOfRuns) {
        CrossValidation.Result result = resume == null
                ? CrossValidation.run(Tasks.ALL, recipe, splits, folds, settingsOfRuns)
                : CrossValidation.resume(Tasks.ALL, resume, splits, settingsOfRuns);
        var json = new LinkedHashMap<String, Object>();
        json.put("folder", result.folder().toString());
        json.put(
                "runs",
                result.folds().stream().map(fold -> fold.folder().toString()).toList());
        json.put("end", result.whole() ? "finished" : "stopped");
        json.put("validation", result.metrics());
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s of %s folds, in %s: mean ± standard deviation over the folds%n",
                result.folds().size(),
                result.count(),
                result.folder()));
        result.metrics()
                .forEach((metric, spread) -> text.append(
                        String.format(Locale.ROOT, "%-26s %.4f ± %.4f%n", metric, spread.mean(), spread.deviation())));
        output.print(json, text.toString());
        return 0;
    }

    private int findLr(Recipe recipe, Splits splits, RunSettings settingsOfSearch) {
        var found = Tasks.ALL.findRate(recipe, splits, settingsOfSearch);
        output.print(
                Map.of(
                        "suggestion",
                        found.suggestion(),
                        "chart",
                        found.chart().toString(),
                        "csv",
                        found.csv().toString()),
                String.format(
                        Locale.ROOT, "suggested lr  %.2g%ncurve         %s%n", found.suggestion(), found.chart()));
        return 0;
    }

    private Recipe recipe() {
        return resume == null
                ? fineTune
                        ? Tasks.ALL.fineTune(model, weights, asked.overrides(model, weights))
                        : Tasks.ALL.recipes().of(model, asked.overrides(model, weights))
                : Tasks.ALL.recipes().read(resumed().resolve("recipe.yaml"), List.of());
    }

    private String runName() {
        String end = findLr ? "-lr" : "";
        if (!name.isEmpty()) {
            return name + end;
        }
        return DataRequest.of(data.data()).runName() + end;
    }
}
