package dev.fovea.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Asynchronous successive halving (Li et al. 2020, <a href="https://arxiv.org/abs/1810.05934">1810.05934</a>, algorithm 2): every
 * trial is trained for a few epochs, the best third of those for three times as many, and so on.
 *
 * @param epochs of each rung, ascending; the last is the whole training
 */
record Halving(List<Integer> epochs) {

    /** One of so many goes on. */
    static final int FACTOR = 3;

    private static final int RUNGS = 3;

    Halving {
        epochs = List.copyOf(epochs);
    }

    /** Three rungs: a ninth, a third and all of the epochs, fewer where that would be less than one. */
    static Halving of(int epochs) {
        var rungs = new ArrayList<Integer>();
        double each = epochs;
        for (int i = 0; i < RUNGS && Math.round(each) >= 1; i++) {
            if (rungs.isEmpty() || rungs.get(0) > Math.round(each)) {
                rungs.add(0, (int) Math.round(each));
            }
            each /= FACTOR;
        }
        return new Halving(rungs);
    }

    /** Every trial is trained to its end. */
    static Halving none(int epochs) {
        return new Halving(List.of(epochs));
    }

    int top() {
        return epochs.size() - 1;
    }

    /** The trial that is to be trained on to its next rung, if one has earned it; the highest rung first. */
    Optional<Trial> promoted(List<Trial> trials) {
        for (int rung = top() - 1; rung >= 0; rung--) {
            int from = rung;
            List<Trial> there = trials.stream()
                    .filter(trial -> trial.rungs() > from)
                    .sorted(Comparator.comparingDouble((Trial trial) -> trial.score(from))
                            .reversed()
                            .thenComparing(Trial::number))
                    .toList();
            Optional<Trial> next = there.subList(0, there.size() / FACTOR).stream()
                    .filter(trial -> trial.rungs() == from + 1 && !trial.hasFailed())
                    .findFirst();
            if (next.isPresent()) {
                return next;
            }
        }
        return Optional.empty();
    }

    /** Where too few trials were made for one to have come to the top: the best of the highest rung, unless it is the top. */
    Optional<Trial> last(List<Trial> trials) {
        return best(trials).filter(trial -> trial.rungs() <= top() && !trial.hasFailed());
    }

    /** The best of the highest rung that any trial has come to. */
    Optional<Trial> best(List<Trial> trials) {
        int highest = trials.stream().mapToInt(Trial::rungs).max().orElse(0);
        return highest == 0
                ? Optional.empty()
                : trials.stream()
                        .filter(trial -> trial.rungs() == highest)
                        .max(Comparator.comparingDouble((Trial trial) -> trial.score(highest - 1))
                                .thenComparing(Comparator.comparing(Trial::number).reversed()));
    }
}
