package dev.fovea.serve.pool;

import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model as it lies on disk now.
 *
 * @param versions by their numbers, the oldest first; perhaps none
 * @param shares of the requests
 * @param problem what is wrong, empty where nothing is
 */
record FoundModel(String name, SortedMap<String, Edition> versions, Shares shares, String problem) {

    /** By their numbers: 9 comes before 10. */
    static final Comparator<String> BY_NUMBER =
            Comparator.<String>comparingLong(Long::parseLong).thenComparing(Comparator.naturalOrder());

    FoundModel {
        var sorted = new TreeMap<String, Edition>(BY_NUMBER);
        sorted.putAll(versions);
        versions = Collections.unmodifiableSortedMap(sorted);
    }
}
