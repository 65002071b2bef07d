package dev.fovea.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Class folders, with or without folders for the parts above them. */
final class Layout {

    private static final Map<String, String> PARTS = Map.of(
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
            "test",
            "test",
            "testing",
            "test");

    /** Beside parts, masks of what is odd in the pictures of MVTec AD and data laid out like it; no pictures themselves. */
    private static final String MASKS = "ground_truth";

    private Layout() {}

    /**
     * Reads {@code part/class/picture} or {@code class/picture}, or clips where there are such; folders above are passed
     * over.
     *
     * @param options with format frames for clips, folder for pictures, empty to recognise which
     */
    static Splits read(Tree tree, Data.Options options) {
        String format = options.format();
        List<TreeFile> files = withoutMasks(belowCommon(tree.files()));
        var notes = new ArrayList<String>();
        boolean split = files.stream()
                        .anyMatch(f -> f.path().size() > 2
                                && PARTS.containsKey(f.path().get(0)))
                && files.stream()
                        .allMatch(f -> f.path().size() < 3
                                || PARTS.containsKey(f.path().get(0)));
        Map<String, List<TreeFile>> parts = new LinkedHashMap<>();
        int depth = split ? 2 : 1;
        boolean clips = format.equals("frames") || (format.isEmpty() && Clips.matches(files, depth));
        for (TreeFile file : files) {
            if (file.path().size() <= depth) {
                continue; // a readme or list beside the folders
            }
            if (!file.picture() && !(clips && Clips.isMovie(file.fileName()))) {
                notes.add("left out: " + file.name()
                        + " (not one of the picture formats that are read: jpg, png, bmp, webp, tiff, pnm)");
                continue;
            }
            String part = split ? PARTS.get(file.path().get(0)) : "train";
            parts.computeIfAbsent(part, p -> new ArrayList<>()).add(split ? file.below(1) : file);
        }
        if (parts.isEmpty()) {
            throw new DataException(tree.source() + ": no pictures found. Expected one folder per class with jpg, png, "
                    + "bmp, webp, tiff or pnm files in it");
        }
        List<String> classes = classes(parts);
        news(parts).ifPresent(news -> {
            if (!options.newClasses()) {
                throw new DataException(tree.source() + ": " + news);
            }
            notes.add(news);
        });
        Function<String, Dataset> part = clips
                ? name -> Clips.of(parts.getOrDefault(name, List.of()), classes, notes)
                : name -> items(parts, name, classes);
        var read = List.of(part.apply("train"), part.apply("validation"), part.apply("test"));
        return new Splits(read.get(0), read.get(1), read.get(2), shortened(notes));
    }

    /**
     * For those who need no labels: pictures side by side, or in folders for the parts, are one class; where there are
     * class folders, they are read as such.
     */
    static Splits unlabelled(Tree tree) {
        List<TreeFile> files = withoutMasks(belowCommon(tree.files())).stream()
                .filter(TreeFile::picture)
                .toList();
        boolean flat = files.stream().anyMatch(f -> f.path().size() == 1 || directlyInPart(f));
        if (!flat) {
            return read(tree, Data.Options.of().withNewClasses(true));
        }
        Map<String, List<TreeFile>> parts = new LinkedHashMap<>();
        var others = new TreeMap<String, Integer>();
        for (TreeFile file : files) {
            if (file.path().size() == 1 || directlyInPart(file)) {
                String part = file.path().size() == 1
                        ? "train"
                        : PARTS.get(file.path().get(0));
                parts.computeIfAbsent(part, p -> new ArrayList<>()).add(file);
            } else {
                others.merge(file.path().get(0), 1, Integer::sum);
            }
        }
        var notes = new ArrayList<String>();
        others.forEach((name, count) -> notes.add(
                "left out: folder %s with %d pictures; name it as %s:%s".formatted(name, count, tree.source(), name)));
        return new Splits(
                unlabelled(parts, "train"),
                unlabelled(parts, "validation"),
                unlabelled(parts, "test"),
                shortened(notes));
    }

    private static List<TreeFile> withoutMasks(List<TreeFile> files) {
        boolean split = files.stream()
                .anyMatch(f -> f.path().size() > 1 && PARTS.containsKey(f.path().get(0)));
        return files.stream()
                .filter(f -> !split || !f.path().get(0).equals(MASKS))
                .toList();
    }

    private static boolean directlyInPart(TreeFile file) {
        return file.path().size() == 2 && PARTS.containsKey(file.path().get(0));
    }

    private static Dataset unlabelled(Map<String, List<TreeFile>> parts, String part) {
        return new Items(
                List.of("pictures"),
                parts.getOrDefault(part, List.of()).stream()
                        .map(file -> new Items.Item(file, 0))
                        .toList());
    }

    /** Without the folders that all files share. */
    private static List<TreeFile> belowCommon(List<TreeFile> all) {
        List<TreeFile> files = all;
        while (!files.isEmpty()
                && files.stream().allMatch(f -> f.path().size() > 2)
                && files.stream().map(f -> f.path().get(0)).distinct().count() == 1
                && !PARTS.containsKey(files.get(0).path().get(0))) {
            files = files.stream().map(f -> f.below(1)).toList();
        }
        return files;
    }

    private static List<String> classes(Map<String, List<TreeFile>> parts) {
        var classes = new TreeSet<String>();
        parts.values()
                .forEach(files -> files.forEach(file -> classes.add(file.path().get(0))));
        return List.copyOf(classes);
    }

    /** What is to be said of a part with a class that the training part lacks. */
    private static Optional<String> news(Map<String, List<TreeFile>> parts) {
        if (!parts.containsKey("train")) {
            return Optional.empty();
        }
        List<String> trained = classes(Map.of("train", parts.get("train")));
        return parts.entrySet().stream()
                .flatMap(part -> classes(Map.of(part.getKey(), part.getValue())).stream()
                        .filter(name -> !trained.contains(name))
                        .map(name -> "the %s part has a class '%s' that the train part does not have. It has %s"
                                .formatted(
                                        part.getKey(),
                                        name,
                                        String.join(", ", trained.subList(0, Math.min(5, trained.size()))))))
                .findFirst();
    }

    private static Dataset items(Map<String, List<TreeFile>> parts, String part, List<String> classes) {
        var positions = new TreeMap<String, Integer>();
        for (int i = 0; i < classes.size(); i++) {
            positions.put(classes.get(i), i);
        }
        return new Items(
                classes,
                parts.getOrDefault(part, List.of()).stream()
                        .map(file ->
                                new Items.Item(file, positions.get(file.path().get(0))))
                        .toList());
    }

    private static List<String> shortened(List<String> notes) {
        if (notes.size() <= 5) {
            return notes;
        }
        var first = new ArrayList<>(notes.subList(0, 5));
        first.add("and %d more such notes".formatted(notes.size() - 5));
        return first;
    }
}
