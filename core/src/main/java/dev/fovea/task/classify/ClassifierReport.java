package dev.fovea.task.classify;

import dev.fovea.data.DataRemarks;
import dev.fovea.data.Dataset;
import dev.fovea.data.Geometry;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.metrics.ClassificationResult;
import dev.fovea.models.SequenceNet;
import dev.fovea.report.Charts;
import dev.fovea.report.ConfusionMatrix;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.run.History;
import dev.fovea.run.RunContext;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import dev.fovea.run.TrainingBatch;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The report of a run: curves, confusion matrix, input images, mistakes explained. */
final class ClassifierReport {

    private static final int SHOWN = 24;
    private static final int MISTAKES = 12;

    /** That of the answers on new images, so not the one of the metrics, whose temperature was fitted on the same images. */
    private static final String CALIBRATION_ERROR = "calibrationErrorWithTemperature";

    private static final List<String> SHOWN_METRICS =
            List.of("accuracy", "top5Accuracy", "balancedAccuracy", "macroF1", "rocAuc", "loss", CALIBRATION_ERROR);

    private final RunContext run;
    private final Dataset train;
    private final Dataset validation;
    private final Classifier classifier;
    private final Evaluation evaluation;
    private final ClassificationResult calibrated;
    private final History history;
    private final List<String> remarks;

    /**
     * @param calibrated the validation images with a temperature that was fitted on others of them
     * @param remarks what its reader should know, in sentences
     */
    ClassifierReport(
            RunContext run,
            Classifier classifier,
            Evaluation evaluation,
            ClassificationResult calibrated,
            History history,
            List<String> remarks) {
        this.run = run;
        train = run.data().train();
        validation = run.data().validation();
        this.classifier = classifier;
        this.evaluation = evaluation;
        this.calibrated = calibrated;
        this.history = history;
        this.remarks = remarks;
    }

    /** Writes {@code report.html}, its images, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    void write(Path folder, double seconds) {
        ClassificationResult result = evaluation.result();
        var sections = new Sections();
        sections.remarks(remarks);
        history.curve(
                sections,
                "curves-loss",
                "Loss",
                "loss",
                "loss",
                "Lower is better. Validation rising while training falls means the network overfits.");
        history.curve(
                sections,
                "curves-accuracy",
                "Accuracy",
                "accuracy (0 to 1)",
                "accuracy",
                "The share of images that are classified correctly.");
        sections.add(
                "Confusion matrix",
                () -> new Figure(
                        "confusion",
                        "Confusion matrix",
                        "True against predicted classes of the validation images.",
                        ConfusionMatrix.draw(classifier.classes(), result.confusion())));
        sections.add("Reliability", this::reliability);
        sections.add("First training batch", () -> TrainingBatch.figure(run, this::shown));
        sections.add(
                "Validation images",
                () -> new Figure(
                        "validation",
                        "Validation images",
                        "The true class, then the predicted one with its probability.",
                        answers()));
        if (!evaluation.mistakes().isEmpty()) {
            sections.add(
                    "Most confident mistakes",
                    () -> new Figure("mistakes", "Most confident mistakes", mistakesCaption(), mistakes()));
        }
        if (classifier.network().net() instanceof SequenceNet net) {
            sections.add("Gradient through time", () -> throughTime(net));
        }
        var metrics = new LinkedHashMap<>(evaluation.metrics());
        metrics.put(CALIBRATION_ERROR, calibrated.expectedCalibrationError());
        new TaskReport(run, history, metrics)
                .write(
                        folder,
                        seconds,
                        String.format(
                                Locale.ROOT,
                                "%,d training and %,d validation images, %d classes",
                                train.size(),
                                validation.size(),
                                classifier.classes().size()),
                        sections,
                        SHOWN_METRICS,
                        List.of(
                                new Table(
                                        "Per class",
                                        List.of("class", "precision", "recall", "F1", "images"),
                                        table(result),
                                        DataRemarks.imbalanced(train)),
                                calibration()));
    }

    private Figure reliability() {
        boolean scaled = classifier.temperature() != 1;
        var lines = new LinkedHashMap<String, List<double[]>>();
        if (scaled) {
            lines.put("without temperature", points(evaluation.plain()));
        }
        lines.put(scaled ? "with temperature" : "this model", points(calibrated));
        return new Figure(
                "reliability",
                "Reliability",
                "Below the diagonal the model is overconfident; above it, underconfident."
                        + (scaled
                                ? " Predictions use the temperature; here each image has one that was not fitted on it."
                                : ""),
                Charts.reliability(
                        "Reliability (calibration error %s)"
                                .formatted(TaskReport.written(calibrated.expectedCalibrationError())),
                        lines));
    }

    private static List<double[]> points(ClassificationResult result) {
        return result.bins().stream()
                .filter(bin -> bin.count() > 0)
                .map(bin -> new double[] {bin.confidence(), bin.accuracy()})
                .toList();
    }

    /** What the temperature changes. */
    private Table calibration() {
        return new Table(
                String.format(Locale.ROOT, "Calibration, temperature %.3f", classifier.temperature()),
                List.of("", "calibration error", "negative log-likelihood", "Brier score"),
                List.of(
                        calibration("without temperature", evaluation.plain()),
                        calibration(
                                "with temperature, each half of the images with that of the other half", calibrated)));
    }

