package dev.fovea.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is wrong with annotations: the first fault is an exception, unless broken ones are skipped; then each is left out,
 * the first of them are named and all are counted. What can be mended is counted in any case.
 */
final class AnnotationFaults {

    private static final int NAMED = 5;

    private final String source;
    private final boolean skip;
    private final List<String> first = new ArrayList<>();
    private final Map<String, Integer> mended = new LinkedHashMap<>();
    private int skipped;

    /** @param skip whether broken annotations are left out and counted */
    AnnotationFaults(String source, boolean skip) {
        this.source = source;
        this.skip = skip;
    }

    /** @throws DataException with that message, unless broken annotations are skipped */
    void add(String message) {
        if (!skip) {
            throw new DataException(message);
        }
        skipped++;
        if (first.size() < NAMED) {
            first.add("skipped: " + message);
        }
    }

    /** Counts what was mended or left out without harm. */
    void mended(String what) {
        mended.merge(what, 1, Integer::sum);
    }

    /** All that a person should know. */
    List<String> notes() {
        var notes = new ArrayList<>(first);
        if (skipped > 0) {
            notes.add(String.format(Locale.ROOT, "%s: skipped %,d faulty annotations or files", source, skipped));
        }
        mended.forEach((what, count) -> notes.add(String.format(Locale.ROOT, "%s: %s: %,d", source, what, count)));
        return notes;
    }
}
