package dev.fovea.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** YOLO: {@code data.yaml} names classes and parts, a text file in {@code labels} the objects of each of {@code images}. */
final class Yolo {

    private static final Pattern NAMES = Pattern.compile("(?m)^names\\s*:");

    private static final int MOST_YAML = 1 << 20;

    /** What people have called the file of classes where there is no YAML. */
    private static final Set<String> LINES = Set.of("classes.txt", "obj.names", "classes.names");

    private final Tree tree;
    private final AnnotatedParts parts;
    private final Map<List<String>, TreeFile> files = new HashMap<>();
    private final Set<TreeFile> used = new LinkedHashSet<>();

    private Yolo(Tree tree, Data.Options options) {
        this.tree = tree;
        parts = new AnnotatedParts(tree.source(), options);
        tree.files().forEach(file -> files.putIfAbsent(file.path(), file));
    }

    /** Whether a YAML file names classes, or text files for labels lie where those of images do. */
    static boolean matches(Tree tree) {
        if (tree.files().stream().noneMatch(TreeFile::image)) {
            return false;
        }
        if (tree.files().stream().anyMatch(Yolo::names)) {
            return true;
        }
        var known = new LinkedHashSet<List<String>>();
        tree.files().forEach(file -> known.add(file.path()));
        return tree.files().stream()
                .filter(TreeFile::image)
                .map(file -> YoloLabels.placesOf(file.path()))
                .anyMatch(places -> places.size() > 1 && known.contains(places.get(0)));
    }

    private static boolean names(TreeFile file) {
        String name = file.fileName().toLowerCase(Locale.ROOT);
        return (name.endsWith(".yaml") || name.endsWith(".yml"))
                && file.size() <= MOST_YAML
                && NAMES.matcher(new String(file.bytes().get(), StandardCharsets.UTF_8))
                        .find();
    }

    static Splits read(Tree tree, Data.Options options) {
        return new Yolo(tree, options).read();
    }

    private Splits read() {
        YoloNames names = named();
        var labels = new YoloLabels(names, parts.faults(), parts.wanted().masks(), parts.notes());
        var taken = new HashMap<TreeFile, String>();
        images(names).forEach((part, images) -> {
            for (TreeFile image : images) {
                String before = taken.putIfAbsent(image, part);
                if (before == null) {
                    add(part, image, labels);
                } else if (!before.equals(part)) {
                    parts.faults()
                            .add("%s: '%s' belongs to the %s part and to the %s part. Take it out of one of them"
                                    .formatted(names.file().name(), image.name(), before, part));
                }
            }
        });
        long stray = tree.files().stream()
                .filter(file -> file.fileName().endsWith(".txt") && file.path().contains("labels"))
                .filter(file -> !used.contains(file) && !LINES.contains(file.fileName()))
                .count();
        if (stray > 0) {
            parts.note("%s: label files without an image of their name, left out: %s".formatted(tree.source(), stray));
        }
        return parts.splits(names.classes(), List.of());
    }

    private YoloNames named() {
        List<TreeFile> all = tree.files().stream()
                .filter(Yolo::names)
                .sorted(Comparator.comparingInt((TreeFile file) -> file.path().size())
                        .thenComparing(file -> !file.fileName().startsWith("data")))
                .toList();
        if (!all.isEmpty()) {
            TreeFile first = all.get(0);
            all.stream()
                    .skip(1)
                    .filter(file -> file.path().size() == first.path().size())
                    .filter(file -> file.fileName().startsWith("data")
                            == first.fileName().startsWith("data"))
                    .findFirst()
                    .ifPresent(other -> {
                        throw new DataException("%s: more than one file names classes: %s and %s. Name one as the data"
                                .formatted(tree.source(), first.fileName(), other.fileName()));
                    });
            return YoloNames.of(first);
        }
        return tree.files().stream()
                .filter(file -> LINES.contains(file.fileName()))
                .findFirst()
                .map(YoloNames::ofLines)
                .orElseThrow(() -> new DataException(tree.source()
                        + ": no file names the classes. Expected data.yaml with names: [cat, dog], as YOLO has it"));
    }