    private static List<String> calibration(String when, ClassificationResult of) {
        return List.of(
                when,
                TaskReport.written(of.expectedCalibrationError()),
                TaskReport.written(of.loss()),
                TaskReport.written(of.brier()));
    }

    private String mistakesCaption() {
        String first = "Wrong labels in the data show up here first.";
        if (classifier.clips()) {
            return first
                    + " Below each frame, by how much the probability of the answer falls when that frame is blank; downward, by how much it rises.";
        }
        return classifier
                .quickMethod()
                .map(method -> first + " Beside each, what spoke for the answer (" + method + ").")
                .orElse(first);
    }

    private Figure throughTime(SequenceNet net) {
        var gradient = GradientThroughTime.of(classifier.network(), net, validation);
        return new Figure(
                "gradient-through-time",
                "Gradient through time",
                String.format(
                        Locale.ROOT,
                        "How strongly the loss depends on what is read at each step: the first tenth of them receives %.2g "
                                + "times what the last does. Falling by powers of ten towards the first steps, it vanishes: what was read "
                                + "early can hardly be learned from.",
                        gradient.early()),
                gradient.chart());
    }

    private BufferedImage answers() {
        var tiles = new ArrayList<Tile>();
        int count = Math.min(SHOWN, validation.size());
        for (int i = 0; i < count; i++) {
            int index = (int) ((long) i * validation.size() / count);
            String truth = validation.classes().get(validation.label(index));
            Image seen = classifier.prepared(validation, index);
            Prediction answer = classifier.answer(seen);
            boolean right = answer.label().equals(truth);
            tiles.add(new Tile(
                    List.of(shown(seen)),
                    List.of(truth, String.format(Locale.ROOT, "%s %.2f", answer.label(), answer.probability())),
                    right ? Mark.RIGHT : Mark.WRONG));
        }
        return ContactSheet.draw("Validation images: true class, then prediction", tiles, columns());
    }

    private BufferedImage mistakes() {
        Optional<String> method = classifier.quickMethod();
        boolean explained = method.isPresent();
        var tiles = new ArrayList<Tile>();
        for (var mistake : evaluation
                .mistakes()
                .subList(0, Math.min(MISTAKES, evaluation.mistakes().size()))) {
            Image seen = classifier.prepared(validation, mistake.index());
            BufferedImage image = shown(seen);
            var images = classifier.clips()
                    ? List.of(Explanation.frames(classifier, seen, "", mistake.predicted()))
                    : explained
                            ? List.of(
                                    image,
                                    HeatMap.overShown(
                                            large(image),
                                            classifier.explainSeen(seen, method.get(), mistake.predicted()),
                                            geometry(mistake.index()),
                                            0.6))
                            : List.of(image);
            tiles.add(new Tile(
                    images,
                    List.of(
                            "is " + mistake.truth(),
                            String.format(
                                    Locale.ROOT, "taken for %s %.2f", mistake.predicted(), mistake.probability())),
                    Mark.WRONG));
        }
        return ContactSheet.draw(
                "Most confident mistakes",
                tiles,
                classifier.clips() ? 1 : explained ? 4 : 8,
                explained ? List.of(HeatMap.legend("little", "most")) : List.of());
    }

    /** The view of the network's input in the original image. */
    private Geometry geometry(int index) {
        return classifier.config().preprocess().geometry(validation.image(index).size());
    }

    private int columns() {
        return classifier.clips() ? 2 : 8;
    }

    /** An image, or a strip of the frames of a clip. */
    private BufferedImage shown(Image seen) {
        return classifier.outputs().shown(seen);
    }

    /** Enlarged without smoothing, so that the map over it is smooth and the pixels stay visible. */
    private static BufferedImage large(BufferedImage image) {
        int factor = Math.max(1, 224 / Math.max(image.getWidth(), image.getHeight()));
        var out = new BufferedImage(image.getWidth() * factor, image.getHeight() * factor, BufferedImage.TYPE_INT_RGB);
        var g = out.createGraphics();
        g.drawImage(image, 0, 0, out.getWidth(), out.getHeight(), null);
        g.dispose();
        return out;
    }

    private List<List<String>> table(ClassificationResult result) {
        return result.perClass().stream()
                .map(c -> List.of(
                        c.name(),
                        TaskReport.written(c.precision()),
                        TaskReport.written(c.recall()),
                        TaskReport.written(c.f1()),
                        String.format(Locale.ROOT, "%,d", c.support())))
                .toList();
    }
}
