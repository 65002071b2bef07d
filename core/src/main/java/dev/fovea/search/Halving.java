package dev.fovea.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Asynchronous successive halving (Li et al. 2020, <a href="https://arxiv.org/abs/1810.05934">1810.05934</a>, algorithm 2): every
 * trial is trained for a few epochs, the best third of those goes on to three times as many, and so on. A trial is promoted as soon as
 * it is among the best third of its rung, without waiting for the rung to be full.
 *
 * @param epochs in all at the end of each rung, ascending; the last is the whole training
 */
record Halving(List<Integer> epochs) {

    /** The reduction factor eta: one of so many trials is promoted. */
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

    /** The last rung, counted from 0. */
    int top() {
        return epochs.size() - 1;
    }

    /** In all, of a trial that has done this rung, from 0. */
    int epochs(int rung) {
        return epochs.get(rung);
    }

    /** A trial among the best third of its rung, failures counted, that is not promoted yet; the highest rung first. */
    Optional<Trial> promoted(List<Trial> trials) {
        for (int rung = top() - 1; rung >= 0; rung--) {
            int from = rung;
            List<Trial> there = trials.stream()
                    .filter(trial -> trial.rungs() > from || (trial.rungs() == from && trial.hasFailed()))
                    .sorted(byScore(from))
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

    /** Once there are no more promotions: the best trial, unless it is trained to its end. */
    Optional<Trial> last(List<Trial> trials) {
        return best(trials).filter(trial -> trial.rungs() <= top());
    }

    /** The best trial of the highest rung that any has done; none that failed. */
    Optional<Trial> best(List<Trial> trials) {
        List<Trial> sound = trials.stream().filter(trial -> !trial.hasFailed()).toList();
        int highest = sound.stream().mapToInt(Trial::rungs).max().orElse(0);
        return highest == 0
                ? Optional.empty()
                : sound.stream().filter(trial -> trial.rungs() == highest).min(byScore(highest - 1));
    }

    /** The best first. */
    private static Comparator<Trial> byScore(int rung) {
        return Comparator.comparingDouble((Trial trial) -> trial.score(rung))
                .reversed()
                .thenComparing(Trial::number);
    }
}
