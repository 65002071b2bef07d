package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.run.Evaluated;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.NotEvaluableException;
import dev.fovea.run.ReconstructionScore;
import dev.fovea.run.Runs;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskTypes;
import dev.fovea.task.AccuracyScore;
import dev.fovea.task.Probe;
import dev.fovea.task.ProbedEncoder;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.compress.Codec;
import dev.fovea.task.compress.RateDistortion;
import dev.fovea.task.generate.GenerationScore;
import dev.fovea.task.generate.Generator;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea evaluate}: metrics of a model on labelled images. */
@Command(
        name = "evaluate",
        description = "Evaluates a model on images by the metrics of its task.",
        footer = {
            "",
            "Examples:",
            "  fovea evaluate runs/flowers-1 --data flowers-test",
            "  fovea evaluate runs/mnist-1 --data mnist:test --json",
            "  fovea evaluate runs/flowers-1 --data flowers-test --corrupt --report robustness",
            "  fovea evaluate runs/flowers-1 --data flowers-test --with runs/flowers-2,runs/flowers-3",
            "  fovea evaluate runs/digits-gan-1 --data mnist:test --features runs/mnist-1 -n 10000"
        })
final class EvaluateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = ModelChoice.MODEL)
    private Path model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description = "Labelled images; of data with parts the test part, if none is named.")
    private String data;

    @Option(
            names = "--format",
            description = "Format of the data, where it is not recognised: folder, frames, idx, cifar, csv.")
    private String format = "";

    @Option(names = "--skip-broken", description = "Leave unreadable images out instead of stopping.")
    private boolean skipBroken;

    @Option(
            names = "--csv",
            paramLabel = "OUT.csv",
            description =
                    "File for one row an image: file, truth, answer, probability; of several labels or numbers, each.")
    private Path csv;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(
            names = "--probe",
            description =
                    "Linear probe of an autoencoder's codes or a self-supervised network's features, with labels of 1, 5 and 10 %% of the training "
                            + "part, each drawn three times (networks with more than 1,000 labels once); written to "
                            + "probe.csv of a run too.")
    private boolean probe;

    @Option(
            names = "--normal",
            paramLabel = "CLASS",
            description =
                    "Class that is normal, where all others are anomalous, for an autoencoder or anomaly detector.")
    private String normal = "";

    @Option(
            names = "--masks",
            paramLabel = "DIR",
            description = "Folder of CLASS/NAME_mask.png, of the image's size and white where it is anomalous, with "
                    + "--normal; adds pixelAuroc.")
    private Path masks;

    @Option(names = "--score", description = "With --normal, for an autoencoder: l2 or ssim (default: l2).")
    private ReconstructionScore score;

    @Option(
            names = "--compare",
            split = ",",
            paramLabel = "CODEC",
            description = "Codecs of other rates to draw into --curves.")
    private List<Path> beside = List.of();

    @Option(
            names = "--curves",
            paramLabel = "DIR",
            description = "Folder for charts of PSNR and MS-SSIM over bits per pixel beside JPEG's, for a codec.")
    private Path curves;

    @Option(
            names = "--features",
            paramLabel = "CLASSIFIER",
            description = "Classifier whose features compare generated images with real ones, a run or model "
                    + "package; or a safetensors file with torchvision's weights of Inception v3.")
    private Path features;

    @Option(
            names = "--student",
            paramLabel = "MODEL|RECIPE.yaml",
            description = "Model to train on generated images alone, with --features: adds accuracyScore, its "
                    + "accuracy on --data.")
    private String student = "";

    @Option(
            names = "-n",
            defaultValue = "10000",
            description = "Number of images to generate (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--steps",
            defaultValue = "30",
            description = "Steps from noise to image, for diffusion (default: 30).")
    private int steps;

    @Option(names = "--sampler", defaultValue = "heun", description = "Diffusion sampler: ddim, ddpm or heun.")
    private Generator.Sampling sampler;

    @Option(names = "--guidance", defaultValue = "1", description = "Guidance scale, for diffusion (default: 1, none).")
    private double guidance;

    @Option(
            names = "--coverage",
            paramLabel = "SHARE",
            description = "Of a classifier, sets of classes that are to hold the true one for so many images: adds "
                    + "coverage, meanSetSize and lowestCoverage, of the class with the lowest.")
    private double coverage;

    @Option(
            names = "--unlike",
            paramLabel = "DATA",
            description =
                    "Of a classifier, images unlike those of its training, of any classes: adds auroc and fprAt95 "
                            + "of telling them apart, and the shares that predict --reject rejects.")
    private String unlike = "";

    @Option(
            names = "--tta",
            paramLabel = "none|flip|shifts",
            description = "Test-time augmentation of a classifier, as of predict; adds plainAccuracy and ttaGain.")
    private String tta;

    @Mixin
    private ModelChoice choice;

    @Mixin
    private EnsembleOption ensemble;

    @Mixin
    private RobustnessOption robustness;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        needs("--student", !student.isEmpty(), "--features", features != null);
        if (csv != null) {
            OutputImage.checkNotInput(csv, List.of(Path.of(data)));
        }
        robustness.check();
        if (tta != null || robustness.given()) {
            checkAlone(robustness.given() ? "--corrupt" : "--tta");
        }
        needs("--masks", masks != null, "--normal", !normal.isEmpty());
        needs("--score", score != null, "--normal", !normal.isEmpty());
        needs("--compare", !beside.isEmpty(), "--curves", curves != null);
        var options = Data.Options.of()
                .withFormat(format)
                .withSkipBroken(skipBroken)
                .withLabelled(choice.labelled(model) || probe || !normal.isEmpty())
                .withNewClasses(!normal.isEmpty())
                .withContent(choice.content(model))
                .withTargets(probe || !normal.isEmpty() ? TargetKind.ONE_CLASS : choice.targetKind(model));
        var splits = Data.open(data, options);
        splits.notes().forEach(note -> output.say("%s", note));
        Dataset images = Subset.only(splits);
        String part = Data.partOf(data).orElse(Subset.part(splits));
        boolean several = splits.train().size() > 0 && part.equals("validation");
        if (several) {
            output.say(
                    "no test part: these are the %d images of the validation part, by which a run on this data selected its epoch, so the figures are optimistic",
                    images.size());
        }
        if (probe) {
            if (splits.test().size() + splits.validation().size() == 0
                    || splits.train().size() == 0) {
                throw new IllegalArgumentException(
                        "--probe: learns from the training part and is evaluated on the test part, %s has one part only"
                                .formatted(data));
            }
            return probe(splits.train(), images);
        }
        if (curves != null) {
            return curves(images);
        }
        if (robustness.given()) {
            return robustness.evaluate(saved(), images, model, data, part, output);
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("images", images.size());
        json.put("part", part);
        Evaluated evaluated = evaluated(images, json);
        var metrics = new LinkedHashMap<>(evaluated.metrics());
        if (coverage != 0 || !unlike.isEmpty()) {
            metrics.putAll(trust(images, json));
        }
        json.put("metrics", metrics);
        json.putAll(evaluated.details());
        if (csv != null) {
            evaluated.writeCsv(csv);
            json.put("csv", csv.toString());
        }
        var text = new StringBuilder();
        if (features != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "%,d generated images beside those of %s, by the features of %s (%s)%n",
                    count,
                    data,
                    json.get("network"),
                    features));
        }
        text.append(String.format(Locale.ROOT, "%-26s %,12d%n", "images of the " + part + " part", images.size()));
        metrics.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-26s %12.5f%n", name, value)));
        output.print(json, text.append(evaluated.table()).toString());
        return 0;
    }

    /** What sets of classes and refusals are worth. */
    private Map<String, Double> trust(Dataset images, Map<String, Object> json) {
        var classifier = tta == null ? choice.classifier(model, device, output) : Classifier.of(saved().net());
        var metrics = new LinkedHashMap<String, Double>();
        if (coverage != 0) {
            var sets = classifier.sets(images, coverage);
            metrics.put("coverage", sets.coverage());
            metrics.put("meanSetSize", sets.meanSize());
            metrics.put("lowestCoverage", sets.lowestCoverage());
            json.put("sets", sets.sizes());
        }
        if (!unlike.isEmpty()) {
            var options = Data.Options.of()
                    .withNewClasses(true)
                    .withLabelled(false)
                    .withSkipBroken(skipBroken)
                    .withContent(choice.content(model));
            var rejection = classifier.rejection(images, Subset.only(Data.open(unlike, options)));
            metrics.put("auroc", rejection.auroc());
            metrics.put("fprAt95", rejection.fprAt95());
            metrics.put("rejectedKnown", rejection.rejectedKnown());
            metrics.put("rejectedUnlike", rejection.rejectedOthers());
        }
        return metrics;
    }

    /** Refuses what {@code option}, which is about the answers of one classifier, would leave aside. */
    private void checkAlone(String option) {
        boolean corrupt = robustness.given();
        var others = new LinkedHashMap<String, Boolean>();
        others.put("--with", ensemble.given());
        others.put("--probe", probe);
        others.put("--curves", curves != null);
        others.put("--features", features != null);
        others.put("--normal", !normal.isEmpty());
        others.put("--csv", corrupt && csv != null);
        others.put("--coverage", corrupt && coverage != 0);
        others.put("--unlike", corrupt && !unlike.isEmpty());
        others.forEach((other, given) -> {
            if (given) {
                throw new IllegalArgumentException("%s: is not for %s. Leave one of them out".formatted(option, other));
            }
        });
    }

    private static void needs(String option, boolean given, String other, boolean otherGiven) {
        if (given && !otherGiven) {
            throw new IllegalArgumentException("%s means nothing without %s".formatted(option, other));
        }
    }

    /** The metrics of the model's task, or those that options ask for; what they are of goes into {@code json}. */
    private Evaluated evaluated(Dataset images, Map<String, Object> json) {
        if (!normal.isEmpty()) {
            var detector = AnomalyCommand.detector(model, score, device);
            return Evaluated.of(
                    masks == null ? detector.evaluate(images, normal) : detector.evaluate(images, normal, masks));
        }
        if (features != null) {
            return Evaluated.of(generation(images, json));
        }
        if (ensemble.given()) {
            return ensemble(images, json);
        }
        try {
            return saved().evaluate(images);
        } catch (NotEvaluableException e) {
            throw new IllegalArgumentException(
                    "%s: %s; pass --normal CLASS for a detector, --features RUN for a generator"
                            .formatted(model, e.getMessage()),
                    e);
        }
    }

    private TaskTypes.Saved saved() {
        TaskTypes.Saved saved = choice.load(model, device, output);
        return tta == null ? saved : saved.with("tta", tta);
    }

    /** All together, and each member alone. */
    private Evaluated ensemble(Dataset images, Map<String, Object> json) {
        var all = ensemble.with(choice.classifier(model, device, output), device);
        var members = new LinkedHashMap<String, Double>();
        members.put(
                model.toString(), all.members().get(0).evaluate(images).result().accuracy());
        for (int i = 0; i < ensemble.others().size(); i++) {
            members.put(
                    ensemble.others().get(i).toString(),
                    all.members().get(i + 1).evaluate(images).result().accuracy());
        }
        json.put("members", members);
        members.forEach((path, accuracy) -> output.say("accuracy %.5f of %s alone", accuracy, path));
        return all.evaluated(images);
    }

    private Map<String, Double> generation(Dataset images, Map<String, Object> json) {
        var generator = Generator.load(model, device);
        var request = new Generator.Request(count).withSeed(seed).withSampling(steps, sampler, guidance);
        var extractor = FeatureExtractor.load(features, device);
        var score = GenerationScore.of(generator, request, extractor, images);
        json.put("features", features.toString());
        json.put("network", score.features());
        json.put("samples", score.samples());
        json.put("reference", data);
        json.put("missing", score.missing());
        var metrics = new LinkedHashMap<>(score.metrics());
        if (!student.isEmpty()) {
            Recipe recipe = Tasks.ALL.recipes().of(student, List.of());
            metrics.put("accuracyScore", AccuracyScore.of(generator, request, extractor.classes(), images, recipe));
        }
        return metrics;
    }

    private int probe(Dataset train, Dataset test) {
        var rows = new Probe(ProbedEncoder.load(model, device), train, test).run(List.of(0.01, 0.05, 0.1));
        if (Runs.isRun(model)) {
            Probe.write(rows, model);
            output.say("%s", model.resolve(Probe.FILE));
        }
        var table = new StringBuilder(String.format(
                Locale.ROOT, "%-44s %-17s %-17s %-17s%n", "accuracy, by share of labels", "1 %", "5 %", "10 %"));
        rows.forEach(row -> table.append(String.format(Locale.ROOT, "%-44s", row.method()))
                .append(row.accuracy().keySet().stream()
                        .map(share -> String.format(Locale.ROOT, " %-17s", accuracy(row, share)))
                        .collect(Collectors.joining()))
                .append(System.lineSeparator()));
        output.print(Map.of("images", test.size(), "probe", rows), table.toString());
        return 0;
    }

    /** The mean over the draws and, where there were several, the deviation from draw to draw. */
    private static String accuracy(Probe.Row row, double share) {
        String mean = String.format(Locale.ROOT, "%.4f", row.accuracy().get(share));
        return row.deviation().containsKey(share)
                ? mean + String.format(Locale.ROOT, " ± %.4f", row.deviation().get(share))
                : mean;
    }

    private int curves(Dataset images) {
        var codecs = new ArrayList<Codec>();
        codecs.add(Codec.load(model, device));
        beside.forEach(path -> codecs.add(Codec.load(path, device)));
        var rates = RateDistortion.of(codecs, images);
        var charts = new LinkedHashMap<String, BufferedImage>();
        charts.put("rate-psnr.png", rates.chart("psnr", "PSNR (dB)"));
        if (rates.has("msSsim")) {
            charts.put("rate-ms-ssim.png", rates.chart("msSsim", "MS-SSIM"));
        } else {
            output.say("no chart of MS-SSIM, which needs images with sides of 176 pixels or more");
        }
        Path folder = new OutputFolder(curves).path();
        charts.forEach((name, chart) -> Image.write(folder.resolve(name), chart));
        var table = new StringBuilder();
        rates.rows().forEach(row -> table.append("codec  ").append(line(row)));
        rates.jpeg().forEach(row -> table.append("JPEG   ").append(line(row)));
        var json = new LinkedHashMap<String, Object>();
        json.put("images", images.size());
        json.put("rates", rates.rows());
        json.put("jpeg", rates.jpeg());
        output.print(json, table.toString());
        return 0;
    }

    private static String line(Map<String, Double> row) {
        return row.entrySet().stream()
                        .map(e -> String.format(
                                Locale.ROOT,
                                e.getKey().equals("quality") ? "%s %.0f" : "%s %.4f",
                                e.getKey(),
                                e.getValue()))
                        .collect(Collectors.joining("  "))
                + System.lineSeparator();
    }
}
