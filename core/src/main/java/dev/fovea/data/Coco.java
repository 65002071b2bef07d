package dev.fovea.data;

import dev.fovea.image.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * COCO: JSON files that list images, classes and objects, one for each part, with the images in folders beside them or
 * beside each file.
 */
final class Coco {

    private static final int START = 1 << 16;

    private static final Pattern FORM = Pattern.compile("\"(images|annotations|categories)\"\\s*:\\s*\\[");

    /** A list of corrections is data of its own, about what lies beside it. */
    private static final Pattern CORRECTIONS = Pattern.compile("^\\s*\\{\\s*\"info\"\\s*:\\s*\\{[^}]*\"corrects\"");

    /** What COCO has files for beside objects. */
    private static final List<String> OTHERS = List.of("captions", "stuff", "panoptic", "image_info");

    private final Tree tree;
    private final AnnotatedParts parts;
    private final Map<String, List<TreeFile>> images = new HashMap<>();
    private final Set<TreeFile> used = new HashSet<>();

    private Coco(Tree tree, Data.Options options) {
        this.tree = tree;
        parts = new AnnotatedParts(tree.source(), options);
        tree.files().stream()
                .filter(TreeFile::image)
                .forEach(file -> images.computeIfAbsent(file.fileName(), n -> new ArrayList<>())
                        .add(file));
    }

    /** Whether a JSON file looks like COCO's. */
    static boolean matches(Tree tree) {
        return tree.files().stream().anyMatch(file -> json(file) && form(file));
    }

    private static boolean json(TreeFile file) {
        return file.fileName().toLowerCase(Locale.ROOT).endsWith(".json");
    }

    private static boolean form(TreeFile file) {
        try (var in = file.stream().get()) {
            String start = new String(in.readNBytes(START), StandardCharsets.UTF_8);
            return start.stripLeading().startsWith("{")
                    && FORM.matcher(start).find()
                    && !CORRECTIONS.matcher(start).find();
        } catch (IOException e) {
            return false; // whoever reads it says what is wrong with it
        }
    }

    static Splits read(Tree tree, Data.Options options) {
        return new Coco(tree, options).read();
    }

    private Splits read() {
        Map<String, TreeFile> chosen = byPart(chosen());
        List<CocoJson.Category> categories = new ArrayList<>();
        var first = new String[1];
        chosen.forEach((part, file) -> {
            CocoJson json = CocoJson.of(file, parts.wanted().masks());
            List<CocoJson.Category> own = categories(file, json);
            if (categories.isEmpty()) {
                categories.addAll(own);
                first[0] = file.name();
            } else if (!names(categories).equals(names(own))) {
                throw new DataException("%s: its categories differ from those of %s. Expected the same in both"
                        .formatted(file.name(), first[0]));
            }
            add(part, file, json, own);
        });
        sayUnused();
        return parts.splits(
                categories.stream().map(CocoJson.Category::name).toList(),
                categories.stream().map(CocoJson.Category::id).toList());
    }

    private static Map<Long, String> names(List<CocoJson.Category> categories) {
        var names = new LinkedHashMap<Long, String>();
        categories.forEach(category -> names.put(category.id(), category.name()));
        return names;
    }

    /** Files of objects; those with keypoints where these are asked for. */
    private List<TreeFile> chosen() {
        List<TreeFile> all = tree.files().stream()
                .filter(file -> json(file) && form(file))
                .filter(file -> OTHERS.stream().noneMatch(other -> word(file).contains(other)))
                .toList();
        List<TreeFile> keypoints =
                all.stream().filter(file -> word(file).contains("keypoints")).toList();
        List<TreeFile> instances =
                all.stream().filter(file -> word(file).contains("instances")).toList();
        boolean asked = parts.explicit() && parts.wanted().keypoints();
        if (!keypoints.isEmpty() && (asked || instances.isEmpty())) {
            return keypoints;
        }
        if (!instances.isEmpty()) {
            return instances;
        }
        if (all.isEmpty()) {
            throw new DataException(
                    tree.source()
                            + ": no JSON file of COCO's form. Expected annotations/instances_train*.json, or a JSON file with images, annotations and categories beside the images");
        }
        return all;
    }

    private static String word(TreeFile file) {
        return file.fileName().toLowerCase(Locale.ROOT);
    }

