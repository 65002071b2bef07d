package dev.fovea.run.answers;

import dev.fovea.metrics.Interval;
import java.util.List;

/**
 * A part of the answers that have something in common.
 *
 * @param column what they have in common
 * @param word its value; empty of numbers, and where it is not known
 * @param from the least of its numbers, inclusive; NaN of words
 * @param to the largest of its numbers, inclusive; NaN of words
 * @param cases positions among all
 * @param value how good they are, mean
 * @param interval in which it probably lies; its ends are no numbers where that is not known
 * @param weak whether they are worse than all together by more than chance explains
 */
public record Slice(
        String column,
        String word,
        double from,
        double to,
        List<Integer> cases,
        double value,
        Interval interval,
        boolean weak) {

    public Slice {
        cases = List.copyOf(cases);
    }
}
