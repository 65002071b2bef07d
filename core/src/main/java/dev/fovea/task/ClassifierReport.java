package dev.fovea.task;

import dev.fovea.data.Batch;
import dev.fovea.data.Clip;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.View;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.metrics.ClassificationResult;
import dev.fovea.models.Stepping;
import dev.fovea.report.Charts;
import dev.fovea.report.ConfusionMatrix;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report of a run: curves, confusion matrix, pictures as the network saw them, mistakes and where it looked. */
final class ClassifierReport {

    private static final int SHOWN = 24;
    private static final int MISTAKES = 12;
    private static final List<String> SHOWN_METRICS = List.of(
            "accuracy", "top5Accuracy", "balancedAccuracy", "macroF1", "rocAuc", "loss", "expectedCalibrationError");

    private final RunContext run;
    private final Recipe recipe;
    private final Dataset train;
    private final Dataset validation;
    private final Classifier classifier;
    private final Evaluation evaluation;
    private final History history;

    ClassifierReport(RunContext run, Classifier classifier, Evaluation evaluation, History history) {
        this.run = run;
        recipe = run.recipe();
        train = run.data().train();
        validation = run.data().validation();
        this.classifier = classifier;
        this.evaluation = evaluation;
        this.history = history;
    }

    /** Writes {@code report.html}, its pictures, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    void write(Path folder, double seconds) {
        ClassificationResult result = evaluation.result();
        var sections = new Sections();
        sections.remarks(AnswerRemarks.of(result, ClassifierLearner.uneven(run)));
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
                "The share of images whose class was found.");
        sections.add(
                "Confusion matrix",
                () -> new Figure(
                        "confusion",
                        "Confusion matrix",
                        "Which class is taken for which, on the validation images.",
                        ConfusionMatrix.draw(classifier.classes(), result.confusion())));
        sections.add("Reliability", () -> reliability(result));
        sections.add(
                "First training batch",
                () -> new Figure(
                        "train-batch",
                        "First training batch",
                        "As the network saw it: resized and augmented, before normalisation.",
                        trainBatch()));
        sections.add(
                "Validation images",
                () -> new Figure(
                        "validation",
                        "Validation images",
                        "The true class, then the answer with its probability.",
                        answers()));
        if (!evaluation.mistakes().isEmpty()) {
            sections.add(
                    "Most confident mistakes",
                    () -> new Figure("mistakes", "Most confident mistakes", mistakesCaption(), mistakes()));
        }
        if (classifier.model().net() instanceof Stepping net) {
            sections.add("Gradient through time", () -> throughTime(net));
        }
        new TaskReport(run, history, result.values())
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
                        List.of(new Table(
                                "Per class", List.of("class", "precision", "recall", "F1", "images"), table(result))));
    }

    private static Figure reliability(ClassificationResult result) {
        var filled = result.bins().stream().filter(bin -> bin.count() > 0).toList();
        return new Figure(
                "reliability",
                "Reliability",
                "Below the diagonal the model is surer than it is right; above it, less sure.",
                Charts.reliability(
                        filled.stream()
                                .map(ClassificationResult.Bin::confidence)
                                .toList(),
                        filled.stream().map(ClassificationResult.Bin::accuracy).toList(),
                        result.expectedCalibrationError()));
    }

    private String mistakesCaption() {
        String first = "Wrong labels in the data show up here first.";
        if (classifier.clips()) {
            return first
                    + " Below each frame, by how much the probability of the answer falls when that frame is blank; downward, by how much it rises.";
        }
        return classifier.hasFeatureMaps()
                ? first + " Beside each, where the network looked for its answer (Grad-CAM)."
                : first;
    }

    private Figure throughTime(Stepping net) {
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

    private BufferedImage trainBatch() {
        var options = Loader.Options.training(
                Math.min(recipe.batch(), SHOWN),
                recipe.seed(),
                recipe.selection().balanced());
        try (var loader = new Loader(train, classifier.config().preprocess(), recipe.augment(), options)) {
            Batch batch = loader.epoch(1, 0).next();
            var tiles = new ArrayList<Tile>();
            int size = classifier.config().preprocess().bytes();
            for (int i = 0; i < batch.size(); i++) {
                byte[] pixels = new byte[size];
                batch.pixels().get(i * size, pixels);
                var seen = new Image(batch.width(), batch.height() * batch.frames(), batch.channels(), pixels);
                tiles.add(new Tile(
                        List.of(shown(seen)), List.of(classifier.classes().get((int) batch.labels()[i])), Mark.NONE));
            }
            return ContactSheet.draw("First training batch, as the network saw it", tiles, columns());
        }
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
        return ContactSheet.draw("Validation images: truth, then answer", tiles, columns());
    }

    private BufferedImage mistakes() {
        boolean explained = !classifier.clips() && classifier.hasFeatureMaps();
        var tiles = new ArrayList<Tile>();
        for (var mistake : evaluation
                .mistakes()
                .subList(0, Math.min(MISTAKES, evaluation.mistakes().size()))) {
            Image seen = classifier.prepared(validation, mistake.index());
            BufferedImage picture = shown(seen);
            var pictures = classifier.clips()
                    ? List.of(Explanation.frames(classifier, seen, mistake.predicted()))
                    : explained
                            ? List.of(
                                    picture,
                                    HeatMap.overShown(
                                            large(picture),
                                            classifier.gradCam(seen, mistake.predicted()),
                                            view(mistake.index()),
                                            0.6))
                            : List.of(picture);
            tiles.add(new Tile(
                    pictures,
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

    /** Of the image that what the network is shown was made of. */
    private View view(int index) {
        Image image = validation.image(index);
        return classifier.config().preprocess().view(image.width(), image.height());
    }

    private int columns() {
        return classifier.clips() ? 2 : 8;
    }

    /** A picture, or a strip of the frames of a clip. */
    private BufferedImage shown(Image seen) {
        return classifier.clips()
                ? Clip.strip(Clip.unstacked(
                                seen, classifier.config().preprocess().clip().length()))
                        .toBufferedImage()
                : seen.toBufferedImage();
    }

    /** Enlarged without smoothing, so that the map over it is smooth and the pixels stay visible. */
    private static BufferedImage large(BufferedImage picture) {
        int factor = Math.max(1, 224 / Math.max(picture.getWidth(), picture.getHeight()));
        var out = new BufferedImage(
                picture.getWidth() * factor, picture.getHeight() * factor, BufferedImage.TYPE_INT_RGB);
        var g = out.createGraphics();
        g.drawImage(picture, 0, 0, out.getWidth(), out.getHeight(), null);
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
