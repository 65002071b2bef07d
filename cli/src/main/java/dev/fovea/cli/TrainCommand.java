package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Splits;
import dev.fovea.task.RateSearch;
import dev.fovea.task.RunSettings;
import dev.fovea.task.Subset;
import dev.fovea.task.TrainingRun;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea train}: a run. */
@Command(
        name = "train",
        description = "Trains a registered network, layers given as text, or a recipe file, on pictures.",
        footer = {
            "",
            "Examples:",
            "  fovea train cifar-cnn --data cifar10 --epochs 10",
            "  fovea train resnet18 --data flowers --epochs 20 --set optimizer.lr=3e-4",
            "  fovea train recipes/cifar10-fast.yaml --data cifar10",
            "  fovea train \"conv-autoencoder code=32\" --data mnist",
            "  fovea train \"conv 32 3, relu, maxpool 2, flatten, dense classes\" --data shapes --set input.size=32",
            "  fovea train --resume runs/flowers-1 --data flowers --epochs 40"
        })
final class TrainCommand implements Callable<Integer> {

    /** The exit code of a process that was killed, which is what it comes to. */
    private static final int STOPPED_HARD = 137;

    /** Of the validation metrics, those that a line has room for. */
    private static final List<String> SHOWN = List.of("accuracy", "loss", "mse", "mae", "psnr", "bitsPerPixel");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL|RECIPE.yaml",
            description =
                    "A name from `fovea models`, with options as in \"vae code=8\", layers as text, or a recipe file. Left out with --resume.")
    private String model = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description = "Folder, archive, CSV or name; DATA:train names a part.")
    private String data;

    @Option(
            names = "--validation",
            paramLabel = "DATA",
            description = "Pictures to validate on, instead of the data's own part.")
    private String validation = "";

    @Option(
            names = "--format",
            description = "Format of the data, where it is not recognised: folder, frames, idx, cifar, csv.")
    private String format = "";

    @Option(names = "--epochs", description = "Passes over the training data.")
    private int epochs;

    @Option(names = "--batch", description = "Pictures per step.")
    private int batch;

    @Option(names = "--lr", description = "Base learning rate.")
    private double lr;

    @Option(names = "--seed", description = "Of weights, order, augmentation and dropout.")
    private Long seed;

    @Option(names = "--precision", description = "auto, fp32 or bf16.")
    private String precision = "";

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or cuda.")
    private String device;

    @Option(names = "--name", description = "Name of the run; by default that of the data.")
    private String name = "";

    @Option(
            names = "--out",
            defaultValue = "runs",
            description = "Where run folders are made (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--weights",
            paramLabel = "FILE|RUN",
            description =
                    "Start from these weights, a safetensors file or a run; a head of another class count is left as it is.")
    private Path weights;

    @Option(
            names = "--judge",
            paramLabel = "CLASSIFIER",
            description = "For a generator: judge what it makes after every epoch by this classifier's features.")
    private Path judge;

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Go on with this run folder; --epochs may ask for more than at first.")
    private Path resume;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A recipe field, such as optimizer.lr=0.2 or augment.horizontalFlip=true.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "CLASS",
            description = "Only the pictures of these classes, as sound ones for `fovea anomaly`.")
    private List<String> only = List.of();

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "At most N training pictures of each class, drawn by the seed.")
    private int perClass;

    @Option(
            names = "--extra",
            paramLabel = "DATA",
            description = "More training pictures of the same classes, such as generated ones.")
    private String extra = "";

    @Option(names = "--skip-broken", description = "Leave unreadable pictures out instead of stopping.")
    private boolean skipBroken;

    @Option(names = "--max-time", paramLabel = "MINUTES", description = "Stop, resumable, after so many minutes.")
    private double maxTime;

    @Option(names = "--fast-dev-run", description = "One batch of training and of validation, to see that all works.")
    private boolean fastDevRun;

    @Option(
            names = "--overfit-batches",
            paramLabel = "N",
            description =
                    "Train on the first N batches alone, without augmentation: a sound network learns them by heart.")
    private int overfitBatches;

    @Option(
            names = "--find-lr",
            description = "Do not train: raise the rate step by step, draw the curve, suggest a rate.")
    private boolean findLr;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (resume == null && model.isEmpty()) {
            throw new IllegalArgumentException("train: name a MODEL or a RECIPE.yaml, or --resume RUN");
        }
        Recipe recipe = recipe();
        var options = Data.Options.of()
                .withFormat(format)
                .withSkipBroken(skipBroken)
                .withLabelled(recipe.task().labelled())
                .withNewClasses(!recipe.task().labelled())
                .withContent(TrainingRun.content(recipe));
        Splits splits = Data.open(data, options);
        if (!validation.isEmpty()) {
            Splits judged = Data.open(validation, options);
            splits = splits.withValidation(Subset.only(judged));
        }
        if (!only.isEmpty()) {
            splits = Subset.ofClasses(splits, only);
        }
        if (perClass > 0) {
            splits = Subset.few(splits, perClass, recipe.seed());
        }
        if (!extra.isEmpty()) {
            splits = Subset.withMore(
                    splits,
                    Data.open(extra, options).train(),
                    recipe.selection().validation(),
                    recipe.seed());
        }
        splits.notes().forEach(note -> output.say("%s", note));
        if (fastDevRun || overfitBatches > 0) {
            int batches = fastDevRun ? 1 : overfitBatches;
            recipe = Subset.recipe(recipe, fastDevRun);
            splits = Subset.first(splits, batches * recipe.batch());
        }
        if (findLr) {
            return findLr(recipe, splits);
        }
        var stopping = new AtomicBoolean();
        var done = new CountDownLatch(1);
        var hook = new Thread(() -> interrupt(stopping, done), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return train(recipe, splits, stopping);
        } finally {
            done.countDown();
            if (!stopping.get()) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private int train(Recipe recipe, Splits splits, AtomicBoolean stopping) {
        var settingsOfRun = RunSettings.in(out, runName())
                .withDevice(device)
                .withWeights(weights == null ? List.of() : List.of(weights))
                .withJudges(judge == null ? List.of() : List.of(judge))
                .withMaxTime(Duration.ofMillis((long) (maxTime * 60_000)))
                .withStop(stopping::get)
                .withListeners(List.of(new ProgressView(output)));
        TrainingRun.Result result = resume == null
                ? TrainingRun.start(recipe, splits, settingsOfRun)
                : TrainingRun.resume(resume, splits, settingsOfRun, epochs);
        boolean stopped = result.end() == Listener.End.STOPPED;
        var json = new LinkedHashMap<String, Object>();
        json.put("run", result.folder().toString());
        json.put("model", result.folder().resolve("model").toString());
        json.put("epochs", result.epochs());
        json.put("end", result.end().name().toLowerCase(Locale.ROOT));
        json.put("seconds", result.seconds());
        result.imagesPerSecond().ifPresent(speed -> json.put("imagesPerSecond", speed));
        if (result.kept().epoch() > 0) {
            json.put("keptEpoch", result.kept().epoch());
            json.put("kept", result.kept().words());
        }
        json.put("train", result.train());
        json.put("validation", result.validation());
        output.print(json, stopped ? "run     " + result.folder() : text(result));
        return 0;
    }

    private static String text(TrainingRun.Result result) {
        boolean known = result.validation().keySet().stream().anyMatch(SHOWN::contains);
        String judged = result.validation().isEmpty()
                ? "none held out"
                : result.validation().entrySet().stream()
                        .filter(e -> !known || SHOWN.contains(e.getKey()))
                        .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", "));
        return """
                run         %s
                model       %s%s
                validation  %s
                report      %s
                took        %.0f s%s
                """.formatted(
                        result.folder(),
                        result.folder().resolve("model"),
                        result.kept().epoch() == 0 ? "" : ": " + result.kept().words(),
                        judged,
                        result.folder().resolve("report.html"),
                        result.seconds(),
                        result.imagesPerSecond().isEmpty()
                                ? ""
                                : " (%,.0f images a second in training)"
                                        .formatted(result.imagesPerSecond().getAsDouble()));
    }

    private int findLr(Recipe recipe, Splits splits) {
        var found = RateSearch.run(
                recipe, splits, RunSettings.in(out, runName() + "-lr").withDevice(device));
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
        if (resume != null) {
            return RecipeFile.read(resume.resolve("recipe.yaml"), List.of());
        }
        var overrides = new ArrayList<>(settings);
        if (epochs != 0) {
            overrides.add("epochs=" + epochs);
        }
        if (batch != 0) {
            overrides.add("batch=" + batch);
        }
        if (lr != 0) {
            overrides.add("optimizer.lr=" + lr);
        }
        if (seed != null) {
            overrides.add("seed=" + seed);
        }
        if (!precision.isEmpty()) {
            overrides.add("precision=" + precision);
        }
        return RecipeFile.of(model, overrides);
    }

    private String runName() {
        if (!name.isEmpty()) {
            return name;
        }
        String base = String.valueOf(
                Path.of(data.replaceFirst(":(train|validation|test)$", "")).getFileName());
        return base.replaceFirst("(\\.tar\\.gz|\\.tgz|\\.tar|\\.zip|\\.csv)$", "")
                .replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /** Ctrl-C: the run saves a checkpoint after the step under way; the process waits for that. */
    private static void interrupt(AtomicBoolean stopping, CountDownLatch done) {
        stopping.set(true);
        try {
            if (!done.await(60, TimeUnit.SECONDS)) {
                // An orderly end would take libtorch's memory away under the step that is still computing.
                Runtime.getRuntime().halt(STOPPED_HARD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
