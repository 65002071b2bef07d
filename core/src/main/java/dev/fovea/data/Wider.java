package dev.fovea.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * WIDER FACE (Yang et al. 2016, <a href="https://arxiv.org/abs/1511.06523">1511.06523</a>): a text file for each part with the path
 * of an image, the number of its faces, and a line for each, {@code x y w h blur expression illumination invalid occlusion pose}.
 * An image without faces has a line of zeros all the same. Faces that are marked invalid are ignored, as VOC's difficult objects.
 */
final class Wider {

    private static final String LABEL = "face";
    private static final String NO_AREA = "faces without width or height, left out";
    private static final Pattern LIST = Pattern.compile("(?:.*_)?(train|val|test)_bbx_gt\\.txt");
    private static final Map<String, String> PARTS = Map.of("train", "train", "val", "validation", "test", "test");
    private static final int COLUMNS = 10;
    private static final int INVALID = 7;
    private static final String EXPECTED = "x y w h blur expression illumination invalid occlusion pose";

    private final Tree tree;
    private final AnnotatedParts parts;
    private final Map<String, List<TreeFile>> images = new HashMap<>();

    private Wider(Tree tree, Data.Options options) {
        this.tree = tree;
        parts = new AnnotatedParts(tree.source(), options);
        tree.files().stream()
                .filter(TreeFile::image)
                .forEach(file -> images.computeIfAbsent(file.fileName(), name -> new ArrayList<>())
                        .add(file));
    }

    /** Whether there is a list of the faces of a part. */
    static boolean matches(Tree tree) {
        return tree.files().stream().anyMatch(Wider::isList);
    }

    private static boolean isList(TreeFile file) {
        return LIST.matcher(file.fileName()).matches();
    }

    static Splits read(Tree tree, Data.Options options) {
        return new Wider(tree, options).read();
    }

    private Splits read() {
        List<TreeFile> lists = tree.files().stream().filter(Wider::isList).toList();
        if (lists.isEmpty()) {
            throw new DataException(
                    tree.source() + ": no list of faces. Expected wider_face_train_bbx_gt.txt, and images it names");
        }
        for (TreeFile list : lists) {
            var name = LIST.matcher(list.fileName());
            String word = name.matches() ? name.group(1) : "train";
            new Lines(list, word).read();
        }
        return parts.sorted();
    }

    /** The list of one part. */
    private final class Lines {

        private final TreeFile file;
        private final String word;
        private final List<String> lines;
        private int next;

        Lines(TreeFile file, String word) {
            this.file = file;
            this.word = word;
            lines = CsvTable.decoded(file.name(), file.bytes().get(), parts.notes())
                    .lines()
                    .map(String::strip)
                    .toList();
        }

        void read() {
            while (next < lines.size()) {
                String path = lines.get(next++);
                if (!path.isEmpty()) {
                    image(path, next);
                }
            }
        }

        /** @param line of its path, from 1 */
        private void image(String path, int line) {
            String count = next < lines.size() ? lines.get(next++) : "";
            if (!count.matches("\\d{1,6}")) {
                // the lines that follow cannot be told from those of the next image
                throw new DataException("%s:%s: %s. Expected the number of faces of '%s'"
                        .formatted(
                                file.name(),
                                line + 1,
                                count.isEmpty() ? "the file is cut off" : "'" + count + "' is no number",
                                path));
            }
            var objects = new ObjectList(file.name() + ":", Optional.empty(), parts.faults());
            int faces = Integer.parseInt(count);
            for (int i = 0; i < faces; i++) {
                if (next >= lines.size()) {
                    throw new DataException("%s:%s: the file is cut off: '%s' has %s faces, %s follow"
                            .formatted(file.name(), line, path, faces, i));
                }
                face(objects, lines.get(next), next + 1);
                next++;
            }
            if (faces == 0 && next < lines.size() && lines.get(next).matches("[0 ]+")) {
                next++;
            }
            Optional<TreeFile> image = found(path);
            if (image.isEmpty()) {
                parts.faults()
                        .add("%s:%s: its image '%s' is not there. Restore it, or remove its lines"
                                .formatted(file.name(), line, path));
                return;
            }
            parts.add(
                    PARTS.get(word),
                    new AnnotatedImage(image.get(), Optional.empty(), false, file.name() + ":", 0, objects.objects()));
        }

        private void face(ObjectList objects, String line, int number) {
            String[] words = line.split("\\s+");
            double[] values = new double[words.length];
            boolean numbers = words.length == COLUMNS || words.length == 4;
            for (int i = 0; i < words.length && numbers; i++) {
                Optional<Double> value = BoxChecks.parsed(words[i]);
                numbers = value.isPresent();
                values[i] = value.orElse(0.0);
            }
            if (!numbers) {
                objects.fault(number, "'%s' is no face. Expected %s".formatted(line, EXPECTED));
                return;
            }
            if (values[2] == 0 || values[3] == 0) {
                parts.faults().mended(NO_AREA);
                return;
            }
            objects.add(
                    BoxChecks.pixels(values[0], values[1], values[0] + values[2], values[1] + values[3]),
                    parts.label(LABEL),
                    words.length == COLUMNS && values[INVALID] == 1,
                    Outline.MISSING,
                    Optional.empty(),
                    number);
        }

        /** Of images of one path below several folders, that of the folder of this part. */
        private Optional<TreeFile> found(String path) {
            List<String> wanted = List.of(path.split("[/\\\\]"));
            List<TreeFile> ending = images.getOrDefault(wanted.get(wanted.size() - 1), List.of()).stream()
                    .filter(image -> endsWith(image.path(), wanted))
                    .toList();
            return ending.stream()
                    .filter(image -> image.path().stream()
                            .anyMatch(folder -> folder.toLowerCase(Locale.ROOT).matches("(.*_)?" + word + ".*")))
                    .findFirst()
                    .or(() -> ending.stream().findFirst());
        }

        private static boolean endsWith(List<String> path, List<String> wanted) {
            int from = path.size() - wanted.size();
            return from >= 0 && path.subList(from, path.size()).equals(wanted);
        }
    }
}
