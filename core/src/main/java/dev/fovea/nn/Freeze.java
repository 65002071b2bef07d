package dev.fovea.nn;

import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Patterns over the names of parameters: {@code layer1.*}, where {@code *} stands for any letters, dots too; the name of a
 * module stands for all that is in it.
 */
record Freeze(List<String> patterns) {

    private static final int SHOWN = 5;

    /** Whether a parameter or module of that full name is among them. */
    boolean matches(String name) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, name));
    }

    private static boolean matches(String pattern, String name) {
        Pattern glob =
                Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q")); // \Q...\E stays around the rest
        return modules(name).stream().anyMatch(part -> glob.matcher(part).matches());
    }

    /** A full name and those of the modules it is in: {@code layer1.0.conv1}, {@code layer1.0}, {@code layer1}. */
    private static List<String> modules(String name) {
        var all = new ArrayList<>(List.of(name));
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            all.add(name.substring(0, dot));
        }
        return all;
    }

    /** @throws IllegalArgumentException if a pattern matches none of {@code names}, or they match all */
    void check(Collection<String> names) {
        for (String pattern : patterns) {
            if (names.stream().noneMatch(name -> matches(pattern, name))) {
                throw new IllegalArgumentException("freeze: no parameter matches '%s'%s Parameters are %s"
                        .formatted(Escaped.line(pattern), hint(pattern, names), listed(names)));
            }
        }
        if (!patterns.isEmpty() && names.stream().allMatch(this::matches)) {
            throw new IllegalArgumentException(
                    "freeze: all %s parameters match, so nothing would be trained. Leave a pattern out"
                            .formatted(names.size()));
        }
    }

    private static String hint(String pattern, Collection<String> names) {
        var known = new LinkedHashSet<String>(names);
        names.forEach(name -> known.addAll(modules(name)));
        return Nearest.to(pattern.replaceAll("[*.]+$", ""), known)
                .map(", did you mean '%s'?"::formatted)
                .orElse(".");
    }

    private static String listed(Collection<String> names) {
        String first = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() <= SHOWN ? first : "%s and %s more".formatted(first, names.size() - SHOWN);
    }
}
