package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The accuracy of verification over folds of pairs: that of each fold by the threshold that is best on all others, as Labeled Faces
 * in the Wild has it (Huang et al. 2007, <a href="http://vis-www.cs.umass.edu/lfw/lfw.pdf">technical report 07-49</a>, section
 * III).
 *
 * @param accuracies of the folds, 0 to 1
 */
public record FoldedAccuracy(List<Double> accuracies) {

    public FoldedAccuracy {
        accuracies = List.copyOf(accuracies);
    }

    /** @throws IllegalArgumentException if there are fewer than two folds */
    public static FoldedAccuracy of(List<Verification> folds) {
        if (folds.size() < 2) {
            throw new IllegalArgumentException(
                    "a threshold is chosen on other folds, so there must be two or more, got " + folds.size());
        }
        var accuracies = new ArrayList<Double>();
        for (int f = 0; f < folds.size(); f++) {
            var others = new ArrayList<>(folds);
            others.remove(f);
            accuracies.add(folds.get(f).accuracy(Verification.joined(others).bestThreshold()));
        }
        return new FoldedAccuracy(accuracies);
    }

    /** Over the folds. */
    public double mean() {
        return accuracies.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    /** Of the mean: the deviation from fold to fold (one degree of freedom less) by the root of their number. */
    public double standardError() {
        double mean = mean();
        double squares =
                accuracies.stream().mapToDouble(a -> (a - mean) * (a - mean)).sum();
        return Math.sqrt(squares / (accuracies.size() - 1) / accuracies.size());
    }
}
