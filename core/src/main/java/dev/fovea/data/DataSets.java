package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Data sets below a folder, found by the names of folders and files; none of them is opened. */
public final class DataSets {

    private static final List<String> DRAWN = List.of("shapes", "shape-scenes", "moving-shapes");

    private static final int DEEPEST = 3;
    private static final int MOST = 500;

    /**
     * What seems to be a data set.
     *
     * @param kind classes, images, boxes, masks, list, archive, digits, clips: what people will find there
     * @param classes how many class folders; 0 where that is not known
     * @param images how many, or clips; 0 where that is not known
     */
    public record Found(Path path, String kind, int classes, int images) {}

    private final Predicate<Path> other;
    private final List<Found> found = new ArrayList<>();

    DataSets(Predicate<Path> other) {
        this.other = other.or(OutputFolders::is);
    }

    private FolderLook look(Path folder) {
        return FolderLook.at(folder, other);
    }

    /**
     * Those below {@code root}, itself among them if it is one.
     *
     * @param other whether a folder is passed over, beside those that {@link OutputFolders} tells
     */
    public static List<Found> below(Path root, Predicate<Path> other) {
        var sets = new DataSets(other);
        if (!sets.other.test(root)) {
            sets.visit(sets.look(root), 0);
        }
        return List.copyOf(sets.found);
    }

    /** The names of those that need no folder: drawn by this library, or public ones that were fetched before. */
    public static List<String> named() {
        var names = new ArrayList<>(DRAWN);
        PublicDataset.names().stream().filter(DataSets::isCached).forEach(names::add);
        return names;
    }

    private static boolean isCached(String name) {
        try {
            return PublicDataset.find(name)
                    .map(known -> Files.exists(known.cached(name)))
                    .orElse(false);
        } catch (DataException e) {
            return false;
        }
    }

    private void visit(FolderLook look, int depth) {
        if (found.size() >= MOST) {
            return;
        }
        Optional<Found> set = recognised(look).or(() -> depth > 0 ? singleClass(look) : Optional.empty());
        set.ifPresent(found::add);
        boolean listed = set.isPresent()
                && !set.get().kind().equals("classes")
                && !set.get().kind().equals("images");
        if (!listed) {
            files(look, set.isPresent());
        }
        if (set.isEmpty() && depth < DEEPEST) {
            look.folders().forEach(folder -> visit(look(folder), depth + 1));
        }
    }

    private void files(FolderLook look, boolean inside) {
        for (String name : look.files().stream().sorted().toList()) {
            Path file = look.folder().resolve(name);
            if (!other.test(file)) {
                DataFolder.kind(file)
                        .filter(kind -> kind.equals("list") || kind.equals("archive") && !inside)
                        .ifPresent(kind -> found.add(new Found(file, kind, 0, 0)));
            }
        }
    }

    /** What a folder seems to be; none if it is no data set. */
    Optional<Found> recognised(Path folder) {
        return recognised(look(folder));
    }

    private Optional<Found> recognised(FolderLook look) {
        if (look.hasFile("(train|t10k|test|emnist.*)[-.].*ubyte(\\.gz)?|.*-idx3-ubyte(\\.gz)?")
                || look.hasFile("data_batch_1\\.bin|test_batch\\.bin|fine_label_names\\.txt")) {
            return Optional.of(new Found(look.folder(), "digits", 0, 0));
        }
        if (boxes(look)) {
            return Optional.of(new Found(look.folder(), "boxes", 0, 0));
        }
        List<FolderLook> inside = look.folders().stream().map(this::look).toList();
        Map<String, String> parts = parts(look, inside);
        if (masks(look)
                || inside.stream().filter(one -> parts.containsKey(one.name())).anyMatch(DataSets::masks)) {
            return Optional.of(new Found(look.folder(), "masks", 0, 0));
        }
        return folders(look, inside, parts);
    }

