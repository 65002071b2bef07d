package dev.fovea.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Columns of text, each as wide as its widest cell. */
final class Table {

    private static final int WIDEST = 44;

    private Table() {}

    static String of(List<String> head, List<List<String>> rows) {
        List<List<String>> all = Stream.concat(Stream.of(head), rows.stream())
                .map(row -> row.stream().map(Table::shortened).toList())
                .toList();
        int[] widths = IntStream.range(0, head.size())
                .map(column -> all.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return all.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column -> row.get(column)
                                + " ".repeat(widths[column] - row.get(column).length()))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String shortened(String cell) {
        return cell.length() <= WIDEST ? cell : cell.substring(0, WIDEST - 3) + "...";
    }
}
