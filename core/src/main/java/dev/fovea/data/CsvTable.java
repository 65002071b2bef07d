package dev.fovea.data;

import dev.fovea.io.ClosedFolder;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file as people's programs write it: separated by commas, semicolons or tabs, in UTF-8 with or without its mark,
 * UTF-16, or Latin-1, with or without a first line of headings.
 *
 * @param headings of the columns, or empty
 * @param partColumn -1 if no column says parts
 */
record CsvTable(List<String> headings, List<Row> rows, int pathColumn, int labelColumn, int partColumn) {

    private static final int MOST_BYTES = 1 << 28;

    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

    /** Headings without spaces, signs and the s of the plural; the first that is there counts. */
    private static final List<String> PATHS = List.of(
            "path",
            "filepath",
            "imagepath",
            "imgpath",
            "picturepath",
            "filename",
            "file",
            "imagefile",
            "imagefilename",
            "imagename",
            "image",
            "img",
            "picture",
            "name",
            "imageid",
            "id");

    private static final List<String> LABELS = List.of(
            "label",
            "class",
            "classes",
            "classname",
            "labelname",
            "category",
            "categories",
            "tag",
            "target",
            "species",
            "breed",
            "diagnosis",
            "y");

    /** Headings in the plural: an empty cell below one says that there is none. */
    private static final List<String> SEVERAL = List.of("labels", "classes", "categories", "tags", "targets");

    private static final List<String> PARTS =
            List.of("split", "datasplit", "subset", "part", "partition", "set", "dataset");

    private static final Map<String, String> PART_NAMES = Map.of(
            "train",
            "train",
            "training",
            "train",
            "val",
            "validation",
            "valid",
            "validation",
            "validation",
            "validation",
            "dev",
            "validation",
            "test",
            "test",
            "testing",
            "test");

    /**
     * One row.
     *
     * @param line of the file where it begins
     */
    record Row(List<String> cells, int line) {
        /** Empty if there is none. */
        String cell(int column) {
            return column < cells.size() ? cells.get(column) : "";
        }
    }

    /** The part that a word names. */
    static Optional<String> part(String word) {
        return Optional.ofNullable(PART_NAMES.get(word.toLowerCase(Locale.ROOT)));
    }

    /**
     * Reads a table.
     *
     * @param isFile whether a cell names a file: tells headings and separators from data
     * @param kind of targets that are wanted: numbers are looked for under their own headings
     * @param notes receives what was guessed
     * @throws DataException if it is no text, or a quote is not closed
     */
    static CsvTable read(Path file, Predicate<String> isFile, TargetKind kind, List<String> notes) {
        String text = text(file, notes);
        CsvTable best = null;
        int most = -1;
        DataException fault = null;
        for (char separator : SEPARATORS) {
            if (separator != ',' && firstLine(text).indexOf(separator) < 0) {
                continue;
            }
            try {
                CsvTable table = of(rows(file, text, separator), isFile, kind);
                int worth = table.worth(isFile);
                if (worth > most) {
                    most = worth;
                    best = table;
                }
            } catch (DataException e) {
                fault = fault == null ? e : fault;
            }
        }
        if (best == null) {
            throw fault;
        }
        CsvTable table = best;
        String unused = IntStream.range(0, table.headings().size())
                .filter(i -> i != table.pathColumn() && i != table.partColumn() && !table.learned(i, kind))
                .mapToObj(i -> table.headings().get(i))
                .filter(heading -> !heading.isEmpty())
                .collect(Collectors.joining(", "));
        if (!unused.isEmpty()) {
            notes.add("%s: columns that are not used: %s".formatted(file, unused));
        }
        if (table.partColumn() >= 0 && table.headings().isEmpty()) {
            notes.add(file + ": its third column names parts, and is read as such");
        }
        return table;
    }

    /** Whether a column says what is learned. */
    boolean learned(int column, TargetKind kind) {
        return kind instanceof TargetKind.Numbers numbers
                ? numbers.columns().isEmpty() || numbers.columns().contains(headings.get(column))
                : column == labelColumn || kind instanceof TargetKind.Boxes && isBoxes(column);
    }

    private boolean isBoxes(int column) {
        return BoxColumns.of(headings).filter(boxes -> boxes.contains(column)).isPresent();
    }

    /** Whether the heading of the labels says that there may be several, or none. */
    boolean pluralLabels() {
        return !headings.isEmpty() && SEVERAL.contains(word(headings.get(labelColumn)));
    }

