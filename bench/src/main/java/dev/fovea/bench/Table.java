package dev.fovea.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Markdown of results. */
final class Table {

    static final String BEGIN = "<!-- training-speed: begin, written by bench/run --update -->";
    static final String END = "<!-- training-speed: end -->";

    private Table() {}

    /** One configuration: a row per contender, with the speed of both of Fovea's precisions over it. */
    static String of(Configuration configuration, List<Series> all) {
        var text = new StringBuilder();
        text.append("### %s, batch %d%n%n".formatted(configuration.model(), configuration.batch()));
        text.append("| engine | version | precision | images/s, median | min–max | Fovea fp32 is | Fovea auto is |\n");
        text.append("|---|---|---|--:|--:|--:|--:|\n");
        for (Series series : all) {
            String asked = series.contender().precision();
            String precision = series.failed() || asked.equals(series.precision())
                    ? asked
                    : asked + " (" + series.precision() + ")";
            text.append("| %s | %s | %s | %s | %s | %s | %s |%n"
                    .formatted(
                            series.contender().engine(),
                            series.version(),
                            precision,
                            series.failed() ? "failed" : number(series.median()),
                            series.failed() ? "" : number(series.min()) + "–" + number(series.max()),
                            ratio(find(all, "fp32"), series),
                            ratio(find(all, "auto"), series)));
        }
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    /**
     * {@code document} with the text between its two markers replaced.
     *
     * @throws IllegalArgumentException if a marker is missing
     */
    static String replaceSection(String document, String section) {
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    "no markers for the table. Put these two lines where it belongs: " + BEGIN + " and " + END);
        }
        return document.substring(0, begin + BEGIN.length()) + "\n\n" + section.strip() + "\n\n"
                + document.substring(end);
    }

    private static Optional<Series> find(List<Series> all, String precision) {
        return all.stream()
                .filter(s ->
                        s.contender().isFovea() && s.contender().precision().equals(precision) && !s.failed())
                .findFirst();
    }

    private static String ratio(Optional<Series> fovea, Series other) {
        return fovea.isEmpty() || other.failed() || fovea.get() == other
                ? ""
                : String.format(Locale.ROOT, "%.2f×", fovea.get().ratioTo(other));
    }

    private static String number(double imagesPerSecond) {
        return String.format(Locale.ROOT, imagesPerSecond < 100 ? "%,.1f" : "%,.0f", imagesPerSecond);
    }
}
