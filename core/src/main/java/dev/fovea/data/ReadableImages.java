package dev.fovea.data;

import dev.fovea.image.ImageException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Images that can be read. */
final class ReadableImages {

    /** Faults that are told one by one. */
    private static final int TOLD = 5;

    private ReadableImages() {}

    /** Those of {@code data}; of the others there is a note. */
    static Dataset of(Dataset data, List<String> notes) {
        var broken = Collections.synchronizedSortedMap(new TreeMap<Integer, String>());
        IntStream.range(0, data.size()).parallel().forEach(i -> {
            try {
                data.check(i);
            } catch (ImageException | DataException e) {
                broken.put(i, e.getMessage());
            }
        });
        if (broken.isEmpty()) {
            return data;
        }
        broken.values().stream().limit(TOLD).forEach(fault -> notes.add("skipped: " + fault));
        notes.add(
                String.format(Locale.ROOT, "skipped %d of %d images that cannot be read", broken.size(), data.size()));
        return data.subset(IntStream.range(0, data.size())
                .filter(i -> !broken.containsKey(i))
                .toArray());
    }
}
