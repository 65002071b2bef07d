package dev.fovea.task.detect;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.metrics.detect.CocoResult;
import dev.fovea.metrics.detect.ConfidenceResult;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.report.Charts;
import dev.fovea.report.ConfusionMatrix;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.ObjectDrawing;
import dev.fovea.report.ObjectDrawing.Marked;
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
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The report of a run: curves, figures by class, what a higher or lower confidence gives, kinds of errors, and images. */
final class DetectionReport {

    private static final int SHOWN = 6;
    private static final int CURVES = 10;

    /** Points of a curve that lie nearer to each other are one. */
    private static final double APART = 1 / 300.0;

    private static final int CELLS = 30;
    private static final int TILE = 260;

    private final RunContext run;
    private final Dataset validation;
    private final Detector detector;
    private final DetectionEvaluation evaluation;
    private final History history;

    DetectionReport(RunContext run, Detector detector, DetectionEvaluation evaluation, History history) {
        this.run = run;
        this.detector = detector;
        validation = run.data().validation();
        this.evaluation = evaluation;
        this.history = history;
    }

    /** Writes {@code report.html}, its images, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    void write(Path folder, double seconds) {
        var sections = new Sections();
        sections.remarks(DetectionType.remarks(evaluation));
        history.curve(
                sections,
                "curves-loss",
                "Loss",
                "loss",
                "loss",
                "The sum of the losses, in training. Lower is better.");
        history.curve(
                sections,
                "curves-map",
                "Average precision",
                "mAP (0 to 1)",
                "map",
                "COCO's mean over classes and over overlaps from 0.50 to 0.95, of the validation images in the network's size.");
        history.curve(
                sections,
                "curves-mask-map",
                "Average precision of masks",
                "mAP (0 to 1)",
                "maskMap",
                "The same of the objects' masks in the place of their boxes.");
        history.curve(
                sections,
                "curves-keypoint-map",
                "Average precision of keypoints",
                "mAP (0 to 1)",
                "keypointMap",
                "The same by the similarity of keypoints in the place of overlaps.");
        sections.add("Precision and recall", this::precisionRecall);
        sections.add("F1 by confidence", this::confidence);
        sections.add("Confusion matrix", this::confusion);
        sections.add(
                "Validation images",
                () -> sheet(
                        "validation",
                        "Validation images",
                        "Left what is true, right what is answered at the confidence of the best F1.",
                        spread()));
        sections.add(
                "Most missed objects",
                () -> sheet(
                        "missed",
                        "Most missed objects",
                        "Objects that nobody has marked show up here and below.",
                        worst(i -> evaluation.mistakes(i)[0])));
        sections.add(
                "Most false alarms",
                () -> sheet(
                        "false-alarms",
                        "Most false alarms",
                        "Answers where nothing is, or of another class. Objects that were not marked in the data show up here first.",
                        worst(i -> evaluation.mistakes(i)[1])));
        new TaskReport(run, history, evaluation.metrics())
                .write(
                        folder,
                        seconds,
                        String.format(
                                Locale.ROOT,
                                "%,d training and %,d validation images, %d classes",
                                run.data().train().size(),
                                validation.size(),
                                evaluation.classes().size()),
                        sections,
                        List.of(
                                "map",
                                "map50",
                                "map75",
                                "mapSmall",
                                "mapMedium",
                                "mapLarge",
                                "maskMap",
                                "maskMap50",
                                "keypointMap",
                                "keypointMap50",
                                "bestF1",
                                "precision",
                                "recall"),
                        List.of(perClass(), errors()));
    }

    private Table perClass() {
        Map<String, List<CocoResult.PerClass>> beyond = evaluation.beyondBoxes();
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < evaluation.classes().size(); i++) {
            CocoResult.PerClass one = evaluation.coco().perClass().get(i);
            ConfidenceResult.Curve curve = evaluation.confidence().perClass().get(i);
            double confidence = evaluation.confidences().get(i);
            var row = new ArrayList<>(List.of(
                    one.name(),
                    TaskReport.written(one.averagePrecision()),
                    TaskReport.written(one.averagePrecision50()),
                    TaskReport.written(curve.f1At(confidence)),
                    TaskReport.written(confidence),
                    String.format(Locale.ROOT, "%,d", one.support())));
            for (List<CocoResult.PerClass> more : beyond.values()) {
                row.add(TaskReport.written(more.get(i).averagePrecision()));
            }
            rows.add(row);
        }
        var headings = new ArrayList<>(List.of("class", "AP", "AP50", "F1", "confidence", "objects"));
        headings.addAll(beyond.keySet());
        return new Table(
                "Per class. Confidences are those with the highest F1 on these images, so that F1 is a little too good",
                headings,
                rows,
                true);
    }

    private Table errors() {
        var rows = new ArrayList<List<String>>();
        evaluation
                .errors()
                .costs()
                .forEach(cost -> rows.add(List.of(
                        cost.error().name().toLowerCase(Locale.ROOT),
                        String.format(Locale.ROOT, "%,d", cost.count()),
                        String.format(Locale.ROOT, "%.4f", cost.gain()))));
        return new Table(
                "What errors cost: by how much AP50 would rise were all of a kind put right",
                List.of("error", "answers or objects", "AP50"),
                rows);
    }

    private Figure precisionRecall() {
        var lines = new LinkedHashMap<String, List<double[]>>();
        for (int i : shownClasses()) {
            ConfidenceResult.Curve curve = evaluation.confidence().perClass().get(i);
            lines.put(
                    String.format(
                            Locale.ROOT,
                            "%s %.2f",
                            curve.name(),
                            evaluation.coco().perClass().get(i).averagePrecision50()),
                    points(curve, point -> new double[] {point.recall(), point.precision()}));
        }
        return new Figure(
                "precision-recall",
                "Precision and recall",
                "At an overlap of 0.5; beside the names AP50." + fewer(),
                Charts.precisionRecall("Precision over recall", lines));
    }

    private Figure confidence() {
        var lines = new LinkedHashMap<String, List<double[]>>();
        ConfidenceResult.Curve all = evaluation.confidence().overall();
        String together = String.format(Locale.ROOT, "all, best at %.2f", all.bestConfidence());
        for (int i : shownClasses()) {
            ConfidenceResult.Curve curve = evaluation.confidence().perClass().get(i);
            lines.put(curve.name(), points(curve, point -> new double[] {point.score(), point.f1()}));
        }
        return new Figure(
                "f1-confidence",
                "F1 by confidence",
                "Answers below the confidence are left out; the best of each class is stored with the model." + fewer(),
                Charts.shares(
                        "F1 by confidence",
                        "confidence (0 to 1)",
                        "F1 (0 to 1)",
                        lines,
                        Map.of(together, points(all, point -> new double[] {point.score(), point.f1()}))));
    }

    private String fewer() {
        return evaluation.classes().size() > CURVES ? " Of the classes with most objects." : "";
    }

    private List<Integer> shownClasses() {
        return IntStream.range(0, evaluation.classes().size())
                .boxed()
                .filter(i -> evaluation.coco().perClass().get(i).support() > 0)
                .sorted(Comparator.comparingLong(
                        i -> -evaluation.coco().perClass().get(i).support()))
                .limit(CURVES)
                .sorted()
                .toList();
    }

    /** Most of thousands of answers are among those that are hardly right: what counts is how far points are apart. */
    static List<double[]> points(ConfidenceResult.Curve curve, Function<PrecisionRecall.Point, double[]> of) {
        List<PrecisionRecall.Point> all = curve.points().points();
        var points = new ArrayList<double[]>();
        double[] last = {-1, -1};
        for (int i = 0; i < all.size(); i++) {
            double[] point = of.apply(all.get(i));
            if (Math.max(Math.abs(point[0] - last[0]), Math.abs(point[1] - last[1])) >= APART || i == all.size() - 1) {
                points.add(point);
                last = point;
            }
        }
        return points;
    }

