package dev.fovea.task.classify;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.metrics.Softmax;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.run.TaskTypes;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
     * @param first on the images with labels; none where the recipe has a teacher, or the first was trained before
     * @param last on all images that got a label; the first one if that was stopped
     * @param labelled images without a label that got one
     * @param unlabelled images without a label in all
     */
    public record Result(Optional<TrainingRun.Result> first, TrainingRun.Result last, int labelled, int unlabelled) {}

    /** Who labels: a classifier, how it is called, and where each of its classes stands among those of the data. */
    private record Labeller(Classifier classifier, String name, int[] places, double confidence) {}

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
            PseudoLabels all = labels(teacher, unlabelled, parts.train().classes());
            return new Result(
                    Optional.empty(),
                    TrainingRun.start(ClassificationType.TYPE, recipe, joined(parts, teacher, all), settings),
                    all.size(),
                    all.size());
        }
        TrainingRun.Result first = TrainingRun.start(ClassificationType.TYPE, recipe, parts, settings);
        return first.end() == Listener.End.STOPPED
                ? new Result(Optional.of(first), first, 0, unlabelled.size())
                : second(Optional.of(first), first.folder(), recipe, parts, unlabelled, confidence, settings);
    }

    /**
     * Goes on with the first or the second run, whichever {@code run} is; after the first begins the second.
     *
     * @param data and {@code unlabelled} and {@code confidence} as at the start
     * @param settings whose folder, name and weights are those of {@code run}
     * @throws DataException if an image that the second run had is not among {@code unlabelled}
     */
    public static Result resume(
            TaskTypes types, Path run, Splits data, Dataset unlabelled, double confidence, RunSettings settings) {
        Recipe recipe = types.recipes().read(run.resolve("recipe.yaml"), List.of());
        Splits parts = data.forTraining().heldOut(recipe.selection().validation(), recipe.seed());
        Path list = run.resolve(FILE);
        if (!Files.exists(list) && Runs.of(run).ended()) {
            return second(Optional.empty(), run, recipe, parts, unlabelled, confidence, beside(run, settings));
        }
        if (!Files.exists(list)) {
            TrainingRun.Result first = types.resume(run, parts, settings);
            return first.end() == Listener.End.STOPPED
                    ? new Result(Optional.of(first), first, 0, unlabelled.size())
                    : second(Optional.of(first), run, recipe, parts, unlabelled, confidence, beside(run, settings));
        }
        PseudoLabels labels = PseudoLabels.read(list, unlabelled, parts.train().classes());
        Splits joined = joined(parts, labels, List.of());
        return new Result(Optional.empty(), types.resume(run, joined, settings), labels.size(), unlabelled.size());
    }

    /** Settings of the run that follows {@code run}, as they were at its start. */
    private static RunSettings beside(Path run, RunSettings settings) {
        RunSettings own = settings.withOut(run.resolveSibling(""))
                .withName(run.getFileName().toString().replaceFirst("-\\d+$", ""));
        return RunFacts.read(run)
                .map(RunFacts::asked)
                .map(asked -> own.withWeights(
                                asked.weights().stream().map(Path::of).toList())
                        .withIgnoreHead(asked.ignoreHead()))
                .orElse(own);
    }

    private static Result second(
            Optional<TrainingRun.Result> result,
            Path first,
            Recipe recipe,
            Splits parts,
            Dataset unlabelled,
            double confidence,
            RunSettings settings) {
        var trained = Classifier.load(first, settings.device());
        var labeller = new Labeller(
                trained,
                first.toString(),
                places(trained.classes(), parts.train().classes()),
                confidence);
        PseudoLabels sure = labels(labeller, unlabelled, parts.train().classes());
        if (sure.size() == 0) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: gives none of the %,d images without labels a probability of %s or more. Lower the confidence, or label more images",
                    first,
                    unlabelled.size(),
                    confidence));
        }
        TrainingRun.Result second =
                TrainingRun.start(ClassificationType.TYPE, recipe, joined(parts, labeller, sure), settings);
        return new Result(result, second, sure.size(), unlabelled.size());
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

    private static PseudoLabels labels(Labeller labeller, Dataset unlabelled, List<String> names) {
        Classifier classifier = labeller.classifier();
        List<float[]> logits = classifier.logits(unlabelled);
        var sure = new ArrayList<PseudoLabels.PseudoLabel>();
        for (int i = 0; i < logits.size(); i++) {
            float[] shares = Softmax.of(logits.get(i), classifier.temperature());
            int best = 0;
            for (int k = 1; k < shares.length; k++) {
                best = shares[k] > shares[best] ? k : best;
            }
            if (shares[best] >= labeller.confidence()) {
                sure.add(new PseudoLabels.PseudoLabel(i, labeller.places()[best], shares[best]));
            }
        }
        return new PseudoLabels(unlabelled, names, sure);
    }

    private static Splits joined(Splits parts, Labeller labeller, PseudoLabels pseudo) {
        String note = String.format(
                Locale.ROOT,
                "%,d of %,d images without labels are labelled by %s%s: %s; listed in %s",
                pseudo.size(),
                pseudo.images().size(),
                labeller.name(),
                labeller.confidence() == 0
                        ? ""
                        : ", which gives them a probability of %s or more".formatted(labeller.confidence()),
                pseudo.counts(),
                FILE);
        return joined(parts, pseudo, List.of(note));
    }

    private static Splits joined(Splits parts, PseudoLabels pseudo, List<String> moreNotes) {
        Dataset labelled = parts.train();
        int times = Math.max(1, (int) Math.ceil(pseudo.size() / (double) (PER_LABELLED * labelled.size())));
        var notes = new ArrayList<>(parts.notes());
        notes.addAll(moreNotes);
        var files = new HashMap<>(parts.files());
        files.put(FILE, pseudo.text());
        return new Splits(labelled.repeated(times).and(pseudo.data()), parts.validation(), parts.test(), notes, files);
    }
}
