package dev.fovea.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pascal VOC: an XML file for each image in {@code Annotations}, images in {@code JPEGImages}, names of the images of each
 * part in {@code ImageSets/Main}; or XML files beside their images, in folders for the parts.
 */
final class Voc {

    private static final String FOLDER = "annotations";

    /** Behind a name may stand whether a class is there. */
    private static final String PRESENCE = "\\s+-?[01]$";

    /** Where masks lie: images that are none of the data's. */
    private static final Set<String> MASKS = Set.of("SegmentationObject", "SegmentationClass");

    /** What people have called the file of a part, the first that is there counts. */
    private static final Map<String, List<String>> LISTS = new TreeMap<>(Map.of(
            "train", List.of("train.txt", "trainval.txt"),
            "validation", List.of("val.txt", "valid.txt", "validation.txt"),
            "test", List.of("test.txt")));

    /** An XML file with the folder its data set lies in and the folder between, which may be a part. */
    private record Found(TreeFile xml, List<String> root, List<String> between) {
        static Found of(TreeFile xml) {
            List<String> folders = xml.path().subList(0, xml.path().size() - 1);
            for (int i = folders.size() - 1; i >= 0; i--) {
                if (folders.get(i).toLowerCase(Locale.ROOT).equals(FOLDER)) {
                    return new Found(xml, folders.subList(0, i), folders.subList(i + 1, folders.size()));
                }
            }
            return new Found(xml, folders, List.of());
        }

        String stem() {
            return Voc.stem(xml.fileName());
        }
    }

    private final Tree tree;
    private final AnnotatedParts parts;
    private final Map<List<String>, ImageNames> images = new HashMap<>();
    private final Map<String, TreeFile> masks = new HashMap<>();

    private Voc(Tree tree, Data.Options options) {
        this.tree = tree;
        parts = new AnnotatedParts(tree.source(), options);
    }

    /** Whether there are XML files in a folder for annotations, or beside images of their names. */
    static boolean matches(Tree tree) {
        var images = new HashSet<String>();
        tree.files().stream().filter(TreeFile::image).forEach(file -> images.add(stem(String.join("/", file.path()))));
        return tree.files().stream()
                .filter(file -> xml(file)
                        && (file.path().stream()
                                        .anyMatch(part ->
                                                part.toLowerCase(Locale.ROOT).equals(FOLDER))
                                || images.contains(stem(String.join("/", file.path())))))
                .findFirst()
                .filter(file -> start(file).contains("<annotation"))
                .isPresent();
    }

    private static boolean xml(TreeFile file) {
        return file.fileName().toLowerCase(Locale.ROOT).endsWith(".xml");
    }

