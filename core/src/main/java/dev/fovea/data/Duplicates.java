package dev.fovea.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Images of a data set that are the same to the last byte. */
final class Duplicates {

    private Duplicates() {}

    /**
     * The positions of all images, identical ones together, in the order of their first. Images are read by as many
     * threads as there are cores.
     */
    static List<List<Integer>> groups(Dataset data) {
        long[] prints = IntStream.range(0, data.size())
                .parallel()
                .mapToLong(data::fingerprint)
                .toArray();
        List<List<Integer>> groups = new ArrayList<>();
        Map<Long, List<Integer>> known = new HashMap<>();
        for (int i = 0; i < prints.length; i++) {
            List<Integer> group = known.get(prints[i]);
            if (group == null) {
                group = new ArrayList<>(1);
                known.put(prints[i], group);
                groups.add(group);
            }
            group.add(i);
        }
        return groups;
    }

    /** What is to be said of identical images whose labels differ. */
    static Optional<String> contradictions(Dataset data, List<List<Integer>> groups) {
        var found = groups.stream()
                .filter(group -> group.stream().map(data::label).distinct().count() > 1)
                .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> seen = new LinkedHashSet<>();
        List<String> named = new ArrayList<>();
        for (int i : found.get(0)) {
            if (seen.add(data.label(i))) {
                named.add("%s ('%s')".formatted(data.name(i), data.classes().get(data.label(i))));
            }
        }
        return Optional.of(DataRemarks.contradiction(found.size(), named));
    }
}
