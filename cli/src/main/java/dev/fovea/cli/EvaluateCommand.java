package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.run.Evaluated;
import dev.fovea.run.NotEvaluableException;
import dev.fovea.run.ReconstructionScore;
import dev.fovea.run.Runs;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskTypes;
import dev.fovea.task.Probe;
import dev.fovea.task.ProbedEncoder;
import dev.fovea.task.classify.Classifier;
import java.nio.file.Path;
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
            "  fovea evaluate runs/people-1 --data lfw --pairs pairs.txt",
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
            description =
                    "Format of the data, where it is not recognised: folder, frames, idx, cifar, csv, voc, coco, yolo, masks, wider.")
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
            paramLabel = "none|flip|shifts|scales",
            description = "Test-time augmentation, as of predict; of a classifier adds plainAccuracy and ttaGain.")
    private String tta;

    @Option(
            names = "--tile",
            paramLabel = "PIXELS",
            description = "Segmentation looks at images in windows of this side, which overlap by half.")
    private Integer tile;

    @Mixin
    private ModelChoice choice;

    @Mixin
    private EnsembleOption ensemble;

    @Mixin
    private RobustnessOption robustness;

    @Mixin
    private GenerationOptions generated;

    @Mixin
    private CurvesOption curves;

    @Mixin
    private IdentityOptions identities;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        generated.check();
        if (csv != null) {
            OutputImage.checkNotInput(csv, List.of(Path.of(data)));
        }
        robustness.check();
        if (tta != null || tile != null || robustness.given()) {
            checkAlone(robustness.given() ? "--corrupt" : tta != null ? "--tta" : "--tile");
        }
        if (ensemble.given() && (coverage != 0 || !unlike.isEmpty())) {
            throw new IllegalArgumentException(
                    "--coverage and --unlike are about the scores that one classifier has kept, several together have none. Leave out --with");
        }
        if (coverage != 0 || !unlike.isEmpty()) { // what is missing is said before a long evaluation
            choice.classifier(model, device, output).with(coverage, !unlike.isEmpty());
        }
        needs("--masks", masks != null, "--normal", !normal.isEmpty());
        needs("--score", score != null, "--normal", !normal.isEmpty());
        curves.check();
        identities.check();
        var options = Data.Options.of()
                .withFormat(format)
                .withSkipBroken(skipBroken)
                .withLabelled(choice.labelled(model) || probe || !normal.isEmpty())
                .withNewClasses(!normal.isEmpty() || choice.newClasses(model))
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
        if (curves.given()) {
            return curves.draw(model, images, device, output);
        }
        if (robustness.given()) {
            return robustness.evaluate(saved(), images, model, data, part, output);
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("images", images.size());
        json.put("part", part);
        Evaluated evaluated = evaluated(images, json);
        Map<String, Map<String, Double>> trust = coverage != 0 || !unlike.isEmpty() ? trust(images, json) : Map.of();
        var metrics = new LinkedHashMap<>(evaluated.metrics());
        trust.values().forEach(metrics::putAll);
        json.put("metrics", metrics);
        json.putAll(evaluated.details());
        if (csv != null) {
            evaluated.writeCsv(csv);
            json.put("csv", csv.toString());
        }
        var text = new StringBuilder();
        if (generated.given()) {
            text.append(generated.heading(data, json));
        }
        text.append(String.format(Locale.ROOT, "%-26s %,12d%n", heading(splits, part), images.size()));
        append(text, evaluated.metrics());
        trust.forEach((about, figures) -> {
            text.append(String.format(Locale.ROOT, "%n%s%n", about));
            append(text, figures);
        });
        output.print(json, text.append(evaluated.table()).toString());
        return 0;
    }

    private static void append(StringBuilder text, Map<String, Double> metrics) {
        metrics.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-26s %12.5f%n", name, value)));
    }

    /** A folder of its own is no part of anything, though it is read as a training part. */
    private String heading(Splits splits, String part) {
        boolean whole = Data.partOf(data).isEmpty()
                && splits.validation().size() + splits.test().size() == 0;
        return whole ? "images" : "images of the " + part + " part";
    }

    /** What sets of classes and refusals are worth, by what the figures are about. */
    private Map<String, Map<String, Double>> trust(Dataset images, Map<String, Object> json) {
        var classifier = tta == null ? choice.classifier(model, device, output) : Classifier.of(saved().net());
        var all = new LinkedHashMap<String, Map<String, Double>>();
        if (coverage != 0) {
            var metrics = new LinkedHashMap<String, Double>();
            all.put(String.format(Locale.ROOT, "sets of classes, coverage %s asked for", coverage), metrics);
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
            var metrics = new LinkedHashMap<String, Double>();
            all.put("unlike images, of " + unlike, metrics);
            var rejection = classifier.rejection(images, Subset.only(Data.open(unlike, options)));
            metrics.put("auroc", rejection.auroc());
            metrics.put("fprAt95", rejection.fprAt95());
            metrics.put("rejectedKnown", rejection.rejectedKnown());
            metrics.put("rejectedUnlike", rejection.rejectedOthers());
        }
        return all;
    }

    /** Refuses what {@code option}, which is about the answers of one classifier, would leave aside. */
    private void checkAlone(String option) {
        boolean corrupt = robustness.given();
        var others = new LinkedHashMap<String, Boolean>();
        others.put("--with", ensemble.given());
        others.put("--probe", probe);
        others.put("--curves", curves.given());
        others.put("--features", generated.given());
        others.put("--normal", !normal.isEmpty());
        others.put("--pairs and --gallery", identities.given());
        others.put("--csv", corrupt && csv != null);
        others.put("--coverage", corrupt && coverage != 0);
        others.put("--unlike", corrupt && !unlike.isEmpty());
        others.forEach((other, given) -> {
            if (given) {
                throw new IllegalArgumentException("%s: is not for %s. Leave one of them out".formatted(option, other));
            }
        });
    }

    /** @throws IllegalArgumentException if {@code option} is given without the one that it adds to */
    static void needs(String option, boolean given, String other, boolean otherGiven) {
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
        if (generated.given()) {
            return Evaluated.of(generated.score(model, images, data, device, json));
        }
        if (identities.given()) {
            return identities.evaluate(model, images, device);
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
        TaskTypes.Saved viewed = tta == null ? saved : saved.with("tta", tta);
        return tile == null ? viewed : viewed.with("tile", tile.toString());
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
        Evaluated together = all.evaluated(images);
        double reached = together.metrics().get("accuracy");
        members.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(best -> best.getValue() > reached)
                .ifPresent(best -> output.say(
                        "together they have %.5f: %s alone answers better on these images", reached, best.getKey()));
        return together;
    }

    private int probe(Dataset train, Dataset test) {
        var rows = new Probe(ProbedEncoder.load(model, device), train, test)
                .run(List.of(0.01, 0.05, 0.1), text -> output.say("%s", text));
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
}