    private static String start(TreeFile file) {
        byte[] bytes = file.bytes().get();
        return new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1);
    }

    static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') ? name.substring(0, dot) : name;
    }

    static Splits read(Tree tree, Data.Options options) {
        return new Voc(tree, options).read();
    }

    private Splits read() {
        List<Found> all = tree.files().stream().filter(Voc::xml).map(Found::of).toList();
        if (all.isEmpty()) {
            throw new DataException(tree.source()
                    + ": no XML files. Expected Pascal VOC: Annotations with an XML file for each image of JPEGImages");
        }
        Map<List<String>, List<Found>> roots = new LinkedHashMap<>();
        all.forEach(found ->
                roots.computeIfAbsent(found.root(), r -> new ArrayList<>()).add(found));
        indexFiles(roots.keySet());
        Map<List<String>, String> named = roots.size() == 1 ? Map.of() : partsOf(roots.keySet());
        roots.forEach((root, files) -> {
            if (named.isEmpty()) {
                one(root, files);
            } else {
                files.forEach(found -> add(named.get(root), found));
            }
        });
        if (tree.files().stream().anyMatch(file -> file.path().contains("SegmentationClass"))
                && masks.isEmpty()
                && parts.wanted().masks()) {
            parts.note(
                    tree.source()
                            + ": SegmentationClass tells classes apart, not objects, and is not used. Masks are read of SegmentationObject");
        }
        return parts.sorted();
    }

    private void indexFiles(Set<List<String>> roots) {
        for (List<String> root : roots) {
            images.put(
                    root,
                    new ImageNames(tree.files().stream()
                            .filter(file -> file.image() && below(root, file))
                            .filter(file -> file.path().stream().noneMatch(MASKS::contains))
                            .toList()));
        }
        tree.files().stream()
                .filter(file -> file.image() && file.path().contains("SegmentationObject"))
                .forEach(file -> masks.put(stem(file.fileName()), file));
    }

    private static boolean below(List<String> root, TreeFile file) {
        return file.path().size() > root.size()
                && file.path().subList(0, root.size()).equals(root);
    }

    /** Of several data sets, the part that each is. */
    private Map<List<String>, String> partsOf(Set<List<String>> roots) {
        var byName = new LinkedHashMap<String, List<String>>();
        roots.forEach(root -> byName.put(root.isEmpty() ? "" : root.get(root.size() - 1), root));
        Map<String, String> known = Parts.of(byName.keySet(), tree.source());
        if (byName.size() < roots.size() || known.size() < byName.size()) {
            throw new DataException("%s: has annotations in more than one place: %s. Name one of them, as %s:%s"
                    .formatted(
                            tree.source(),
                            String.join(
                                    ", ",
                                    roots.stream()
                                            .limit(5)
                                            .map(r -> String.join("/", r))
                                            .toList()),
                            tree.source(),
                            byName.keySet().stream()
                                    .filter(n -> !n.isEmpty())
                                    .findFirst()
                                    .orElse("FOLDER")));
        }
        var of = new HashMap<List<String>, String>();
        byName.forEach((name, root) -> of.put(root, known.get(name)));
        return of;
    }

    private void one(List<String> root, List<Found> files) {
        Map<String, List<String>> lists = lists(root);
        if (!lists.isEmpty()) {
            listed(root, files, lists);
            return;
        }
        var folders = new HashSet<String>();
        files.forEach(found -> folders.addAll(
                found.between().subList(0, Math.min(1, found.between().size()))));
        Map<String, String> known = Parts.of(folders, tree.source());
        files.forEach(found -> add(
                found.between().isEmpty()
                        ? "train"
                        : known.getOrDefault(found.between().get(0), "train"),
                found));
        int left = images.get(root).size() - files.size();
        if (left > 0) {
            parts.note("%s: images without an annotation, left out: %s".formatted(tree.source(), left));
        }
    }

    /** Names of the images of each part, as ImageSets has them. */
    private Map<String, List<String>> lists(List<String> root) {
        var files = new HashMap<String, TreeFile>();
        tree.files().stream()
                .filter(file -> below(root, file)
                        && file.path().contains("ImageSets")
                        && file.path().contains("Main"))
                .forEach(file -> files.put(file.fileName(), file));
        var lists = new LinkedHashMap<String, List<String>>();
        for (String part : List.of("train", "validation", "test")) {
            LISTS.get(part).stream()
                    .filter(files::containsKey)
                    .findFirst()
                    .ifPresent(name -> lists.put(part, lines(files.get(name))));
        }
        return lists;
    }

    /** Without empty ones. */
    private List<String> lines(TreeFile file) {
        return CsvTable.decoded(file.name(), file.bytes().get(), parts.notes())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private void listed(List<String> root, List<Found> files, Map<String, List<String>> lists) {
        var byStem = new HashMap<String, Found>();
        files.forEach(found -> byStem.put(found.stem(), found));
        var taken = new HashMap<String, String>();
        lists.forEach((part, names) -> {
            for (String line : names) {
                String name = byStem.containsKey(line) ? line : line.replaceFirst(PRESENCE, "");
                Found found = byStem.get(name);
                String before = taken.putIfAbsent(name, part);
                if (before != null) {
                    parts.faults()
                            .add("%s: '%s' is listed for the %s part and for the %s part. Remove it from one of them"
                                    .formatted(tree.source(), name, before, part));
                } else if (found == null) {
                    parts.faults()
                            .add(
                                    "%s: '%s' is listed for the %s part and has no annotation %s/%s.xml. Restore or unlist it"
                                            .formatted(tree.source(), name, part, "Annotations", name));
                } else {
                    add(part, found);
                }
            }
        });
        long left = byStem.keySet().stream()
                .filter(stem -> !taken.containsKey(stem))
                .count();
        if (left > 0) {
            parts.note("%s: annotations that ImageSets lists for no part, left out: %s".formatted(tree.source(), left));
        }
    }

    private void add(String part, Found found) {
        String source = found.xml().name() + ":";
        VocXml xml;
        try {
            xml = VocXml.of(found.xml());
        } catch (DataException e) {
            parts.faults().add(e.getMessage());
            return;
        }
        Optional<TreeFile> image = images.get(found.root()).of(xml.fileName(), found.stem());
        if (image.isEmpty()) {
            parts.faults()
                    .add("%s: its image '%s' is not there. Restore it, or remove the annotation"
                            .formatted(found.xml().name(), xml.fileName().isEmpty() ? found.stem() : xml.fileName()));
            return;
        }
        var objects = new ObjectList(source, xml.size(), parts.faults());
        for (int i = 0; i < xml.objects().size(); i++) {
            add(objects, xml.objects().get(i), outline(found.stem(), i + 1));
        }
        parts.add(part, new AnnotatedImage(image.get(), xml.size(), false, source, 0, objects.objects()));
    }

    private Outline outline(String stem, int number) {
        return parts.wanted().masks() && masks.containsKey(stem)
                ? new Outline.Stored(masks.get(stem), number)
                : Outline.MISSING;
    }

    /** VOC counts pixels from 1, and the last of a box belongs to it. */
    private void add(ObjectList objects, VocXml.Entry object, Outline outline) {
        String name = object.value("name");
        double[] edges = new double[4];
        String[] words = {"xmin", "ymin", "xmax", "ymax"};
        for (int i = 0; i < words.length; i++) {
            String text = object.value("bndbox/" + words[i]);
            Optional<Double> number = BoxChecks.parsed(text);
            if (number.isEmpty()) {
                objects.fault(
                        object.line(),
                        "%s of the object is %s. Expected a number of pixels"
                                .formatted(words[i], text.isEmpty() ? "missing" : "'" + text + "'"));
                return;
            }
            edges[i] = number.get();
        }
        if (name.isEmpty()) {
            objects.fault(object.line(), "the object has no name. Expected <name> with its class");
            return;
        }
        objects.add(
                BoxChecks.areShares(edges)
                        ? BoxChecks.pixels(edges[0], edges[1], edges[2], edges[3])
                        : BoxChecks.pixels(edges[0] - 1, edges[1] - 1, edges[2], edges[3]),
                parts.label(name),
                object.value("difficult").equals("1"),
                outline,
                Optional.empty(),
                object.line());
    }
}
