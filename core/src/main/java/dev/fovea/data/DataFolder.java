package dev.fovea.data;

import dev.fovea.io.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What lies in a folder, for a person who looks for data there: its folders, and the files that can be data. Images are counted, not
 * named; what is hidden is left out.
 *
 * @param folders in the order of their names
 * @param files archives, lists, annotations and corrections, in the order of their names; of more than a few hundred tables and
 *     annotations only the first
 * @param images how many image files lie in it
 * @param others how many further files
 * @param passed how many folders and files were passed over, as they are not to be shown
 * @param cut whether it has more entries than are looked at
 */
public record DataFolder(
        Path folder, List<Path> folders, List<Path> files, int images, int others, int passed, boolean cut) {

    private static final int MOST_ENTRIES = 200_000;
    private static final int MOST_START = 1 << 16;

    /** Tables and annotations that are looked into: a folder with more of them has one for each image, and is data itself. */
    private static final int MOST_TEXTS = 500;

    /** COCO's JSON names its parts early, as {@code images} or, first of all, {@code info}. */
    private static final Pattern COCO = Pattern.compile("\"(images|annotations|categories)\"\\s*:");

    private static final Pattern YOLO = Pattern.compile("(?m)^names\\s*:");

    public DataFolder {
        folders = folders.stream().sorted().toList();
        files = files.stream().sorted().toList();
    }

    /**
     * Something in a folder.
     *
     * @param kind of data, as {@link DataSets.Found#kind} says it; run, model or report of what this library wrote; folder where it is
     *     a folder and none of these
     * @param classes how many class folders; 0 where that is not known
     * @param images how many; 0 where that is not known
     * @param folders of a folder, how many are in it
     */
    public record Entry(Path path, String kind, int classes, int images, int folders) {}

    /**
     * Looks into a folder.
     *
     * @param other whether a folder or file in it is passed over
     * @throws DataException if it cannot be listed
     */
    public static DataFolder of(Path folder, Predicate<Path> other) {
        var folders = new ArrayList<Path>();
        var files = new ArrayList<Path>();
        var texts = new ArrayList<Path>();
        int images = 0;
        int others = 0;
        int passed = 0;
        int looked = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (TreeFile.hidden(name)) {
                    continue;
                }
                if (++looked > MOST_ENTRIES) {
                    break;
                }
                if (other.test(entry)) {
                    passed++;
                } else if (TreeFile.image(name)) {
                    images++;
                } else if (Files.isDirectory(entry)) {
                    folders.add(entry);
                } else if (Tree.isArchive(entry)) {
                    files.add(entry);
                } else if (isText(name)) {
                    texts.add(entry);
                } else {
                    others++;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new DataException("%s: cannot be listed (%s)"
                    .formatted(folder, Reason.of(e instanceof IOException io ? io : (IOException) e.getCause())));
        }
        List<Path> data = texts.stream()
                .sorted()
                .limit(MOST_TEXTS)
                .filter(text -> kind(text).isPresent())
                .toList();
        files.addAll(data);
        others += texts.size() - data.size();
        return new DataFolder(folder, folders, files, images, others, passed, looked > MOST_ENTRIES);
    }

    /** Whether a file of that name can be data, which its text says. */
    private static boolean isText(String name) {
        return name.toLowerCase(Locale.ROOT).matches(".*\\.(csv|json|ya?ml)");
    }

    /**
     * What a folder or file seems to be.
     *
     * @param other whether a folder in it is passed over
     */
    public static Entry entry(Path path, Predicate<Path> other) {
        if (!Files.isDirectory(path)) {
            return new Entry(path, kind(path).orElse("file"), 0, 0, 0);
        }
        Optional<String> output = OutputFolders.kind(path);
        if (output.isPresent()) {
            return new Entry(path, output.get(), 0, 0, 0);
        }
        FolderLook look = FolderLook.at(path, other);
        return new DataSets(other)
                .recognised(path)
                .map(set -> new Entry(
                        path,
                        set.kind(),
                        set.classes(),
                        set.images(),
                        look.folders().size()))
                .orElseGet(() -> new Entry(
                        path, "folder", 0, look.images(), look.folders().size()));
    }

    /** What a file is if it can be data: archive, list, boxes or corrected; none if it cannot. */
    static Optional<String> kind(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (Tree.isArchive(file)) {
            return Files.isRegularFile(file) ? Optional.of("archive") : Optional.empty();
        }
        if (name.endsWith(".csv")) {
            return isList(file) ? Optional.of("list") : Optional.empty();
        }
        if (name.endsWith(".json")) {
            return AnnotationCorrections.named(file) && CorrectionsFile.matches(file)
                    ? Optional.of("corrected")
                    : COCO.matcher(start(file)).find() ? Optional.of("boxes") : Optional.empty();
        }
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        return yaml && YOLO.matcher(start(file)).find() ? Optional.of("boxes") : Optional.empty();
    }

    /** Whether the first line of a table speaks of images, or begins with the path of one. */
    private static boolean isList(Path file) {
        String line = start(file).lines().findFirst().orElse("").toLowerCase(Locale.ROOT);
        if (line.startsWith("path,part,finding")) {
            return false;
        }
        String first = line.split("[,;\t]", 2)[0].replace("\"", "").strip();
        boolean columns = line.indexOf(',') > 0 || line.indexOf(';') > 0 || line.indexOf('\t') > 0;
        return columns
                && (first.matches("path|file|files|filename|file_name|image|images|image_path|img|image_id")
                        || TreeFile.image(first));
    }

    private static String start(Path file) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (BufferedReader in = Files.newBufferedReader(file)) {
            char[] start = new char[MOST_START];
            int count = 0;
            for (int read = 0; read >= 0 && count < start.length; read = in.read(start, count, start.length - count)) {
                count += read;
            }
            return new String(start, 0, count);
        } catch (IOException e) {
            return ""; // no text
        }
    }
}