    private Figure confusion() {
        if (evaluation.classes().size() > CELLS) {
            throw new IllegalArgumentException("of more than %s classes it cannot be read".formatted(CELLS));
        }
        return new Figure(
                "confusion",
                "Confusion matrix",
                "Rows are true classes, columns answers; the last row has false alarms, the last column missed objects.",
                ConfusionMatrix.draw(
                        evaluation.confusion().names(), evaluation.confusion().counts()));
    }

    private List<Integer> spread() {
        int count = Math.min(SHOWN, validation.size());
        return IntStream.range(0, count)
                .mapToObj(i -> (int) ((long) i * validation.size() / count))
                .toList();
    }

    private List<Integer> worst(ToIntFunction<Integer> mistakes) {
        int[] counts =
                IntStream.range(0, validation.size()).map(mistakes::applyAsInt).toArray();
        return IntStream.range(0, validation.size())
                .boxed()
                .filter(i -> counts[i] > 0)
                .sorted(Comparator.comparingInt(i -> -counts[i]))
                .limit(SHOWN)
                .toList();
    }

    private Figure sheet(String file, String title, String caption, List<Integer> images) {
        var tiles = new ArrayList<Tile>();
        for (int index : images) {
            Image image = validation.image(index);
            BufferedImage drawn = image.toRgb().toBufferedImage();
            int[] mistakes = evaluation.mistakes(index);
            tiles.add(new Tile(
                    List.of(
                            ObjectDrawing.draw(drawn, truth(index), 2 * TILE),
                            ObjectDrawing.draw(drawn, answered(index, image), 2 * TILE)),
                    List.of(validation.name(index), "%s missed, %s false alarms".formatted(mistakes[0], mistakes[1])),
                    mistakes[0] + mistakes[1] == 0 ? Mark.RIGHT : Mark.WRONG));
        }
        return new Figure(file, title, caption, ContactSheet.draw(title, tiles, 2, List.of(), TILE));
    }

    private List<Marked> truth(int index) {
        return Marked.of((Target.Objects) validation.target(index), evaluation.classes());
    }

    /** What is answered; masks and keypoints, which the evaluation does not keep, are found once more. */
    private List<Marked> answered(int index, Image image) {
        Stream<DetectedObject> objects = detector.findsMore()
                ? detector.found(image).stream()
                        .filter(object ->
                                object.score() >= evaluation.confidences().get(kind(object)))
                : boxes(evaluation.answered(index));
        return objects.map(object -> object.marked(
                        kind(object), String.format(Locale.ROOT, "%s %.2f", object.label(), object.score())))
                .toList();
    }

    private int kind(DetectedObject object) {
        return evaluation.classes().indexOf(object.label());
    }

    private Stream<DetectedObject> boxes(Detections found) {
        return IntStream.range(0, found.size())
                .mapToObj(i -> new DetectedObject(
                        evaluation.classes().get(found.labels().get(i)),
                        found.scores().get(i),
                        found.boxes().get(i)));
    }
}
