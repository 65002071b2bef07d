package dev.fovea.task.regress;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.image.Image;
import dev.fovea.metrics.RegressionResult;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The report of a run: curves, predicted against true numbers, residuals, input images, answers, the worst ones. */
final class RegressionReport {

    private static final int SHOWN = 24;
    private static final int WORST = 16;
    private static final int CHARTS = 6;
    private static final int POINTS = 2000;
    private static final int BINS = 30;
    private static final int LINES = 4;

    private final RunContext run;
    private final Dataset validation;
    private final NetOutputs outputs;
    private final Standardization scale;
    private final RegressionEvaluation evaluation;
    private final History history;

    RegressionReport(RunContext run, Regressor regressor, RegressionEvaluation evaluation, History history) {
        this.run = run;
        validation = run.data().validation();
        outputs = regressor.outputs();
        scale = regressor.scale();
        this.evaluation = evaluation;
        this.history = history;
    }

    /** Writes {@code report.html}, its images, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    void write(Path folder, double seconds) {
        RegressionResult result = evaluation.result();
        var sections = new Sections();
        sections.remarks(RegressionType.remarks(result));
        history.curve(
                sections,
                "curves-loss",
                "Loss",
                "loss, of standardised numbers",
                "loss",
                "Lower is better. Validation rising while training falls means the network overfits.");
        history.curve(
                sections,
                "curves-mae",
                "Mean absolute error",
                result.perTarget().size() == 1
                        ? "MAE, in the unit of " + result.perTarget().get(0).name()
                        : "MAE, mean over the numbers",
                "mae",
                "How far predictions are from the truth.");
        for (int target = 0; target < Math.min(CHARTS, result.perTarget().size()); target++) {
            int index = target;
            String name = result.perTarget().get(target).name();
            sections.add(name + ": predicted and true", () -> scatter(index, name));
            sections.add(name + ": residuals", () -> residuals(index, name));
        }
        sections.add("First training batch", () -> TrainingBatch.figure(run, outputs::shown));
        sections.add(
                "Validation images",
                () -> new Figure(
                        "validation",
                        "Validation images",
                        "The true numbers, then the predicted ones.",
                        sheet("Validation images: true, then predicted", spread())));
        List<Integer> worst = evaluation.worst(scale);
        sections.add(
                "Worst images",
                () -> new Figure(
                        "mistakes",
                        "Worst images",
                        "The largest errors. Wrong numbers in the data show up here first.",
                        sheet("Worst images: true, then predicted", worst.subList(0, Math.min(WORST, worst.size())))));
        new TaskReport(run, history, result.values())
                .write(
                        folder,
                        seconds,
                        String.format(
                                Locale.ROOT,
                                "%,d training and %,d validation images, %s",
                                run.data().train().size(),
                                validation.size(),
                                String.join(
                                        ", ",
                                        result.perTarget().stream()
                                                .map(RegressionResult.PerTarget::name)
                                                .toList())),
                        sections,
                        List.copyOf(result.values().keySet()),
                        List.of(new Table(
                                "Number by number",
                                List.of("number", "MAE", "RMSE", "R²", "bias", "MAE of answering the mean"),
                                table(result))));
    }

    private Figure scatter(int target, String name) {
        List<double[]> points = Arrays.stream(Order.spread(evaluation.truth().size(), POINTS))
                .mapToObj(i -> new double[] {
                    evaluation.truth().get(i)[target], evaluation.predicted().get(i)[target]
                })
                .toList();
        return new Figure(
                "predicted-" + (target + 1),
                name + ": predicted and true",
                "A point for each validation image; on the grey line the prediction is right.",
                Charts.predictedAgainstTrue(name + ": predicted over true", name, points));
    }

    private Figure residuals(int target, String name) {
        List<Double> residuals = IntStream.range(0, evaluation.truth().size())
                .mapToObj(i -> (double) evaluation.predicted().get(i)[target]
                        - evaluation.truth().get(i)[target])
                .toList();
        return new Figure(
                "residuals-" + (target + 1),
                name + ": residuals",
                "Prediction minus truth. A middle beside 0 is a bias.",
                Charts.histogram(name + ": residuals", "predicted minus true " + name, residuals, BINS));
    }

    private List<Integer> spread() {
        int count = Math.min(SHOWN, validation.size());
        return IntStream.range(0, count)
                .mapToObj(i -> (int) ((long) i * validation.size() / count))
                .toList();
    }

    private BufferedImage sheet(String title, List<Integer> images) {
        var tiles = new ArrayList<Tile>();
        for (int index : images) {
            Image seen = outputs.prepared(validation, index);
            var lines = new ArrayList<String>();
            List<RegressionResult.PerTarget> targets = evaluation.result().perTarget();
            for (int t = 0; t < Math.min(LINES, targets.size()); t++) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s%.4g | %.4g",
                        targets.size() == 1 ? "" : targets.get(t).name() + " ",
                        evaluation.truth().get(index)[t],
                        evaluation.predicted().get(index)[t]));
            }
            tiles.add(new Tile(List.of(outputs.shown(seen)), lines, Mark.NONE));
        }
        return ContactSheet.draw(title, tiles, outputs.clips() ? 2 : 8);
    }

    private static List<List<String>> table(RegressionResult result) {
        return result.perTarget().stream()
                .map(target -> List.of(
                        target.name(),
                        TaskReport.written(target.mae()),
                        TaskReport.written(target.rmse()),
                        TaskReport.written(target.r2()),
                        TaskReport.written(target.bias()),
                        TaskReport.written(target.meanMae())))
                .toList();
    }
}
