package dev.fovea.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One set of values, and what came of training with them.
 *
 * @param number from 1
 * @param values of the settings, by key
 * @param scores of the validation, by rung, as far as it was trained: of a metric of which less is better the negative
 * @param failed why it ended for good, or empty
 * @param seconds of training so far
 */
public record Trial(int number, Map<String, String> values, List<Double> scores, String failed, double seconds) {

    public Trial {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        scores = List.copyOf(scores);
    }

    /** Rungs it has climbed. */
    int rungs() {
        return scores.size();
    }

    boolean hasFailed() {
        return !failed.isEmpty();
    }

    /** Its score at that rung, from 0; that of a trial that failed before is the worst. */
    double score(int rung) {
        return rung < scores.size() ? scores.get(rung) : Double.NEGATIVE_INFINITY;
    }

    Trial with(double score, double moreSeconds) {
        var all = new ArrayList<>(scores);
        all.add(score);
        return new Trial(number, values, all, failed, seconds + moreSeconds);
    }

    Trial withFailure(String reason, double moreSeconds) {
        return new Trial(number, values, scores, reason, seconds + moreSeconds);
    }
}