    private void add(String part, TreeFile image, YoloLabels labels) {
        Optional<TreeFile> file = YoloLabels.placesOf(image.path()).stream()
                .filter(files::containsKey)
                .map(files::get)
                .findFirst();
        file.ifPresent(used::add);
        List<Annotation> objects = file.map(labels::read).orElse(List.of());
        parts.add(
                part,
                new AnnotatedImage(
                        image,
                        Optional.empty(),
                        true,
                        file.map(TreeFile::name).orElse(image.name()) + ":",
                        0,
                        objects));
    }

    private Map<String, Collection<TreeFile>> images(YoloNames names) {
        Map<String, Collection<TreeFile>> images = new LinkedHashMap<>();
        names.places().forEach((part, places) -> {
            Set<TreeFile> of = new LinkedHashSet<>();
            places.forEach(place -> of.addAll(at(names, place)));
            if (of.isEmpty() && part.equals("test")) {
                parts.note("%s: its test images '%s' are not there"
                        .formatted(names.file().name(), places.get(0)));
            } else if (of.isEmpty()) {
                throw new DataException(
                        "%s: its %s images '%s' are not there. Expected a folder of images, counted from the file's own"
                                .formatted(names.file().name(), part, places.get(0)));
            }
            images.put(part, of);
        });
        return images.isEmpty() ? byFolders() : images;
    }

    /** Without a word about parts: folders speak of them, or all is for training. */
    private Map<String, Collection<TreeFile>> byFolders() {
        Map<String, Collection<TreeFile>> images = new LinkedHashMap<>();
        tree.files().stream().filter(TreeFile::image).forEach(file -> {
            List<String> folders = file.path().subList(0, file.path().size() - 1);
            String part = List.of("train", "validation", "test").stream()
                    .filter(name -> folders.stream().anyMatch(folder -> Parts.speaksOf(folder, name)))
                    .findFirst()
                    .orElse("train");
            images.computeIfAbsent(part, p -> new ArrayList<>()).add(file);
        });
        return images;
    }

    /** The images of a folder, or of a list of images, as a YAML file names it. */
    private Collection<TreeFile> at(YoloNames names, String place) {
        List<String> own = names.file().path().subList(0, names.file().path().size() - 1);
        for (List<String> path : places(own, names.root(), place)) {
            TreeFile list = files.get(path);
            if (list != null) {
                return list.image() ? List.of(list) : listed(names, own, list);
            }
            List<TreeFile> below = tree.files().stream()
                    .filter(file -> file.image()
                            && file.path().size() > path.size()
                            && file.path().subList(0, path.size()).equals(path))
                    .toList();
            if (!below.isEmpty()) {
                return below;
            }
        }
        return List.of();
    }

    private Collection<TreeFile> listed(YoloNames names, List<String> own, TreeFile list) {
        var images = new ArrayList<TreeFile>();
        List<String> lines = CsvTable.decoded(list.name(), list.bytes().get(), parts.notes())
                .lines()
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty()) {
                continue;
            }
            Optional<TreeFile> image = places(own, names.root(), line).stream()
                    .filter(files::containsKey)
                    .map(files::get)
                    .filter(TreeFile::image)
                    .findFirst();
            image.ifPresent(images::add);
            if (image.isEmpty()) {
                parts.faults()
                        .add("%s:%s: its image '%s' is not there. Restore or unlist it"
                                .formatted(list.name(), i + 1, line));
            }
        }
        return images;
    }

    /** Where a place may be: exporters count it from the root, from the file's folder, or from one that is not there. */
    private static List<List<String>> places(List<String> own, String root, String place) {
        var places = new LinkedHashSet<List<String>>();
        places.add(joined(joined(own, root), place));
        places.add(joined(own, place));
        places.add(joined(own, place.replaceFirst("^(\\.\\./)+", "")));
        places.add(joined(List.of(), place));
        return List.copyOf(places);
    }

    private static List<String> joined(List<String> folder, String place) {
        var path = new ArrayList<>(folder);
        for (String part : place.replace('\\', '/').split("/")) {
            if (part.equals("..")) {
                if (!path.isEmpty()) {
                    path.remove(path.size() - 1);
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                path.add(part);
            }
        }
        return path;
    }
}
