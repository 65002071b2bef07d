package dev.fovea.data;

import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Pairs of images of a data set that are to be told to be of one identity or of two, as Labeled Faces in the Wild lists them (Huang
 * et al. 2007, <a href="http://vis-www.cs.umass.edu/lfw/lfw.pdf">technical report 07-49</a>).
 *
 * <p>The first line has the number of folds and of pairs of a kind in each, or for a single fold the latter alone. Then come, fold by
 * fold, pairs of one identity, {@code name i j}, and as many of two, {@code name1 i name2 j}. Names are those of class folders, the
 * numbers those at the end of file names: {@code name_0001.jpg} is 1 of {@code name}.
 *
 * @param folds at least one
 */
public record VerificationPairs(List<List<Pair>> folds) {

    private static final long MOST_BYTES = 64 << 20;
    private static final Pattern NUMBERED = Pattern.compile("^.*?(\\d{1,9})(?:\\.[^.]*)?$");

    /**
     * A pair.
     *
     * @param a position of an image in the data set
     * @param b position of another
     * @param same whether they are of one identity
     */
    public record Pair(int a, int b, boolean same) {}

    public VerificationPairs {
        folds = folds.stream().map(List::copyOf).toList();
    }

    /** The positions of all images that are in a pair, each once, rising. */
    public int[] images() {
        return folds.stream()
                .flatMap(List::stream)
                .flatMapToInt(pair -> IntStream.of(pair.a(), pair.b()))
                .sorted()
                .distinct()
                .toArray();
    }

    /**
     * Reads a list of pairs of images of {@code data}.
     *
     * @throws DataException that names the line, if it cannot be read, or names somebody or an image that the data does not have
     */
    public static VerificationPairs read(Path file, Dataset data) {
        List<String> lines = lines(file);
        var reader = new Reader(file, images(data), data.classes());
        int[] header = reader.header(lines);
        var folds = new ArrayList<List<Pair>>();
        int at = 1;
        for (int fold = 0; fold < header[0]; fold++) {
            var pairs = new ArrayList<Pair>();
            for (int i = 0; i < 2 * header[1]; i++, at++) {
                pairs.add(reader.pair(lines.get(at), at + 1, i < header[1]));
            }
            folds.add(pairs);
        }
        return new VerificationPairs(folds);
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new DataException("%s: %s MB, more than the %s MB that are read of a list"
                        .formatted(file, Files.size(file) >> 20, MOST_BYTES >> 20));
            }
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
                lines.remove(lines.size() - 1);
            }
            return lines;
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read as a list of pairs (" + Reason.of(e) + ")");
        }
    }

    /** Of each name, positions of its images by their number; -1 where two have the same. */
    private static Map<String, Map<Integer, Integer>> images(Dataset data) {
        var images = new HashMap<String, Map<Integer, Integer>>();
        for (int i = 0; i < data.size(); i++) {
            String name = data.name(i);
            var numbered =
                    NUMBERED.matcher(name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1));
            if (numbered.matches()) {
                images.computeIfAbsent(data.classes().get(data.label(i)), k -> new HashMap<>())
                        .merge(Integer.parseInt(numbered.group(1)), i, (a, b) -> -1);
            }
        }
        return images;
    }

    /** Lines of one file. */
    private record Reader(Path file, Map<String, Map<Integer, Integer>> images, List<String> names) {

        /** Folds, and pairs of a kind in each. */
        int[] header(List<String> lines) {
            String[] words =
                    lines.isEmpty() ? new String[0] : lines.get(0).strip().split("\\s+");
            if (words.length == 0 || words.length > 2) {
                throw fault(1, "expected the number of folds and of pairs in each, as in '10 300'");
            }
            int folds = words.length == 1 ? 1 : number(words[0], 1);
            int each = number(words[words.length - 1], 1);
            long wanted = 2L * folds * each;
            if (folds < 1 || each < 1 || wanted != lines.size() - 1) {
                throw fault(
                        1,
                        "says %s %s with %s pairs of one identity and as many of two, %s lines in all, and %s follow. The file is cut off, or its first line is another's"
                                .formatted(folds, folds == 1 ? "fold" : "folds", each, wanted, lines.size() - 1));
            }
            return new int[] {folds, each};
        }

        Pair pair(String line, int number, boolean same) {
            String[] words = line.contains("\t")
                    ? line.strip().split("\\s*\t\\s*")
                    : line.strip().split("\\s+");
            if (words.length != (same ? 3 : 4)) {
                throw fault(
                        number,
                        "expected %s, got '%s'"
                                .formatted(
                                        same
                                                ? "a pair of one identity, 'name i j'"
                                                : "a pair of two, 'name1 i name2 j'",
                                        Escaped.of(line.strip())));
            }
            return same
                    ? new Pair(image(words[0], words[1], number), image(words[0], words[2], number), true)
                    : new Pair(image(words[0], words[1], number), image(words[2], words[3], number), false);
        }

        private int image(String name, String index, int line) {
            Map<Integer, Integer> own = images.get(name);
            if (own == null) {
                throw fault(
                        line,
                        "the data has nobody called '%s'%s Expected a folder of that name"
                                .formatted(Escaped.of(name), Nearest.hint(name, names, ".")));
            }
            Integer position = own.get(number(index, line));
            if (position == null || position < 0) {
                throw fault(
                        line,
                        String.format(
                                Locale.ROOT,
                                "%s %s of '%s'. Expected one file such as %s_%04d.jpg",
                                position == null ? "there is no image" : "there are several images",
                                index,
                                Escaped.of(name),
                                Escaped.of(name),
                                number(index, line)));
            }
            return position;
        }

        private int number(String word, int line) {
            if (!word.matches("\\d{1,9}")) {
                throw fault(line, "expected a number, got '%s'".formatted(Escaped.of(word)));
            }
            return Integer.parseInt(word);
        }

        private DataException fault(int line, String what) {
            return new DataException("%s:%s: %s".formatted(file, line, what));
        }
    }
}
