package dev.fovea.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Images of a data set that are the same to the last byte. */
final class Duplicates {

    /** What images are told apart by. */
    private record Content(long bytes, long print) {}

    private Duplicates() {}

    /**
     * The positions of all images, identical ones together, in the order of their first. Images are read by as many
     * threads as there are cores, and only those of which there are others of as many bytes.
     */
    static List<List<Integer>> groups(Dataset data) {
        long[] sizes = IntStream.range(0, data.size())
                .parallel()
                .mapToLong(data::bytes)
                .toArray();
        Map<Long, Integer> ofSize = new HashMap<>();
        for (long size : sizes) {
            ofSize.merge(size, 1, Integer::sum);
        }
        long[] prints = IntStream.range(0, data.size())
                .parallel()
                .mapToLong(i -> ofSize.get(sizes[i]) > 1 ? data.fingerprint(i) : 0)
                .toArray();
        Map<Content, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < prints.length; i++) {
            groups.computeIfAbsent(new Content(sizes[i], prints[i]), c -> new ArrayList<>(1))
                    .add(i);
        }
        return List.copyOf(groups.values());
    }

    /** What is to be said of identical images whose classes differ. */
    static Optional<String> contradictions(Dataset data, List<List<Integer>> groups) {
        var found = groups.stream()
                .filter(group -> group.size() > 1 && !data.target(group.get(0)).moves())
                .filter(group -> group.stream().map(data::target).distinct().count() > 1)
                .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Set<Target> seen = new LinkedHashSet<>();
        List<String> named = new ArrayList<>();
        for (int i : found.get(0)) {
            if (seen.add(data.target(i))) {
                named.add("%s ('%s')".formatted(data.name(i), data.targetText(i)));
            }
        }
        return Optional.of(DataRemarks.contradiction(found.size(), named));
    }
}