    /** A heading in small letters and digits alone. */
    static String word(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    private static CsvTable of(List<Row> rows, Predicate<String> isFile, TargetKind kind) {
        if (rows.isEmpty()) {
            return new CsvTable(List.of(), rows, 0, 1, -1);
        }
        List<String> first = rows.get(0).cells();
        List<String> words = first.stream().map(CsvTable::word).toList();
        int path = column(words, PATHS);
        int label = kind instanceof TargetKind.Numbers numbers
                ? number(first, path, numbers.columns())
                : column(words, LABELS);
        boolean named = label >= 0
                && (path >= 0
                        || kind instanceof TargetKind.Numbers
                        || (label == 1 && words.get(1).startsWith("label")));
        if (!named || isFile.test(first.get(0))) {
            boolean parts = rows.stream().allMatch(row -> part(row.cell(2)).isPresent());
            return new CsvTable(List.of(), rows, 0, 1, parts ? 2 : -1);
        }
        return new CsvTable(
                first,
                rows.subList(1, rows.size()),
                path >= 0 ? path : 0,
                label,
                partColumn(words, rows.subList(1, rows.size())));
    }

    /**
     * The first column of numbers, if the first line names columns: one that is asked for, else any beside the paths; -1
     * if it names none.
     */
    private static int number(List<String> first, int path, List<String> wanted) {
        boolean headed = wanted.stream().anyMatch(first::contains)
                || (path >= 0 && first.stream().noneMatch(cell -> cell.matches("[-+]?\\.?\\d.*")));
        int paths = Math.max(0, path);
        return !headed
                ? -1
                : IntStream.range(0, first.size())
                        .filter(i -> i != paths && (wanted.isEmpty() || wanted.contains(first.get(i))))
                        .findFirst()
                        .orElse(paths); // none of that name, which is said when it is looked for
    }

    /** A column whose heading could mean parts, if all that stands in it does; one that is called a split must. */
    private static int partColumn(List<String> words, List<Row> rows) {
        for (String name : PARTS) {
            int column = column(words, List.of(name));
            if (column >= 0
                    && (name.endsWith("split")
                            || rows.stream()
                                    .allMatch(row -> part(row.cell(column)).isPresent()))) {
                return column;
            }
        }
        return -1;
    }

    private static int column(List<String> words, List<String> known) {
        for (String name : known) {
            for (int i = 0; i < words.size(); i++) {
                if (words.get(i).equals(name) || words.get(i).equals(name + "s")) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** How well a separator fits: the first row of data names a file, there are headings, there are labels. */
    private int worth(Predicate<String> isFile) {
        boolean names = !rows.isEmpty() && isFile.test(rows.get(0).cell(pathColumn));
        boolean labelled = !rows.isEmpty() && !rows.get(0).cell(labelColumn).isEmpty();
        return (names && labelled ? 4 : 0) + (headings.isEmpty() ? 0 : 2) + (labelled ? 1 : 0);
    }

    private static List<Row> rows(Path file, String text, char separator) {
        var rows = new ArrayList<Row>();
        int line = 1;
        int at = 0;
        try (var parser = CSVFormat.RFC4180
                .builder()
                .setDelimiter(separator)
                .setTrim(true)
                .setIgnoreEmptyLines(true)
                .get()
                .parse(new StringReader(text))) {
            for (CSVRecord row : parser) {
                int begins = (int) row.getCharacterPosition();
                while (begins < text.length() && (text.charAt(begins) == '\n' || text.charAt(begins) == '\r')) {
                    begins++; // empty lines before it are not of the row
                }
                for (; at < begins; at++) {
                    line += text.charAt(at) == '\n' || (text.charAt(at) == '\r' && text.charAt(at + 1) != '\n') ? 1 : 0;
                }
                List<String> cells = row.toList();
                if (cells.stream().limit(2).anyMatch(cell -> cell.indexOf('\n') >= 0 || cell.indexOf('\r') >= 0)) {
                    throw unclosed(file, line);
                }
                if (!(cells.size() == 1 && cells.get(0).isEmpty())) {
                    rows.add(new Row(cells, line));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // thrown for quotes alone: the text is in memory. It stands in the row behind the last that was read.
            int last = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).line();
            throw unclosed(file, next(text, last));
        }
        return rows;
    }

    /** The first line behind {@code last} that is not empty. */
    private static int next(String text, int last) {
        List<String> lines = text.lines().toList();
        int next = last;
        while (next < lines.size() - 1 && lines.get(next).isBlank()) {
            next++;
        }
        return next + 1;
    }

    private static DataException unclosed(Path file, int line) {
        return new DataException(
                "%s:%s: a quote is opened here and not closed before the line or column ends".formatted(file, line));
    }

    private static String firstLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }

    private static String text(Path file, List<String> notes) {
        byte[] bytes;
        try {
            ClosedFolder.check(file);
            if (Files.size(file) > MOST_BYTES) {
                throw new DataException("%s: %s MB, more than the %s MB that are read of a list"
                        .formatted(file, Files.size(file) >> 20, MOST_BYTES >> 20));
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + Reason.of(e) + ")");
        }
        String text = decoded(file, bytes, notes);
        int zero = text.indexOf('\0');
        if (zero >= 0) {
            long line = text.substring(0, zero).chars().filter(c -> c == '\n').count() + 1;
            throw new DataException(
                    "%s:%s: holds a NUL character. Expected a text file of path,label".formatted(file, line));
        }
        return text;
    }

    /** UTF-8 with or without its mark, UTF-16, or Latin-1, which is noted. */
    static String decoded(Object file, byte[] bytes, List<String> notes) {
        int first = bytes.length > 0 ? bytes[0] & 0xFF : -1;
        int second = bytes.length > 1 ? bytes[1] & 0xFF : -1;
        if ((first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF)) {
            return StandardCharsets.UTF_16.decode(ByteBuffer.wrap(bytes)).toString();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            notes.add(file + ": not in UTF-8, and read as Latin-1. Save it as UTF-8 if names look wrong");
            return latin(bytes);
        }
    }

    /** As Windows means it, where all letters have a meaning in it. */
    private static String latin(byte[] bytes) {
        if (Charset.isSupported("windows-1252")) {
            String text = new String(bytes, Charset.forName("windows-1252"));
            if (text.indexOf('\uFFFD') < 0) {
                return text;
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
