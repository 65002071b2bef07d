package dev.fovea.task.classify;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Relabelled;
import dev.fovea.data.Splits;
import dev.fovea.metrics.Softmax;
import dev.fovea.run.RunSettings;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Semi-supervised learning by pseudo-labels (Lee 2013; Xie et al. 2020, <a
 * href="https://arxiv.org/abs/1911.04252">1911.04252</a>): a classifier that was trained on the images with labels labels those
 * without, as far as it is sure, and another is trained on both, with the augmentation of the recipe.
 */
public final class SelfTraining {

    /** What each image without a label got, in the folder of the second run. */
    public static final String FILE = "pseudo-labels.csv";

    /** For so many images with pseudo-labels there is one with a true label at least: those are shown more often. */
    private static final int PER_LABELLED = 7;

    /**
     * What was trained.
     *
     * @param first on the images with labels; none where the recipe has a teacher
     * @param last on all images that got a label; the first one if that was stopped
     * @param labelled images without a label that got one
     * @param unlabelled images without a label in all
     */
    public record Result(Optional<TrainingRun.Result> first, TrainingRun.Result last, int labelled, int unlabelled) {}

    /** Who labels: a classifier, how it is called, and where each of its classes stands among those of the data. */
    private record Labeller(Classifier classifier, String name, int[] places, double confidence) {}

    private record PseudoLabel(int index, int label, double probability) {}

    private SelfTraining() {}

    /**
     * Trains twice, or once where the recipe has a teacher ({@link Distillation}): that labels all images, however sure it is,
     * as the student learns its whole answers and not only the labels.
     *
     * @param unlabelled images, whose own labels, if any, are not looked at
     * @param confidence probability of its class from which an image is labelled, above 0 and below 1
     * @param settings of both runs, which have the same name and numbers that follow
     * @throws IllegalArgumentException if the recipe is for another task than classification
     * @throws DataException if there is no image without a label, or none that the first classifier is sure of
     */
    public static Result run(Recipe recipe, Splits data, Dataset unlabelled, double confidence, RunSettings settings) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "confidence: expected a probability above 0 and below 1, got " + confidence);
        }
        if (unlabelled.size() == 0) {
            throw new DataException("the data without labels has no images");
        }
        // So that both runs are validated on the same images, all with true labels.
        Splits parts = data.forTraining().heldOut(recipe.selection().validation(), recipe.seed());
        if (recipe.task() instanceof Classification task && task.distill().on()) {
            Labeller teacher = teacher(task.distill(), parts.train().classes(), settings.device());
            List<PseudoLabel> all = labels(teacher, unlabelled);
            return new Result(
                    Optional.empty(),
                    TrainingRun.start(
                            ClassificationType.TYPE, recipe, joined(parts, unlabelled, teacher, all), settings),
                    all.size(),
                    all.size());
        }
        TrainingRun.Result first = TrainingRun.start(ClassificationType.TYPE, recipe, parts, settings);
        if (first.end() == Listener.End.STOPPED) {
            return new Result(Optional.of(first), first, 0, unlabelled.size());
        }
        var trained = Classifier.load(first.folder(), settings.device());
        var labeller = new Labeller(
                trained,
                first.folder().toString(),
                places(trained.classes(), parts.train().classes()),
                confidence);
        List<PseudoLabel> sure = labels(labeller, unlabelled);
        if (sure.isEmpty()) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: gives none of the %,d images without labels a probability of %s or more. Lower the confidence, or label more images",
                    first.folder(),
                    unlabelled.size(),
                    confidence));
        }
        TrainingRun.Result second =
                TrainingRun.start(ClassificationType.TYPE, recipe, joined(parts, unlabelled, labeller, sure), settings);
        return new Result(Optional.of(first), second, sure.size(), unlabelled.size());
    }

    private static Labeller teacher(Distillation settings, List<String> classes, String device) {
        var classifier = new Classifier(Teacher.network(settings, device));
        int[] order = Teacher.order(settings, classifier.classes(), classes);
        int[] places = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            places[order[k]] = k;
        }
        return new Labeller(classifier, settings.teacher(), places, 0);
    }

    private static int[] places(List<String> classes, List<String> among) {
        return classes.stream().mapToInt(among::indexOf).toArray();
    }

    private static List<PseudoLabel> labels(Labeller labeller, Dataset unlabelled) {
        Classifier classifier = labeller.classifier();
        List<float[]> logits = classifier.logits(unlabelled);
        var sure = new ArrayList<PseudoLabel>();
        for (int i = 0; i < logits.size(); i++) {
            float[] shares = Softmax.of(logits.get(i), classifier.temperature());
            int best = 0;
            for (int k = 1; k < shares.length; k++) {
                best = shares[k] > shares[best] ? k : best;
            }
            if (shares[best] >= labeller.confidence()) {
                sure.add(new PseudoLabel(i, labeller.places()[best], shares[best]));
            }
        }
        return sure;
    }

    private static Splits joined(Splits parts, Dataset unlabelled, Labeller labeller, List<PseudoLabel> sure) {
        Dataset chosen =
                unlabelled.subset(sure.stream().mapToInt(PseudoLabel::index).toArray());
        Dataset labelled = parts.train();
        Dataset pseudo = new Relabelled(
                chosen,
                labelled.classes(),
                sure.stream().map(PseudoLabel::label).toList());
        int times = Math.max(1, (int) Math.ceil(sure.size() / (double) (PER_LABELLED * labelled.size())));
        var notes = new ArrayList<>(parts.notes());
        notes.add(String.format(
                Locale.ROOT,
                "%,d of %,d images without labels are labelled by %s%s: %s; listed in %s",
                sure.size(),
                unlabelled.size(),
                labeller.name(),
                labeller.confidence() == 0
                        ? ""
                        : ", which gives them a probability of %s or more".formatted(labeller.confidence()),
                counts(pseudo),
                FILE));
        return new Splits(
                labelled.repeated(times).and(pseudo),
                parts.validation(),
                parts.test(),
                notes,
                Map.of(FILE, listed(unlabelled, labelled.classes(), sure)));
    }

    /** How many of each class, which shows if some are never sure. */
    private static String counts(Dataset pseudo) {
        int[] counts = pseudo.counts();
        int most = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
        int fewest = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] < counts[a] ? b : a);
        return String.format(
                Locale.ROOT,
                "%,d of '%s', the most, to %,d of '%s'",
                counts[most],
                pseudo.classes().get(most),
                counts[fewest],
                pseudo.classes().get(fewest));
    }

    private static String listed(Dataset unlabelled, List<String> classes, List<PseudoLabel> sure) {
        var text = new StringBuilder();
        try (var csv = new CSVPrinter(
                text, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get())) {
            csv.printRecord("name", "label", "probability");
            for (PseudoLabel one : sure) {
                csv.printRecord(
                        unlabelled.name(one.index()),
                        classes.get(one.label()),
                        String.format(Locale.ROOT, "%.4f", one.probability()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
