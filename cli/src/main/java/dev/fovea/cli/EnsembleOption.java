package dev.fovea.cli;

import dev.fovea.task.classify.Classifier;
import dev.fovea.task.classify.Ensemble;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Classifiers that answer together with the one that is named. */
final class EnsembleOption {

    @Option(
            names = "--with",
            split = ",",
            paramLabel = "MODEL",
            description = "More classifiers of the same classes, runs or packages: all answer together, by the mean of "
                    + "their probabilities.")
    private List<Path> others = List.of();

    /** Whether there are any. */
    boolean given() {
        return !others.isEmpty();
    }

    /** Those beside the one that is named. */
    List<Path> others() {
        return others;
    }

    /** All of them, {@code first} among them. */
    Ensemble with(Classifier first, String device) {
        var members = new ArrayList<>(List.of(first));
        others.forEach(path -> members.add(Classifier.load(path, device)));
        return Ensemble.of(members);
    }
}
