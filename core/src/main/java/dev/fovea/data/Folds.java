package dev.fovea.data;

import dev.fovea.engine.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * All images of a data set in parts of about one size, with the classes in equal shares; identical images never lie in two.
 *
 * @param of the part of each image, from 0
 * @param count of parts
 */
public record Folds(List<Integer> of, int count) {

    private static final long FOLDS = 21;

    public Folds {
        of = List.copyOf(of);
    }

    /**
     * Deals images out.
     *
     * @param count of parts, at least 2
     * @throws IllegalArgumentException if there are fewer different images than parts
     */
    public static Folds of(Dataset data, int count, long seed) {
        List<List<Integer>> same = Duplicates.groups(data);
        if (count < 2 || count > same.size()) {
            throw new IllegalArgumentException(
                    "folds: expected 2 or more, and no more than the %s different images, got %s"
                            .formatted(same.size(), count));
        }
        Map<Integer, List<List<Integer>>> strata = new TreeMap<>();
        same.forEach(group -> strata.computeIfAbsent(data.stratum(group.get(0)), s -> new ArrayList<>())
                .add(group));
        Integer[] fold = new Integer[data.size()];
        int next = 0;
        for (int stratum : strata.keySet()) {
            List<List<Integer>> groups = strata.get(stratum);
            for (int g : Order.shuffled(
                    groups.size(), new Seed(seed).derive(FOLDS, stratum).random())) {
                for (int i : groups.get(g)) {
                    fold[i] = next;
                }
                next = (next + 1)
                        % count; // goes on with the next class, so that small ones do not all begin in one part
            }
        }
        return new Folds(Arrays.asList(fold), count);
    }

    /** How many different images each class has; of identical ones with several labels the first counts. */
    public static int[] different(Dataset data) {
        int[] counts = new int[data.classes().size()];
        Duplicates.groups(data).forEach(group -> counts[data.label(group.get(0))]++);
        return counts;
    }

    /** The positions of the images of one part, rising. */
    public int[] held(int fold) {
        return IntStream.range(0, of.size()).filter(i -> of.get(i) == fold).toArray();
    }

    /** The positions of all others, rising. */
    public int[] others(int fold) {
        return IntStream.range(0, of.size()).filter(i -> of.get(i) != fold).toArray();
    }
}
