package dev.fovea.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One choice of values, and what training with them has come to.
 *
 * @param number from 1
 * @param values of the settings, by key
 * @param scores of the validation at the end of each rung it has done, larger is better: of an error or a loss its negative
 * @param failed why it cannot be trained, or empty
 * @param seconds of training so far
 */
public record Trial(int number, Map<String, String> values, List<Double> scores, String failed, double seconds) {

    public Trial {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        scores = List.copyOf(scores);
    }

    /** How many rungs it has done. */
    int rungs() {
        return scores.size();
    }

    boolean hasFailed() {
        return !failed.isEmpty();
    }

    /** Its score at that rung, from 0; minus infinity where it has not done it. */
    double score(int rung) {
        return rung >= 0 && rung < scores.size() ? scores.get(rung) : Double.NEGATIVE_INFINITY;
    }

    /** Its score at the last rung it has done, minus infinity if it has done none. */
    double last() {
        return score(rungs() - 1);
    }

    Trial with(double score, double moreSeconds) {
        var all = new ArrayList<>(scores);
        all.add(score);
        return new Trial(number, values, all, failed, seconds + moreSeconds);
    }

    /** The same after more training, which has not come to the end of a rung. */
    Trial withMore(double moreSeconds) {
        return new Trial(number, values, scores, failed, seconds + moreSeconds);
    }

    Trial withFailure(String reason, double moreSeconds) {
        return new Trial(number, values, scores, reason, seconds + moreSeconds);
    }
}
