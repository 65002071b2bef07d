package dev.fovea.bench.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What became of all requests. Thread-safe while it is filled. */
final class LoadResult {

    /**
     * Of one request.
     *
     * @param second in which it was due
     * @param late milliseconds after that it was sent, as all clients were waiting
     * @param millis that its answer took
     */
    private record Row(Outcome outcome, double second, double late, double millis) {}

    private final List<Row> rows = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private double seconds;

    synchronized void add(Outcome outcome, double second, double late, double millis) {
        rows.add(new Row(outcome, second, late, millis));
    }

    /** Milliseconds that a share of the requests was sent late at most: load that was wanted and not there. */
    private double lateness(double share) {
        double[] late = rows.stream().mapToDouble(Row::late).sorted().toArray();
        return late.length == 0 ? 0 : late[(int) Math.min(late.length - 1L, (long) (share * late.length))];
    }

    /** Something that should not have been; the first few are kept. */
    synchronized void fault(String text) {
        if (faults.size() < 5) {
            faults.add(text);
        }
    }

    synchronized void ended(double value) {
        seconds = value;
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    synchronized long count(Outcome outcome) {
        return rows.stream().filter(row -> row.outcome() == outcome).count();
    }

    /** Right answers a second. */
    synchronized double rate() {
        return count(Outcome.ANSWERED) / seconds;
    }

    /** Milliseconds that a share of the requests with this outcome took at most. */
    synchronized double quantile(Outcome outcome, double share) {
        double[] millis = rows.stream()
                .filter(row -> row.outcome() == outcome)
                .mapToDouble(Row::millis)
                .sorted()
                .toArray();
        return millis.length == 0
                ? Double.NaN
                : millis[(int) Math.min(millis.length - 1L, (long) (share * millis.length))];
    }

    /** The last second of its time in which requests had this outcome; NaN if none had. */
    synchronized double last(Outcome outcome) {
        return rows.stream()
                .filter(row -> row.outcome() == outcome)
                .mapToDouble(Row::second)
                .max()
                .orElse(Double.NaN);
    }

    /** In a line. */
    synchronized String text() {
        Map<Outcome, Long> counts = rows.stream()
                .collect(
                        Collectors.groupingBy(Row::outcome, () -> new EnumMap<>(Outcome.class), Collectors.counting()));
        String all = counts.entrySet().stream()
                .map(one -> one.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + one.getValue())
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%,.0f answers/s, p50 %.2f ms, p99 %.2f ms, longest %.1f ms (%s; %.1f s; sent late p50 %.1f ms)",
                rate(),
                quantile(Outcome.ANSWERED, 0.5),
                quantile(Outcome.ANSWERED, 0.99),
                quantile(Outcome.ANSWERED, 1),
                all,
                seconds,
                lateness(0.5));
    }
}
