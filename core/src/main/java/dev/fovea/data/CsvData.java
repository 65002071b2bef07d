package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A table of paths and labels or numbers, and of parts where it has a column for them; paths are counted from the table's folder.
 * A first line may name the columns. Paths are images, or all of them clips: folders of numbered images, animated GIFs,
 * videos.
 */
final class CsvData {

    /** One line: a path, the row that says what is learned of it, and the part. */
    private record Entry(Path path, String named, CsvTable.Row row, String part) {
        int line() {
            return row.line();
        }
    }

    private final Path file;
    private final Data.Options options;
    private final List<String> notes = new ArrayList<>();

    private CsvData(Path file, Data.Options options) {
        this.file = file;
        this.options = options;
    }

    static Splits read(Path file, Data.Options options) {
        return new CsvData(file, options).read();
    }

    /** The headings of the columns in which all cells are numbers; none where no line names the columns. */
    static List<String> numbers(Path file) {
        CsvTable table = table(file, new TargetKind.Numbers(List.of()));
        var numbers = new ArrayList<String>();
        for (int i = 0; i < table.headings().size(); i++) {
            int column = i;
            if (i != table.pathColumn()
                    && i != table.partColumn()
                    && table.rows().stream().allMatch(row -> CsvTargets.Values.isNumber(row.cell(column)))) {
                numbers.add(table.headings().get(i));
            }
        }
        return numbers;
    }

    /** As it is read for targets of that kind. */
    static CsvTable table(Path file, TargetKind kind) {
        return CsvTable.read(file, new CsvData(file, Data.Options.of())::isFile, kind, new ArrayList<>());
    }

    private Splits read() {
        CsvTable table = CsvTable.read(file, this::isFile, options.targets(), notes);
        CsvTargets targets = CsvTargets.of(file, table, options.targets(), notes);
        List<Entry> entries = entries(table);
        boolean clips = Files.isDirectory(entries.get(0).path())
                || Clips.isMovie(entries.get(0).path().toString());
        Map<String, List<Entry>> parts = new LinkedHashMap<>();
        for (Entry entry : entries) {
            check(entry, clips, entries.get(0).line());
            parts.computeIfAbsent(entry.part(), p -> new ArrayList<>()).add(entry);
        }
        List<String> names = targets.classes(table.rows());
        news(parts, targets);
        Function<CsvTable.Row, Target> target = targets.targets(names);
        return new Splits(
                dataset(parts.getOrDefault("train", List.of()), names, target, clips),
                dataset(parts.getOrDefault("validation", List.of()), names, target, clips),
                dataset(parts.getOrDefault("test", List.of()), names, target, clips),
                notes);
    }

    private List<Entry> entries(CsvTable table) {
        int pathColumn = table.pathColumn();
        int partColumn = table.partColumn();
        var entries = new ArrayList<Entry>();
        for (CsvTable.Row row : table.rows()) {
            String path = row.cell(pathColumn);
            if (path.isEmpty()) {
                throw fault(row.line(), "expected path,label");
            }
            String part = "train";
            if (partColumn >= 0) {
                String word = row.cell(partColumn);
                part = CsvTable.part(word)
                        .orElseThrow(() -> fault(
                                row.line(), "the part '%s' is none of train, validation and test".formatted(word)));
            }
            entries.add(new Entry(path(path, row.line()), path, row, part));
        }
        if (entries.isEmpty()) {
            throw new DataException(file + ": no rows. Expected lines of path,label");
        }
        return entries;
    }

    /** Regular files and, of clips, folders: whatever else has a path could be read without end. */
    private void check(Entry entry, boolean clips, int firstLine) {
        boolean folder = Files.isDirectory(entry.path());
        if (!folder && !Files.isRegularFile(entry.path())) {
            throw fault(
                    entry.line(),
                    Files.exists(entry.path())
                            ? entry.named() + " is a device or pipe. Expected a file"
                            : "no such image: " + entry.named()
                                    + (entry.line() == 1
                                            ? ". If this line names the columns, call them path and label"
                                            : ""));
        }
        boolean clip = folder || Clips.isMovie(entry.path().toString());
        if (clips ? !clip : folder) {
            throw fault(
                    entry.line(),
                    "%s is %s, but line %s names %s. A list holds images or clips, not both"
                            .formatted(
                                    entry.named(),
                                    folder ? "a folder" : "an image",
                                    firstLine,
                                    clips ? "a clip" : "an image"));
        }
    }

    /** Classes of other parts that the training part lacks, as of folders. */
    private void news(Map<String, List<Entry>> parts, CsvTargets targets) {
        if (!parts.containsKey("train")) {
            return;
        }
        Set<String> trained = new HashSet<>();
        parts.get("train").forEach(entry -> trained.addAll(targets.labels(entry.row())));
        for (Entry entry : parts.values().stream().flatMap(List::stream).toList()) {
            for (String label : targets.labels(entry.row())) {
                if (!trained.contains(label)) {
                    String news = "the %s part has a class '%s' that the train part does not have"
                            .formatted(entry.part(), label);
                    if (!options.newClasses()) {
                        throw fault(entry.line(), news);
                    }
                    notes.add(news);
                    return;
                }
            }
        }
    }

    private Dataset dataset(
            List<Entry> entries, List<String> classes, Function<CsvTable.Row, Target> target, boolean clips) {
        if (clips) {
            return new Clips(
                    classes,
                    entries.stream()
                            .map(entry -> new Clips.Take(Clips.open(entry.path()), target.apply(entry.row())))
                            .toList());
        }
        return new ImageFiles(
                classes,
                entries.stream()
                        .map(entry -> new ImageFiles.Item(
                                FolderFiles.file(
                                        List.of(String.valueOf(entry.path().getFileName())), entry.path()),
                                target.apply(entry.row())))
                        .toList());
    }

    private boolean isFile(String cell) {
        try {
            return Files.exists(path(cell, 1));
        } catch (DataException e) {
            return false;
        }
    }

    private Path path(String cell, int line) {
        return ListedPath.of(file, cell, line);
    }

    private DataException fault(int line, String what) {
        return new DataException("%s:%s: %s".formatted(file, line, what));
    }
}
