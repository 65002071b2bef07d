package dev.fovea.task.multilabel;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.report.Charts;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.run.History;
import dev.fovea.run.NetOutputs;
import dev.fovea.run.RunContext;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import dev.fovea.run.TrainingBatch;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The report of a run: curves, labels one by one, precision-recall curves, input images, answers, the most wrong ones. */
final class MultiLabelReport {

    private static final int SHOWN = 24;
    private static final int WRONG = 16;
    private static final int CURVES = 12;
    private static final int POINTS = 200;
    private static final int LINES = 6;

    private final RunContext run;
    private final Dataset validation;
    private final NetOutputs outputs;
    private final MultiLabelEvaluation evaluation;
    private final History history;

    MultiLabelReport(
            RunContext run, MultiLabelClassifier classifier, MultiLabelEvaluation evaluation, History history) {
        this.run = run;
        validation = run.data().validation();
        outputs = classifier.outputs();
        this.evaluation = evaluation;
        this.history = history;
    }

    /** Writes {@code report.html}, its images, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    void write(Path folder, double seconds) {
        MultiLabelResult result = evaluation.result();
        var sections = new Sections();
        sections.remarks(MultiLabelType.remarks(run.data().train(), result));
        history.curve(
                sections,
                "curves-loss",
                "Loss",
                "loss",
                "loss",
                "Lower is better. Validation rising while training falls means the network overfits.");
        history.curve(
                sections,
                "curves-map",
                "Mean average precision",
                "mAP (0 to 1)",
                "map",
                "How well images with a label rank before those without it, the mean over the labels.");
        sections.add("Precision and recall", this::curves);
        sections.add("First training batch", () -> TrainingBatch.figure(run, outputs::shown));
        sections.add(
                "Validation images",
                () -> new Figure(
                        "validation",
                        "Validation images",
                        "Below each image a line for each label: rightly given (=), missing (-), wrongly given (+), with its probability.",
                        sheet("Validation images: labels", spread(), 8)));
        List<Integer> wrong = evaluation.mostWrong();
        if (!wrong.isEmpty()) {
            sections.add(
                    "Most wrong images",
                    () -> new Figure(
                            "mistakes",
                            "Most wrong images",
                            "Wrong and missing labels in the data show up here first.",
                            sheet("Most wrong images", wrong.subList(0, Math.min(WRONG, wrong.size())), 8)));
        }
        new TaskReport(run, history, result.values())
                .write(
                        folder,
                        seconds,
                        String.format(
                                Locale.ROOT,
                                "%,d training and %,d validation images, %d labels",
                                run.data().train().size(),
                                validation.size(),
                                result.perLabel().size()),
                        sections,
                        List.copyOf(result.values().keySet()),
                        List.of(new Table(
                                "Per label. Thresholds are those with the highest F1 on these images, so that F1 is a little too good",
                                List.of(
                                        "label",
                                        "average precision",
                                        "precision",
                                        "recall",
                                        "F1",
                                        "threshold",
                                        "images"),
                                table(result))));
    }

    /** Of few labels all, of many the best and the worst. */
    private Figure curves() {
        List<MultiLabelResult.PerLabel> labels = evaluation.result().perLabel();
        List<Integer> ranked = IntStream.range(0, labels.size())
                .boxed()
                .filter(i -> labels.get(i).support() > 0)
                .sorted(Comparator.comparingDouble(i -> -labels.get(i).averagePrecision()))
                .toList();
        List<Integer> shown = ranked.size() <= CURVES
                ? ranked
                : IntStream.range(0, CURVES)
                        .mapToObj(i -> ranked.get(i < CURVES / 2 ? i : ranked.size() - CURVES + i))
                        .toList();
        var lines = new LinkedHashMap<String, List<double[]>>();
        for (int label : shown) {
            lines.put(
                    String.format(
                            Locale.ROOT,
                            "%s %.2f",
                            labels.get(label).name(),
                            labels.get(label).averagePrecision()),
                    points(evaluation.scored().curve(label)));
        }
        return new Figure(
                "precision-recall",
                "Precision and recall",
                "What a higher or lower threshold of each label would give; beside the names, the average precision."
                        + (ranked.size() > CURVES ? " Those of the best and the worst labels." : ""),
                Charts.precisionRecall("Precision over recall", lines));
    }

    private static List<double[]> points(PrecisionRecall curve) {
        int count = curve.points().size();
        int step = Math.max(1, count / POINTS);
        var points = new ArrayList<double[]>();
        for (int i = 0; i < count; i++) {
            if (i % step == 0 || i == count - 1) {
                points.add(new double[] {
                    curve.points().get(i).recall(), curve.points().get(i).precision()
                });
            }
        }
        return points;
    }

    private List<Integer> spread() {
        int count = Math.min(SHOWN, validation.size());
        return IntStream.range(0, count)
                .mapToObj(i -> (int) ((long) i * validation.size() / count))
                .toList();
    }

    private BufferedImage sheet(String title, List<Integer> images, int columns) {
        var tiles = new ArrayList<Tile>();
        for (int index : images) {
            Image seen = outputs.prepared(validation, index);
            List<String> lines = lines(index);
            boolean right = lines.stream().noneMatch(line -> line.startsWith("-") || line.startsWith("+"));
            tiles.add(new Tile(
                    List.of(outputs.shown(seen)),
                    lines.size() <= LINES ? lines : lines.subList(0, LINES),
                    right ? Mark.RIGHT : Mark.WRONG));
        }
        return ContactSheet.draw(title, tiles, outputs.clips() ? 2 : columns);
    }

    private List<String> lines(int index) {
        var lines = new ArrayList<String>();
        float[] probabilities = evaluation.scored().probabilities().get(index);
        for (int label = 0; label < probabilities.length; label++) {
            boolean there = evaluation.scored().truth().get(index)[label];
            boolean given = evaluation.given(index, label);
            if (there || given) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s %s %.2f",
                        there && given ? "=" : there ? "-" : "+",
                        evaluation.result().perLabel().get(label).name(),
                        probabilities[label]));
            }
        }
        return lines.isEmpty() ? List.of("= no label") : lines;
    }

    private static List<List<String>> table(MultiLabelResult result) {
        return result.perLabel().stream()
                .map(label -> List.of(
                        label.name(),
                        TaskReport.written(label.averagePrecision()),
                        TaskReport.written(label.precision()),
                        TaskReport.written(label.recall()),
                        TaskReport.written(label.f1()),
                        TaskReport.written(label.threshold()),
                        String.format(Locale.ROOT, "%,d", label.support())))
                .toList();
    }
}
