package dev.fovea.task.segment;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.metrics.segment.SegmentationResult.PerClass;
import dev.fovea.report.Bars;
import dev.fovea.report.ConfusionMatrix;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.MaskDrawing;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.run.History;
import dev.fovea.run.RunContext;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The report of a run: curves, figures by class, what is taken for what, and images. */
final class SegmentationReport {

    private static final int SHOWN = 6;
    private static final int CELLS = 30;
    private static final int TILE = 260;

    private final RunContext run;
    private final Dataset validation;
    private final Segmenter segmenter;
    private final SegmentationEvaluation evaluation;
    private final History history;

    SegmentationReport(RunContext run, Segmenter segmenter, SegmentationEvaluation evaluation, History history) {
        this.run = run;
        this.segmenter = segmenter;
        validation = run.data().validation();
        this.evaluation = evaluation;
        this.history = history;
    }

    /** Writes {@code report.html}, its images, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    void write(Path folder, double seconds) {
        var sections = new Sections();
        sections.remarks(SegmentationType.remarks(evaluation));
        history.curve(
                sections,
                "curves-loss",
                "Loss",
                "loss",
                "loss",
                "Of the pixels, with that of further heads in training.");
        history.curve(
                sections,
                "curves-miou",
                "Mean intersection over union",
                "mIoU (0 to 1)",
                "miou",
                "The mean over classes, of the validation images in the network's size.");
        history.curve(
                sections,
                "curves-accuracy",
                "Pixel accuracy",
                "accuracy (0 to 1)",
                "pixelAccuracy",
                "The share of pixels that are right. Large classes decide it.");
        sections.add("Intersection over union by class", this::byClass);
        sections.add("Confusion matrix", this::confusion);
        sections.add("First training batch", () -> SegmentedBatch.figure(run));
        sections.add(
                "Validation images",
                () -> sheet(
                        "validation",
                        "Validation images",
                        "Left what is true, right what is told. Pixels that are ignored stay as they are.",
                        IntStream.of(Order.spread(validation.size(), SHOWN))
                                .boxed()
                                .toList()));
        sections.add(
                "Worst images",
                () -> sheet(
                        "worst",
                        "Worst images",
                        "Those with the lowest mean intersection over union. Wrong masks in the data show up here.",
                        worst()));
        new TaskReport(run, history, evaluation.metrics())
                .write(
                        folder,
                        seconds,
                        String.format(
                                Locale.ROOT,
                                "%,d training images; figures of the validation part: %s",
                                run.data().train().size(),
                                evaluation.measured()),
                        sections,
                        List.of("miou", "pixelAccuracy", "classAccuracy", "dice", "boundaryF1"),
                        List.of(perClass()));
    }

    private Table perClass() {
        var rows = new ArrayList<List<String>>();
        for (PerClass one : evaluation.result().perClass()) {
            rows.add(List.of(
                    one.name(),
                    TaskReport.written(one.iou()),
                    TaskReport.written(one.accuracy()),
                    TaskReport.written(one.precision()),
                    TaskReport.written(one.dice()),
                    TaskReport.written(one.boundaryF1()),
                    String.format(Locale.ROOT, "%,d", one.pixels())));
        }
        return new Table(
                "Per class",
                List.of("class", "IoU", "accuracy", "precision", "Dice", "boundary F1", "pixels"),
                rows,
                true);
    }

    private Figure byClass() {
        var shares = new LinkedHashMap<String, Double>();
        evaluation.result().perClass().stream()
                .filter(one -> !Double.isNaN(one.iou()))
                .sorted(Comparator.comparingDouble(one -> -one.iou()))
                .forEach(one -> shares.put(one.name(), one.iou()));
        return new Figure(
                "iou",
                "Intersection over union by class",
                "What is told and what is true have so much in common.",
                Bars.draw("Intersection over union", shares));
    }

    private Figure confusion() {
        List<String> classes =
                evaluation.result().perClass().stream().map(PerClass::name).toList();
        if (classes.size() > CELLS) {
            throw new IllegalArgumentException("of more than %s classes it cannot be read".formatted(CELLS));
        }
        return new Figure(
                "confusion",
                "Confusion matrix",
                "Pixels; rows are true classes, columns what is told.",
                ConfusionMatrix.draw(classes, evaluation.result().confusion()));
    }

    private List<Integer> worst() {
        return IntStream.range(0, validation.size())
                .boxed()
                .filter(i -> !Double.isNaN(evaluation.images().get(i).miou()))
                .sorted(Comparator.comparingDouble(
                        i -> evaluation.images().get(i).miou()))
                .limit(SHOWN)
                .toList();
    }

    private Figure sheet(String file, String title, String caption, List<Integer> images) {
        var tiles = new ArrayList<Tile>();
        List<String> classes = segmenter.classes();
        for (int index : images) {
            Image image = validation.image(index);
            BufferedImage drawn = image.toRgb().toBufferedImage();
            var truth = ((Target.PixelLabels) validation.target(index)).classes();
            SegmentationEvaluation.PerImage own = evaluation.images().get(index);
            tiles.add(new Tile(
                    List.of(
                            MaskDrawing.overlay(drawn, truth, classes),
                            MaskDrawing.overlay(drawn, segmenter.predict(image).mask(), classes)),
                    List.of(
                            validation.name(index),
                            String.format(
                                    Locale.ROOT,
                                    "mIoU %.3f, %.1f %% of pixels right",
                                    own.miou(),
                                    100 * own.pixelAccuracy())),
                    Mark.NONE));
        }
        return new Figure(file, title, caption, ContactSheet.draw(title, tiles, 2, List.of(), TILE));
    }
}
