package dev.fovea.search;

import java.util.List;
import java.util.SplittableRandom;

/** Proposes where to look next. */
interface Sampler {

    /**
     * A place that was tried.
     *
     * @param places one for each setting, each from 0 to 1
     * @param score larger is better; minus infinity of a trial that failed
     */
    record Seen(double[] places, double score) {}

    /**
     * The place of the next trial.
     *
     * @param settings of the space, in its order
     * @param seen trials that were trained equally long
     */
    double[] propose(List<Setting> settings, List<Seen> seen, SplittableRandom random);

    /** Anywhere, whatever was seen. */
    static Sampler random() {
        return (settings, seen, random) -> settings.stream()
                .mapToDouble(setting -> random.nextDouble())
                .toArray();
    }
}
