package dev.fovea.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** Class folders, with or without folders for the parts above them. */
final class Layout {

    /** Beside parts, masks of the anomalies in MVTec AD and data laid out like it; no images themselves. */
    private static final String MASKS = "ground_truth";

    private static final String TRAIN = "train";

    private final String source;
    private final Data.Options options;
    private final List<String> notes = new ArrayList<>();

    private Layout(String source, Data.Options options) {
        this.source = source;
        this.options = options;
    }

    /**
     * Reads {@code part/class/image} or {@code class/image}, or clips where such are sought or found; folders above are
     * passed over.
     */
    static Splits read(Tree tree, Data.Options options) {
        return new Layout(tree.source(), options).read(tree.files());
    }

    /**
     * For those who need no labels: images side by side, or in folders for the parts, are one class; where there are
     * class folders, they are read as such.
     */
    static Splits unlabelled(Tree tree, Data.Options options) {
        return new Layout(tree.source(), options.withNewClasses(true)).unlabelled(tree.files());
    }

    private Splits read(List<TreeFile> all) {
        Predicate<TreeFile> content = content(all);
        Map<String, List<TreeFile>> parts = new LinkedHashMap<>();
        parted(withoutMasks(belowCommon(all, content)), content)
                .forEach((part, files) -> parts.put(part, withoutCopy(files, content)));
        List<TreeFile> files = parts.values().stream().flatMap(List::stream).toList();
        boolean clips = Clips.sought(source, files, options.sought(), notes);
        Map<String, List<TreeFile>> kept = new LinkedHashMap<>();
        parts.forEach((part, of) -> {
            List<TreeFile> usable = usable(of, clips);
            if (!usable.isEmpty()) {
                kept.put(part, usable);
            }
        });
        if (kept.isEmpty()) {
            throw none(all);
        }
        if (parts.size() == 1 && !clips) {
            sayIfAlike(kept.values().iterator().next());
        }
        List<String> classes = classes(kept);
        news(kept).ifPresent(news -> {
            if (!options.newClasses()) {
                throw new DataException(source + ": " + news);
            }
            notes.add(news);
        });
        Function<String, Dataset> part = clips
                ? name -> Clips.of(kept.getOrDefault(name, List.of()), classes, notes)
                : name -> items(kept, name, classes);
        var read = List.of(part.apply(TRAIN), part.apply("validation"), part.apply("test"));
        return new Splits(read.get(0), read.get(1), read.get(2), shortened(notes));
    }

    /** Which files decide where the classes are: images, or where there are none that are read, clips as files. */
    private Predicate<TreeFile> content(List<TreeFile> files) {
        Predicate<TreeFile> both = file -> file.image() || Clips.isMovie(file.fileName());
        return options.sought() == Data.Content.IMAGES && files.stream().anyMatch(TreeFile::image)
                ? TreeFile::image
                : both;
    }

    /** Without the folders that all content shares. Where clips are sought, a clip is left its class folder. */
    private List<TreeFile> belowCommon(List<TreeFile> all, Predicate<TreeFile> content) {
        int frame = options.sought() == Data.Content.CLIPS ? 3 : 2;
        List<TreeFile> files = all;
        while (true) {
            List<TreeFile> seen = files.stream().filter(content).toList();
            if (seen.isEmpty()
                    || !seen.stream().allMatch(f -> f.path().size() > (f.image() ? frame : 2))
                    || folders(seen).size() > 1
                    || Parts.of(folders(seen), source).size() > 0) {
                return files;
            }
            String common = seen.get(0).path().get(0);
            files = files.stream()
                    .filter(f -> f.path().size() > 1 && f.path().get(0).equals(common))
                    .map(f -> f.below(1))
                    .toList();
        }
    }

    /** The first folders of files that lie in one, in order. */
    private static Set<String> folders(List<TreeFile> files) {
        var names = new LinkedHashSet<String>();
        files.stream()
                .filter(f -> f.path().size() > 1)
                .forEach(f -> names.add(f.path().get(0)));
        return names;
    }

