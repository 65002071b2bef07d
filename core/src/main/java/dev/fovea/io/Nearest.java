package dev.fovea.io;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/**
 * The known name that somebody who typed another probably meant: the same but for case and hyphens, a word of it, or
 * few letters away. Nothing is suggested where nothing is near.
 */
public final class Nearest {

    /** Of what is found by a common beginning or end only. */
    private static final double PART = 8;

    private Nearest() {}

    /** The nearest of {@code known}; of several as near, the first. */
    public static Optional<String> to(String asked, Collection<String> known) {
        String best = null;
        double least = Double.MAX_VALUE;
        for (String name : known) {
            double distance = distance(asked, name).orElse(Double.MAX_VALUE);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code ", did you mean 'x'?"} to put behind a message, or nothing where no name is near. */
    public static String hint(String asked, Collection<String> known) {
        return to(asked, known).map(", did you mean '%s'?"::formatted).orElse("");
    }

    /** {@code ", did you mean 'x'?"}, or, where no name is near, {@code otherwise}. */
    public static String hint(String asked, Collection<String> known, String otherwise) {
        String hint = hint(asked, known);
        return hint.isEmpty() ? otherwise : hint;
    }

    /** How far {@code name} is from {@code asked}: 0 for the same letters; empty if nobody would mean it. */
    public static OptionalDouble distance(String asked, String name) {
        String a = letters(asked);
        String b = letters(name);
        if (a.isEmpty() || b.isEmpty() || a.length() > 200) {
            return OptionalDouble.empty();
        }
        int shortest = Math.min(a.length(), b.length());
        int edits = new DamerauLevenshteinDistance().apply(a, b);
        if (edits <= 1 && shortest > 1) {
            return OptionalDouble.of(edits);
        }
        if (words(name).contains(a)) {
            return OptionalDouble.of(1.5);
        }
        if (edits <= Math.round(Math.max(a.length(), b.length()) * 0.4)) {
            return OptionalDouble.of(edits);
        }
        boolean part = a.startsWith(b) || b.startsWith(a) || (shortest > 2 && (a.endsWith(b) || b.endsWith(a)));
        return part && shortest > 1
                ? OptionalDouble.of(PART + Math.abs(a.length() - b.length()))
                : OptionalDouble.empty();
    }

    private static String letters(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** The words of a name such as {@code horizontalFlip} or {@code one-cycle}, in small letters. */
    private static List<String> words(String name) {
        return List.of(name.replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT)
                .split("[-_. ]"));
    }
}
