package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sets of classes that hold the true one with a probability that was asked for: split conformal prediction (Vovk et al. 2005)
 * with the least ambiguous sets of <a href="https://arxiv.org/abs/1609.00451">Sadinle et al. 2019</a>, which hold every class
 * that is probable enough. The guarantee is over all images, as long as new ones are drawn as the held-out ones were; it is
 * none for a single class.
 *
 * @param highest score of a class in a set
 */
public record PredictionSets(double highest) {

    /** How unlike its class an image is: one minus the probability of it. */
    public static float score(float[] probabilities, int label) {
        return 1 - probabilities[label];
    }

    /**
     * The ⌈(n + 1) coverage⌉-th smallest of n held-out scores bounds those of a set.
     *
     * @param held scores of the true classes of held-out images, rising
     * @param coverage above 0, below 1
     * @throws IllegalArgumentException if there are too few for this coverage
     */
    public static PredictionSets of(float[] held, double coverage) {
        if (!(coverage > 0 && coverage < 1)) {
            throw new IllegalArgumentException(
                    "coverage: expected a share above 0 and below 1, such as 0.95, got " + coverage);
        }
        // ranks are whole numbers, which products of decimal fractions miss by a little
        long rank = Math.max(1, (long) Math.ceil((held.length + 1) * coverage - 1e-9));
        if (rank > held.length) {
            throw new IllegalArgumentException(
                    "coverage: sets for %s need %s held-out images or more, there were %s. Ask for at most %s, or train with a larger validation part"
                            .formatted(
                                    coverage,
                                    (long) Math.ceil(coverage / (1 - coverage) - 1e-9),
                                    held.length,
                                    Math.floor(1000.0 * held.length / (held.length + 1)) / 1000));
        }
        return new PredictionSets(held[(int) rank - 1]);
    }

    /** The classes in the set, the most probable first; at least that one. */
    public List<Integer> set(float[] probabilities) {
        var set = new ArrayList<Integer>();
        IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
                .filter(c -> set.isEmpty() || score(probabilities, c) <= highest)
                .forEach(set::add);
        return set;
    }
}