    private List<TreeFile> withoutMasks(List<TreeFile> files) {
        boolean split = !Parts.of(folders(files), source).isEmpty();
        return files.stream()
                .filter(f -> !split || !f.path().get(0).equals(MASKS))
                .toList();
    }

    /** The files of each part, from their class folders on; all are for training where there are no parts. */
    private Map<String, List<TreeFile>> parted(List<TreeFile> files, Predicate<TreeFile> content) {
        Map<String, List<TreeFile>> folders = new LinkedHashMap<>();
        files.stream()
                .filter(f -> f.path().size() > 1)
                .forEach(f -> folders.computeIfAbsent(f.path().get(0), name -> new ArrayList<>())
                        .add(f.below(1)));
        folders.values().removeIf(inside -> inside.stream().noneMatch(content));
        Map<String, String> parts = Parts.of(folders.keySet(), source);
        List<String> others = folders.keySet().stream()
                .filter(name -> !parts.containsKey(name))
                .toList();
        boolean flat = parts.keySet().stream().noneMatch(name -> holdsFolders(folders.get(name), content));
        if (parts.isEmpty() || (parts.size() == 1 && flat && !others.isEmpty())) {
            return Map.of(TRAIN, files);
        }
        if (flat) {
            throw new DataException("%s: the images of %s lie in no class folders. Expected %s/CLASS/IMAGE"
                    .formatted(
                            source,
                            quoted(parts.keySet()),
                            parts.keySet().iterator().next()));
        }
        for (String other : others) {
            leaveOut(other, folders, parts, content);
        }
        Map<String, List<TreeFile>> split = new LinkedHashMap<>();
        parts.forEach((folder, part) -> split.put(part, belowItsOwnName(folder, part, folders.get(folder), content)));
        return split;
    }

    /**
     * Beside parts a folder without classes cannot be used, and a second copy of the whole need not be; others are in
     * doubt.
     */
    private void leaveOut(
            String other, Map<String, List<TreeFile>> folders, Map<String, String> parts, Predicate<TreeFile> content) {
        List<TreeFile> inside = folders.get(other).stream().filter(content).toList();
        var known = new HashSet<List<String>>();
        parts.keySet().forEach(part -> folders.get(part).forEach(file -> known.add(prefixed(part, file))));
        if (inside.stream().allMatch(file -> known.contains(file.path()))) {
            notes.add("left out: folder '%s', a second copy of %s".formatted(other, quoted(parts.keySet())));
        } else if (parts.size() > 1
                && folders(inside).size() <= 1
                && inside.stream()
                        .allMatch(file -> file.path().size() == 1 || file.path().size() == 2)) {
            notes.add(String.format(
                    Locale.ROOT, "left out: folder '%s' with %,d images in no class folders", other, inside.size()));
        } else {
            throw new DataException(
                    ("%s: %s %s for parts of the data and '%s' is not. Expected folders for the parts train, validation "
                                    + "and test, or folders for the classes; move '%s' away, or read it alone as %s:%s")
                            .formatted(
                                    source,
                                    quoted(parts.keySet()),
                                    parts.size() == 1 ? "is a folder" : "are folders",
                                    other,
                                    other,
                                    source,
                                    other));
        }
    }

    private static List<String> prefixed(String folder, TreeFile file) {
        var path = new ArrayList<String>();
        path.add(folder);
        path.addAll(file.path());
        return path;
    }

    /** Archives often hold a part in a folder of its own name once more: {@code seg_train/seg_train/class/image}. */
    private static List<TreeFile> belowItsOwnName(
            String folder, String part, List<TreeFile> all, Predicate<TreeFile> content) {
        List<TreeFile> files = all;
        while (true) {
            List<TreeFile> seen = files.stream().filter(content).toList();
            Set<String> inside = folders(seen);
            if (inside.size() != 1 || seen.stream().anyMatch(f -> f.path().size() < 2)) {
                return files;
            }
            String only = inside.iterator().next();
            if (!only.equalsIgnoreCase(folder) && !Parts.speaksOf(only, part)) {
                return files;
            }
            files = files.stream()
                    .filter(f -> f.path().size() > 1 && f.path().get(0).equals(only))
                    .map(f -> f.below(1))
                    .toList();
        }
    }