    /** The part that a file is for, by its name or that of its folder; the only file may be without. */
    private Map<String, TreeFile> byPart(List<TreeFile> files) {
        Map<String, TreeFile> byPart = new LinkedHashMap<>();
        for (TreeFile file : files) {
            String part = part(file);
            TreeFile before = byPart.put(part, file);
            if (before != null) {
                throw new DataException(
                        "%s: two files for the %s part, %s and %s. Move one away, or name one as the data"
                                .formatted(tree.source(), part, before.name(), file.name()));
            }
        }
        return byPart;
    }

    private static String part(TreeFile file) {
        var names = new ArrayList<String>(file.path());
        names.set(names.size() - 1, Voc.stem(file.fileName()));
        for (int i = names.size() - 1; i >= 0; i--) {
            for (String part : List.of("train", "validation", "test")) {
                if (Parts.speaksOf(names.get(i), part)) {
                    return part;
                }
            }
        }
        return "train";
    }

    /** In the order of their numbers. */
    private List<CocoJson.Category> categories(TreeFile file, CocoJson json) {
        List<CocoJson.Category> ordered = json.categories().stream()
                .sorted(Comparator.comparingLong(CocoJson.Category::id))
                .toList();
        var ids = new HashSet<Long>();
        var names = new HashSet<String>();
        for (CocoJson.Category category : ordered) {
            if (!ids.add(category.id()) || !names.add(category.name())) {
                throw new DataException(
                        "%s: category %s ('%s') has a number or a name that another has too. Expected each once"
                                .formatted(file.name(), category.id(), category.name()));
            }
        }
        if (ordered.isEmpty()) {
            throw new DataException(file.name() + ": lists no categories. Expected the classes of the objects");
        }
        return ordered;
    }

    private void add(String part, TreeFile file, CocoJson json, List<CocoJson.Category> categories) {
        String source = file.name() + ": annotation ";
        var sizes = new LinkedHashMap<Long, Optional<Size>>();
        var lists = new HashMap<Long, ObjectList>();
        var found = new LinkedHashMap<Long, TreeFile>();
        for (CocoJson.Listed image : json.images()) {
            if (sizes.putIfAbsent(image.id(), image.size()) != null) {
                parts.faults()
                        .add("%s: two images have the number %s, the second is '%s'. Expected each once"
                                .formatted(file.name(), image.id(), image.fileName()));
                continue;
            }
            lists.put(image.id(), new ObjectList(source, image.size(), parts.faults()));
            Optional<TreeFile> there = image(file, part, image.fileName());
            there.ifPresent(one -> found.put(image.id(), one));
            if (there.isEmpty()) {
                parts.faults()
                        .add("%s: its image '%s' is not there. Restore it, or remove it from the list"
                                .formatted(file.name(), image.fileName()));
            }
        }
        new CocoObjects(source, categories, parts.faults()).add(json.entries(), sizes, lists);
        found.forEach((id, image) -> parts.add(
                part,
                new AnnotatedImage(
                        image, sizes.get(id), false, source, id, lists.get(id).objects())));
    }

    /** Of several files of that name, the one in the folder that the list, its place or the part names. */
    private Optional<TreeFile> image(TreeFile json, String part, String fileName) {
        List<String> wanted =
                List.of(fileName.replace('\\', '/').replaceFirst("^\\./", "").split("/"));
        List<TreeFile> same = images.getOrDefault(wanted.get(wanted.size() - 1), List.of());
        Optional<TreeFile> best = same.stream().max(Comparator.comparingInt(file -> worth(file, json, part, wanted)));
        best.ifPresent(used::add);
        return best;
    }

    private static int worth(TreeFile file, TreeFile json, String part, List<String> wanted) {
        List<String> folders = file.path().subList(0, file.path().size() - 1);
        int alike = 0;
        for (int i = 1; i <= Math.min(wanted.size(), file.path().size()); i++) {
            boolean same = wanted.get(wanted.size() - i)
                    .equals(file.path().get(file.path().size() - i));
            alike += same ? 1 : -10;
        }
        boolean beside = folders.equals(json.path().subList(0, json.path().size() - 1));
        boolean ofPart = folders.stream().anyMatch(folder -> Parts.speaksOf(folder, part));
        boolean named =
                folders.stream().anyMatch(folder -> Voc.stem(json.fileName()).endsWith(folder));
        return 100 * alike + (beside ? 8 : 0) + (named ? 4 : 0) + (ofPart ? 2 : 0);
    }

    private void sayUnused() {
        long all = images.values().stream().mapToLong(List::size).sum();
        if (all > used.size()) {
            parts.note("%s: images that the annotations do not list, left out: %s"
                    .formatted(tree.source(), all - used.size()));
        }
    }
}