    private boolean boxes(FolderLook look) {
        boolean voc = look.hasFolder("annotations") && look.hasFolder("jpegimages|images");
        boolean coco = look.hasFolder("annotations")
                && look.folders().stream()
                        .filter(one -> one.getFileName().toString().equalsIgnoreCase("annotations"))
                        .anyMatch(one -> look(one).hasFile(".*\\.json"));
        boolean flat = look.images() > 0 && (look.hasFile(".*coco.*\\.json|annotations.*\\.json|.*\\.xml"));
        boolean parts = look.folders().stream()
                .anyMatch(one -> Parts.speaksOf(one.getFileName().toString(), "train")
                        && look(one).hasFile(".*coco.*\\.json"));
        boolean wider = look.hasFolder("wider_(train|val)");
        return voc && !masksOnly(look) || coco || flat || parts || wider || look.hasFile("(data|dataset)\\.ya?ml");
    }

    /** VOC's own folder of annotations holds XML files, others of that name may hold masks. */
    private boolean masksOnly(FolderLook look) {
        return look.folders().stream()
                .filter(one -> one.getFileName().toString().equalsIgnoreCase("annotations"))
                .map(this::look)
                .noneMatch(one -> one.hasFile(".*\\.xml"));
    }

    private static boolean masks(FolderLook look) {
        return look.hasFolder("images?|imgs?|jpegimages|leftimg8bit")
                        && look.hasFolder("masks?|labels?|annotations?|annot|gt|segmentationclass|gtfine")
                || look.hasFolder("trainannot|train_labels|train_masks") && look.hasFolder("train");
    }

    private Optional<Found> folders(FolderLook look, List<FolderLook> inside, Map<String, String> parts) {
        if (!parts.isEmpty()) {
            return parted(
                    look,
                    inside.stream().filter(one -> parts.containsKey(one.name())).toList());
        }
        List<FolderLook> filled =
                inside.stream().filter(one -> content(one) > 0).toList();
        boolean deeper = inside.stream().anyMatch(one -> content(one) == 0 && holdsSet(one));
        if (filled.size() > 1 && !deeper) {
            boolean clips = filled.stream().allMatch(one -> one.images() == 0);
            int count = filled.stream()
                    .mapToInt(clips ? FolderLook::movies : FolderLook::images)
                    .sum();
            return Optional.of(new Found(look.folder(), clips ? "clips" : "classes", filled.size(), count));
        }
        return look.images() > 1 && filled.isEmpty()
                ? Optional.of(new Found(look.folder(), "images", 0, look.images()))
                : Optional.empty();
    }

    /** A folder that holds one folder of images and nothing else is rather a data set that has only one class yet. */
    private Optional<Found> singleClass(FolderLook look) {
        if (look.folders().size() != 1 || !look.files().isEmpty()) {
            return Optional.empty();
        }
        FolderLook only = look(look.folders().get(0));
        return only.images() > 0 && only.folders().isEmpty()
                ? Optional.of(new Found(look.folder(), "classes", 1, only.images()))
                : Optional.empty();
    }

    private static Map<String, String> parts(FolderLook look, List<FolderLook> inside) {
        try {
            Map<String, String> parts = Parts.of(
                    inside.stream().map(FolderLook::name).toList(),
                    look.folder().toString());
            return parts.size() > 1 ? parts : Map.of();
        } catch (DataException e) {
            return Map.of(); // who opens it hears of it
        }
    }

    private Optional<Found> parted(FolderLook look, List<FolderLook> parts) {
        List<FolderLook> inner = parts.stream()
                .flatMap(part -> part.folders().stream())
                .map(this::look)
                .filter(one -> content(one) > 0)
                .toList();
        if (!inner.isEmpty()) {
            int classes = inner.stream()
                    .map(FolderLook::name)
                    .collect(Collectors.toSet())
                    .size();
            return Optional.of(new Found(look.folder(), "classes", classes, sum(inner)));
        }
        return sum(parts) > 0 ? Optional.of(new Found(look.folder(), "images", 0, sum(parts))) : Optional.empty();
    }

    /** Whether a folder without images of its own is rather a data set than a class whose images lie deeper. */
    private boolean holdsSet(FolderLook look) {
        return look.folders().stream()
                                .map(this::look)
                                .filter(one -> content(one) > 0)
                                .limit(2)
                                .count()
                        > 1
                || look.files().stream()
                        .anyMatch(name -> Tree.isArchive(look.folder().resolve(name)));
    }

    private static int content(FolderLook look) {
        return look.images() + look.movies();
    }

    private static int sum(List<FolderLook> looks) {
        return looks.stream().mapToInt(FolderLook::images).sum();
    }
}
