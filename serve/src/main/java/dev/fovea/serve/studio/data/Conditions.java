package dev.fovea.serve.studio.data;

import dev.fovea.io.Escaped;
import dev.fovea.run.answers.Column;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What images are asked for by their columns: numbers within bounds, words of a choice.
 *
 * @param measured as {@code NAME:FROM:TO} of what is measured, either bound may be empty
 * @param ranges the same of numbers of a list
 * @param words as {@code NAME:WORD} of words of a list; of several of one column any will do
 */
record Conditions(List<String> measured, List<String> ranges, List<String> words) {

    static final Conditions NONE = new Conditions(List.of(), List.of(), List.of());

    private static final Pattern RANGE =
            Pattern.compile("(?s)(.+):(-?[\\d.]{1,20}(?:[eE]-?\\d{1,3})?)?:(-?[\\d.]{1,20}(?:[eE]-?\\d{1,3})?)?");

    static Conditions of(Call call) {
        return new Conditions(call.queries("measured"), call.queries("range"), call.queries("word"));
    }

    boolean isEmpty() {
        return measured.isEmpty() && ranges.isEmpty() && words.isEmpty();
    }

    /**
     * Which images fulfil all of them, by their place among all images.
     *
     * @throws Refusal if something is asked that is not measured, or there is no such column
     */
    IntPredicate test(Opened data, Measured known) {
        IntPredicate all = at -> true;
        if (!measured.isEmpty()) {
            List<Column> columns = known.of(data)
                    .orElseThrow(() -> Refusal.of(
                            409,
                            "unmeasured",
                            "%s: its images are not measured yet, by which they are to be found. Measure them first"
                                    .formatted(data.path())));
            for (String one : measured) {
                all = all.and(range(one, columns));
            }
        }
        if (!ranges.isEmpty() || !words.isEmpty()) {
            List<Column> columns = known.ofTable(data);
            for (String one : ranges) {
                all = all.and(range(one, columns));
            }
            all = all.and(words(columns));
        }
        return all;
    }

    private static IntPredicate range(String asked, List<Column> columns) {
        Matcher found = RANGE.matcher(asked);
        if (!found.matches()) {
            throw Refusal.wrong("'%s': expected NAME:FROM:TO, such as brightness:20:80".formatted(Escaped.of(asked)));
        }
        String name = found.group(1);
        double from = bound(found.group(2), Double.NEGATIVE_INFINITY, asked);
        double to = bound(found.group(3), Double.POSITIVE_INFINITY, asked);
        for (Column column : columns) {
            if (column instanceof Column.Numbers numbers && column.name().equals(name)) {
                List<Double> values = numbers.values();
                return at -> values.get(at) >= from && values.get(at) <= to; // not a number is in no range
            }
        }
        throw noColumn(name, "numbers", columns);
    }

    private static double bound(String text, double otherwise, String asked) {
        try {
            return text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw Refusal.wrong("'%s': expected NAME:FROM:TO, such as brightness:20:80".formatted(Escaped.of(asked)));
        }
    }

    private IntPredicate words(List<Column> columns) {
        Map<Column.Words, Set<String>> wanted = new HashMap<>();
        for (String one : words) {
            Column.Words column = columns.stream()
                    .filter(known -> known instanceof Column.Words && one.startsWith(known.name() + ":"))
                    .map(known -> (Column.Words) known)
                    .max(Comparator.comparingInt(known -> known.name().length()))
                    .orElseThrow(() -> noColumn(one, "words", columns));
            wanted.computeIfAbsent(column, known -> new TreeSet<>())
                    .add(one.substring(column.name().length() + 1));
        }
        var tests = new ArrayList<IntPredicate>();
        wanted.forEach(
                (column, some) -> tests.add(at -> some.contains(column.values().get(at))));
        return tests.stream().reduce(at -> true, IntPredicate::and);
    }

    private static Refusal noColumn(String name, String kind, List<Column> columns) {
        return Refusal.wrong("'%s': there is no column of %s called so. There are %s"
                .formatted(
                        Escaped.of(name),
                        kind,
                        columns.isEmpty()
                                ? "none"
                                : String.join(
                                        ", ",
                                        columns.stream()
                                                .map(column -> Escaped.of(column.name()))
                                                .toList())));
    }
}
