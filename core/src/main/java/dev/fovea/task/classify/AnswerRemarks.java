package dev.fovea.task.classify;

import dev.fovea.metrics.ClassificationResult;
import dev.fovea.metrics.ClassificationResult.PerClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Warnings about a classifier's predictions that its accuracy hides. */
final class AnswerRemarks {

    private static final int NAMED = 5;

    private AnswerRemarks() {}

    /**
     * In sentences; mostly none.
     *
     * @param uneven whether some class has far fewer training images than another and is drawn as rarely as that
     */
    static List<String> of(ClassificationResult result, boolean uneven) {
        var remarks = new ArrayList<String>();
        if (result.count() == 0 || result.perClass().size() < 2) {
            return remarks;
        }
        PerClass most = result.perClass().stream()
                .max(Comparator.comparingLong(PerClass::support))
                .orElseThrow();
        double majority = most.support() / (double) result.count();
        if (result.accuracy() <= majority + 1e-9) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "The validation accuracy of %.4f is no better than answering '%s' every time (%.4f). %s",
                    result.accuracy(),
                    most.name(),
                    majority,
                    help(uneven)));
        }
        List<String> never = new ArrayList<>();
        for (int c = 0; c < result.perClass().size(); c++) {
            int column = c;
            long answers = result.confusion().stream()
                    .mapToLong(row -> row.get(column))
                    .sum();
            if (answers == 0 && result.perClass().get(c).support() > 0) {
                never.add("'" + result.perClass().get(c).name() + "'");
            }
        }
        if (!never.isEmpty()) {
            remarks.add("Never the answer on the validation images, though they are there: %s%s. %s"
                    .formatted(
                            String.join(", ", never.subList(0, Math.min(NAMED, never.size()))),
                            never.size() > NAMED ? " and %s more".formatted(never.size() - NAMED) : "",
                            help(uneven)));
        }
        return remarks;
    }

    private static String help(boolean uneven) {
        return uneven
                ? "Set task.logitAdjustment=1, which makes up for rare classes; train for more epochs, or change optimizer.lr"
                : "Train for more epochs, or change optimizer.lr";
    }
}