    private static boolean holdsFolders(List<TreeFile> files, Predicate<TreeFile> content) {
        return files.stream().filter(content).anyMatch(f -> f.path().size() > 1);
    }

    /**
     * Without a folder among the class folders that holds all of them once more.
     *
     * @throws DataException if it holds folders of their names, and other files in them
     */
    private List<TreeFile> withoutCopy(List<TreeFile> files, Predicate<TreeFile> content) {
        List<TreeFile> seen = files.stream().filter(content).toList();
        Set<String> classes = folders(seen);
        Map<String, Set<String>> children = children(seen);
        List<String> suspects = children.keySet().stream()
                .filter(name -> children.get(name).size() > 1 && classes.containsAll(children.get(name)))
                .toList();
        if (suspects.size() != 1) {
            return files; // class folders named by numbers may well hold folders named by numbers
        }
        String name = suspects.get(0);
        var known = new HashSet<List<String>>();
        seen.forEach(file -> known.add(file.path()));
        if (!seen.stream()
                .filter(f -> f.path().get(0).equals(name))
                .allMatch(f -> known.contains(f.below(1).path()))) {
            throw new DataException(
                    "%s: the folder '%s' holds folders of the same names as those beside it (%s). Move it away, or read it alone as %s:%s"
                            .formatted(source, name, some(children.get(name)), source, name));
        }
        notes.add("left out: folder '%s', a second copy of the folders beside it".formatted(name));
        return files.stream().filter(f -> !f.path().get(0).equals(name)).toList();
    }

    /** The names of the folders in each first folder. */
    private static Map<String, Set<String>> children(List<TreeFile> files) {
        Map<String, Set<String>> children = new LinkedHashMap<>();
        files.forEach(file -> {
            if (file.path().size() > 1) {
                Set<String> inside = children.computeIfAbsent(file.path().get(0), name -> new TreeSet<>());
                if (file.path().size() > 2) {
                    inside.add(file.path().get(1));
                }
            }
        });
        return children;
    }

    /** Class folders that hold the same folders could be parts or sites, and what is in them the classes. */
    private void sayIfAlike(List<TreeFile> files) {
        Map<String, Set<String>> children = children(files);
        var holders = new TreeMap<String, Integer>();
        children.values().forEach(names -> names.forEach(name -> holders.merge(name, 1, Integer::sum)));
        List<String> shared =
                holders.keySet().stream().filter(name -> holders.get(name) > 1).toList();
        boolean alike = shared.size() > 1
                && shared.size() * 2 > holders.size()
                && children.values().stream().noneMatch(Set::isEmpty);
        if (alike) {
            String first = children.keySet().iterator().next();
            notes.add(
                    "%s all hold folders of the same names (%s) and are read as the classes; if those within are the classes, open one alone, as %s:%s"
                            .formatted(quoted(children.keySet()), some(shared), source, first));
        }
    }

    /** What is read of the files of a part, with a note about what is not. */
    private List<TreeFile> usable(List<TreeFile> files, boolean clips) {
        var usable = new ArrayList<TreeFile>();
        var movies = new ArrayList<TreeFile>();
        var strays = new ArrayList<TreeFile>();
        for (TreeFile file : files) {
            boolean movie = Clips.isMovie(file.fileName());
            if (file.path().size() < 2) {
                if (file.image() || (clips && movie)) {
                    strays.add(file);
                }
            } else if (file.image() || (clips && movie)) {
                usable.add(file);
            } else if (movie) {
                movies.add(file);
            } else {
                notes.add("left out: " + file.name()
                        + " (not one of the image formats that are read: jpg, png, bmp, webp, tiff, pnm)");
            }
        }
        if (!movies.isEmpty()) {
            notes.add("left out: %s (%s beside images; GIF and video files are read as clips, with format=frames)"
                    .formatted(
                            movies.get(0).name(),
                            movies.size() == 1
                                    ? "it lies"
                                    : String.format(Locale.ROOT, "and %,d more", movies.size() - 1)));
        }
        if (!strays.isEmpty()) {
            notes.add("left out: %s (%s in no class folder)"
                    .formatted(
                            strays.get(0).name(),
                            strays.size() == 1
                                    ? "it lies"
                                    : String.format(Locale.ROOT, "and %,d more", strays.size() - 1)));
        }
        return usable;
    }

