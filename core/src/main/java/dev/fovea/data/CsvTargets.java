package dev.fovea.data;

import dev.fovea.io.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What the rows of a table say about their images. */
sealed interface CsvTargets {

    /** The names of classes in a row; none where it holds numbers. */
    List<String> labels(CsvTable.Row row);

    /** What is learned of rows like these: names in the order of {@link Dataset#classes}. */
    default List<String> classes(List<CsvTable.Row> rows) {
        var classes = new TreeSet<String>();
        rows.forEach(row -> classes.addAll(labels(row)));
        return List.copyOf(classes);
    }

    /** From a row to its target, given all {@code classes}. */
    Function<CsvTable.Row, Target> targets(List<String> classes);

    /** Of a kind that is asked for. */
    static CsvTargets of(Path file, CsvTable table, TargetKind kind, List<String> notes) {
        if (kind instanceof TargetKind.Numbers numbers) {
            return Values.of(file, table, numbers.columns());
        }
        var several = table.rows().stream()
                .filter(row -> row.cell(table.labelColumn()).indexOf(TargetKind.SeveralLabels.SEPARATOR) >= 0)
                .findFirst();
        if (kind instanceof TargetKind.SeveralLabels labels) {
            return new Several(file, table.labelColumn(), labels.allowEmpty() || table.pluralLabels());
        }
        if (several.isPresent() && kind instanceof TargetKind.Any) {
            notes.add(
                    "%s: several labels an image, separated by %s".formatted(file, TargetKind.SeveralLabels.SEPARATOR));
            return new Several(file, table.labelColumn(), true);
        }
        several.ifPresent(
                row -> notes.add("%s:%s: '%s' is read as one class; the task multi-label would read it as several"
                        .formatted(file, row.line(), row.cell(table.labelColumn()))));
        return new One(file, table.labelColumn());
    }

    private static DataException fault(Path file, int line, String what) {
        return new DataException("%s:%s: %s".formatted(file, line, what));
    }

    /** One class. */
    record One(Path file, int column) implements CsvTargets {
        @Override
        public List<String> labels(CsvTable.Row row) {
            String label = row.cell(column);
            if (label.isEmpty()) {
                throw fault(
                        file,
                        row.line(),
                        "no label. Expected path,label; where an image may show none or several, task.type is multi-label");
            }
            return List.of(label);
        }

        @Override
        public Function<CsvTable.Row, Target> targets(List<String> classes) {
            Map<String, Target> shared = new LinkedHashMap<>();
            classes.forEach(name -> shared.put(name, new Target.Label(shared.size())));
            return row -> shared.get(row.cell(column));
        }
    }

    /**
     * Any number of classes.
     *
     * @param emptyIsNone whether an empty cell says that there is none
     */
    record Several(Path file, int column, boolean emptyIsNone) implements CsvTargets {

        private static final Pattern SEPARATOR =
                Pattern.compile(Pattern.quote("" + TargetKind.SeveralLabels.SEPARATOR));

        @Override
        public List<String> labels(CsvTable.Row row) {
            String cell = row.cell(column);
            if (cell.isEmpty()) {
                if (!emptyIsNone) {
                    throw fault(
                            file,
                            row.line(),
                            "no label. Expected one or more, separated by |; if images without a label are meant, call the column labels or set task.allowEmpty=true");
                }
                return List.of();
            }
            var labels = new ArrayList<String>();
            for (String part : SEPARATOR.split(cell, -1)) {
                String label = part.strip();
                if (label.isEmpty()) {
                    throw fault(
                            file,
                            row.line(),
                            "an empty label in '%s'. Expected labels separated by one |, as in cat|dog"
                                    .formatted(cell));
                }
                if (labels.contains(label)) {
                    throw fault(
                            file,
                            row.line(),
                            "the label '%s' stands twice in '%s'. Leave one of them out".formatted(label, cell));
                }
                labels.add(label);
            }
            return labels;
        }

        @Override
        public Function<CsvTable.Row, Target> targets(List<String> classes) {
            Map<String, Integer> positions = new LinkedHashMap<>();
            classes.forEach(name -> positions.put(name, positions.size()));
            return row -> {
                var present = new boolean[classes.size()];
                labels(row).forEach(label -> present[positions.get(label)] = true);
                return new Target.Labels(present);
            };
        }
    }

    /** Numbers of columns of these names. */
    record Values(Path file, List<String> names, int[] columns) implements CsvTargets {

        private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

        static boolean isNumber(String cell) {
            return NUMBER.matcher(cell).matches();
        }

        static Values of(Path file, CsvTable table, List<String> wanted) {
            List<String> headings = table.headings();
            if (headings.isEmpty()) {
                if (!wanted.isEmpty()) {
                    throw fault(
                            file,
                            1,
                            "no column is called '%s'. Expected a first line that names the columns, as path,%s"
                                    .formatted(wanted.get(0), String.join(",", wanted)));
                }
                return new Values(file, List.of("value"), new int[] {1});
            }
            List<String> others = new ArrayList<>();
            for (int i = 0; i < headings.size(); i++) {
                if (i != table.pathColumn()
                        && i != table.partColumn()
                        && !headings.get(i).isEmpty()) {
                    others.add(headings.get(i));
                }
            }
            if (wanted.isEmpty() && others.size() != 1) {
                throw fault(
                        file,
                        1,
                        others.isEmpty()
                                ? "no column of numbers beside the paths"
                                : "which numbers are to be learned? Name columns in task.targets, of "
                                        + String.join(", ", others));
            }
            List<String> names = wanted.isEmpty() ? others : wanted;
            int[] columns = names.stream()
                    .mapToInt(name -> {
                        int column = headings.indexOf(name);
                        if (column < 0) {
                            throw fault(
                                    file,
                                    1,
                                    "no column is called '%s'%s its columns are %s"
                                            .formatted(
                                                    name,
                                                    Nearest.hint(name, headings, ","),
                                                    String.join(", ", headings)));
                        }
                        return column;
                    })
                    .toArray();
            return new Values(file, names, columns);
        }

        @Override
        public List<String> labels(CsvTable.Row row) {
            return List.of();
        }

        @Override
        public List<String> classes(List<CsvTable.Row> rows) {
            return List.copyOf(names);
        }

        @Override
        public Function<CsvTable.Row, Target> targets(List<String> classes) {
            return row -> {
                float[] numbers = new float[columns.length];
                for (int i = 0; i < columns.length; i++) {
                    numbers[i] = number(row.cell(columns[i]), names.get(i), row.line());
                }
                return new Target.Values(numbers);
            };
        }

        private float number(String cell, String name, int line) {
            float value = isNumber(cell) ? Float.parseFloat(cell) : Float.NaN;
            if (!Float.isFinite(value)) {
                boolean comma = isNumber(cell.replace(',', '.'));
                throw fault(
                        file,
                        line,
                        "%s in column '%s' is no finite number. Expected one such as 37.5%s; correct it or leave the row out"
                                .formatted(
                                        cell.isEmpty() ? "an empty cell" : "'" + cell + "'",
                                        name,
                                        comma ? ", with a point for the comma" : ""));
            }
            return value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Values that
                    && file.equals(that.file)
                    && names.equals(that.names)
                    && Arrays.equals(columns, that.columns);
        }

        @Override
        public int hashCode() {
            return names.hashCode();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %s", file, names);
        }
    }
}
