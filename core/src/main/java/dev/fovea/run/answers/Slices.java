package dev.fovea.run.answers;

import dev.fovea.metrics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Parts of the answers by what they have in common, so that those where a model is weak stand out. */
public final class Slices {

    /** Parts that numbers are divided into, of about as many cases each. */
    private static final int PARTS = 4;

    /** Words that have a part of their own, the frequent ones first. */
    private static final int MOST_WORDS = 24;

    /** Cases that a part needs to be called weak. */
    private static final int LEAST = 8;

    private Slices() {}

    /**
     * The parts by each column: of words the worst first, of numbers the least.
     *
     * @param values how good each answer is, 0 to 1
     * @param columns each of as many
     */
    public static List<Slice> of(List<Double> values, List<Column> columns) {
        return of(values, columns, Scale.SHARE);
    }

    /**
     * The same of any numbers.
     *
     * @param scale how good an answer of such a number is
     */
    public static List<Slice> of(List<Double> values, List<Column> columns, Scale scale) {
        var slices = new ArrayList<Slice>();
        var judged = new Judged(values, mean(values), scale);
        for (Column column : columns) {
            List<Slice> own = column instanceof Column.Numbers numbers
                    ? ofNumbers(judged, numbers)
                    : ofWords(judged, (Column.Words) column);
            if (own.size() > 1) {
                slices.addAll(own);
            }
        }
        return slices;
    }

    /**
     * What parts are compared by.
     *
     * @param all the mean of all values
     */
    private record Judged(List<Double> values, double all, Scale scale) {}

    private static List<Slice> ofWords(Judged judged, Column.Words column) {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < column.size(); i++) {
            groups.computeIfAbsent(column.values().get(i), word -> new ArrayList<>())
                    .add(i);
        }
        return groups.entrySet().stream()
                .sorted(Comparator.comparingInt(group -> -group.getValue().size()))
                .limit(MOST_WORDS)
                .map(group -> slice(column.name(), group.getKey(), Double.NaN, Double.NaN, judged, group.getValue()))
                .sorted(Comparator.comparing(Slice::value, judged.scale().worstFirst()))
                .toList();
    }

    private static List<Slice> ofNumbers(Judged judged, Column.Numbers column) {
        int[] order = IntStream.range(0, column.size())
                .filter(i -> !Double.isNaN(column.values().get(i)))
                .boxed()
                .sorted(Comparator.comparing(column.values()::get))
                .mapToInt(i -> i)
                .toArray();
        var slices = new ArrayList<Slice>();
        int from = 0;
        for (int part = 1; part <= PARTS && from < order.length; part++) {
            int to = Math.max(from + 1, (int) Math.round(part * order.length / (double) PARTS));
            while (to < order.length
                    && column.values().get(order[to]).equals(column.values().get(order[to - 1]))) {
                to++; // equal numbers stay together
            }
            List<Integer> cases =
                    IntStream.range(from, to).mapToObj(i -> order[i]).toList();
            slices.add(slice(
                    column.name(),
                    "",
                    column.values().get(order[from]),
                    column.values().get(order[to - 1]),
                    judged,
                    cases));
            from = to;
        }
        return slices;
    }

    private static Slice slice(String column, String word, double from, double to, Judged judged, List<Integer> cases) {
        List<Double> own = cases.stream().map(judged.values()::get).toList();
        Interval interval = judged.scale().interval(own);
        boolean weak = own.size() >= LEAST && judged.scale().worse(interval, judged.all());
        return new Slice(column, word, from, to, cases, mean(own), interval, weak);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
    }
}