    private DataException none(List<TreeFile> all) {
        long movies =
                all.stream().filter(file -> Clips.isMovie(file.fileName())).count();
        if (movies > 0 && options.sought() == Data.Content.IMAGES) {
            return new DataException(String.format(
                    Locale.ROOT,
                    "%s: no images found, but %,d clips (%s). Read them with format=frames",
                    source,
                    movies,
                    all.stream()
                            .filter(file -> Clips.isMovie(file.fileName()))
                            .findFirst()
                            .orElseThrow()
                            .fileName()));
        }
        return new DataException(source + ": no images found. Expected one folder per class with jpg, png, "
                + "bmp, webp, tiff or pnm files in it");
    }

    private Splits unlabelled(List<TreeFile> all) {
        List<TreeFile> below = withoutMasks(belowCommon(all, TreeFile::image));
        List<TreeFile> files = below.stream().filter(TreeFile::image).toList();
        Map<String, String> named = Parts.of(folders(files), source);
        Predicate<TreeFile> side = f -> f.path().size() == 1
                || (f.path().size() == 2 && named.containsKey(f.path().get(0)));
        if (files.stream().noneMatch(side)) {
            return read(all);
        }
        Map<String, List<TreeFile>> parts = new LinkedHashMap<>();
        var others = new TreeMap<String, Integer>();
        for (TreeFile file : files) {
            if (side.test(file)) {
                String part =
                        file.path().size() == 1 ? TRAIN : named.get(file.path().get(0));
                parts.computeIfAbsent(part, p -> new ArrayList<>()).add(file);
            } else {
                others.merge(file.path().get(0), 1, Integer::sum);
            }
        }
        others.forEach((name, count) -> notes.add(String.format(
                Locale.ROOT, "left out: folder %s with %d images; name it as %s:%s", name, count, source, name)));
        return new Splits(
                unlabelled(parts, TRAIN), unlabelled(parts, "validation"), unlabelled(parts, "test"), shortened(notes));
    }

    private static Dataset unlabelled(Map<String, List<TreeFile>> parts, String part) {
        return new ImageFiles(
                Data.UNLABELLED,
                parts.getOrDefault(part, List.of()).stream()
                        .map(file -> new ImageFiles.Item(file, 0))
                        .toList());
    }

    private static List<String> classes(Map<String, List<TreeFile>> parts) {
        var classes = new TreeSet<String>();
        parts.values()
                .forEach(files -> files.forEach(file -> classes.add(file.path().get(0))));
        return List.copyOf(classes);
    }

    /** What is to be said of a part with a class that the training part lacks. */
    private static Optional<String> news(Map<String, List<TreeFile>> parts) {
        if (!parts.containsKey(TRAIN)) {
            return Optional.empty();
        }
        List<String> trained = classes(Map.of(TRAIN, parts.get(TRAIN)));
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
        return new ImageFiles(
                classes,
                parts.getOrDefault(part, List.of()).stream()
                        .map(file -> new ImageFiles.Item(
                                file, positions.get(file.path().get(0))))
                        .toList());
    }

    private static String quoted(Set<String> names) {
        return some(names.stream().map(name -> "'" + name + "'").toList());
    }

    /** At most five names, then the count. */
    private static String some(Collection<String> names) {
        String first = String.join(", ", names.stream().limit(5).toList());
        return names.size() <= 5 ? first : first + String.format(Locale.ROOT, " and %d more", names.size() - 5);
    }

    private static List<String> shortened(List<String> notes) {
        if (notes.size() <= 5) {
            return notes;
        }
        var first = new ArrayList<>(notes.subList(0, 5));
        first.add(String.format(Locale.ROOT, "and %d more such notes", notes.size() - 5));
        return first;
    }
}
