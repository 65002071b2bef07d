package dev.fovea.search;

import dev.fovea.data.Dataset;
import dev.fovea.run.Runs;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.classify.Ensemble;
import dev.fovea.task.classify.Evaluation;
import dev.fovea.train.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Classifiers that answer better together with the best one than that does alone, on the validation images.
 *
 * @param others beside the best one
 * @param value of the metric by which the best was chosen
 */
public record Together(List<Path> others, double value) {

    /** An ensemble is as slow as all its members, so it must be better by this much. */
    private static final double GAIN = 0.003;

    private static final int MOST = 3;

    /** For people. */
    String words() {
        return String.format(
                Locale.ROOT,
                "Together with %s it reaches %.4f on the validation images, at about %s times the time of each answer.",
                others.stream().map(Path::toString).collect(Collectors.joining(" and ")),
                value,
                others.size() + 1);
    }

    /**
     * Adds one after the other, the better ones first, and keeps those that help.
     *
     * @param runs trained and validated on the same images; those without a model, as they were stopped, are passed over
     * @param stop asked before each other one; true ends the search for more
     * @return nothing where none helps, or the best is no classifier of images
     */
    static Optional<Together> of(Path best, List<Path> runs, Dataset validation, String device, BooleanSupplier stop) {
        Runs.Row row = Runs.of(best);
        boolean isClassifier = List.of("accuracy", "balancedAccuracy").contains(row.metric());
        if (!isClassifier || validation.size() == 0 || !hasModel(best)) {
            return Optional.empty();
        }
        Classifier first = Classifier.load(best, device);
        if (first.clips()) {
            return Optional.empty();
        }
        double alone = value(Ensemble.of(List.of(first)), row.metric(), validation);
        double reached = alone;
        var members = new ArrayList<>(List.of(first));
        var others = new ArrayList<Path>();
        for (Path run : candidates(best, runs)) {
            if (stop.getAsBoolean()) {
                break;
            }
            members.add(Classifier.load(run, device));
            double value = value(Ensemble.of(members), row.metric(), validation);
            if (value > reached) {
                reached = value;
                others.add(run);
            } else {
                members.remove(members.size() - 1);
            }
        }
        return reached >= alone + GAIN ? Optional.of(new Together(List.copyOf(others), reached)) : Optional.empty();
    }

    private static List<Path> candidates(Path best, List<Path> runs) {
        return runs.stream()
                .filter(run -> !run.equals(best) && hasModel(run))
                .sorted(Comparator.comparingDouble(run -> -Runs.of(run).best()))
                .limit(MOST)
                .toList();
    }

    private static boolean hasModel(Path run) {
        return Files.isDirectory(new RunFolder(run).model());
    }

    private static double value(Ensemble ensemble, String metric, Dataset validation) {
        Evaluation evaluation = ensemble.evaluate(validation);
        return evaluation.metrics().get(metric);
    }
}
