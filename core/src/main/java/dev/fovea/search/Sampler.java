package dev.fovea.search;

import java.util.List;
import java.util.SplittableRandom;

/** Proposes the values of the next trial. */
interface Sampler {

    /**
     * A trial that was trained.
     *
     * @param places of its values, one for each setting, each from 0 to 1
     * @param score larger is better; minus infinity of a trial that failed
     */
    record Seen(double[] places, double score) {}

    /**
     * The places of the next trial's values.
     *
     * @param settings of the space, in its order
     * @param seen trials whose scores can be compared
     */
    double[] propose(List<Setting> settings, List<Seen> seen, SplittableRandom random);

    /** Random search: uniform, whatever was seen. */
    static Sampler random() {
        return (settings, seen, random) ->
                settings.stream().mapToDouble(setting -> random.nextDouble()).toArray();
    }
}
