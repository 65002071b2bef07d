package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Images and masks of the same names: in folders of their own ({@code images} and {@code masks}, {@code train} and
 * {@code trainannot}, {@code JPEGImages} and {@code SegmentationClass}) within or around folders for the parts, or side by side, masks
 * with {@code _mask} behind their names.
 */
final class MaskLayout {

    private static final Set<String> MASKS = Set.of(
            "mask",
            "masks",
            "label",
            "labels",
            "annotation",
            "annotations",
            "annot",
            "gt",
            "groundtruth",
            "truth",
            "segmentation",
            "segmentations",
            "segmentationclass",
            "segmentationclassaug",
            "seg",
            "labelled",
            "labeled",
            "segmentationclasspng",
            "gtfine",
            "labeledapproved");

    private static final Set<String> IMAGES = Set.of(
            "image",
            "images",
            "img",
            "imgs",
            "jpegimages",
            "photo",
            "photos",
            "picture",
            "pictures",
            "input",
            "inputs",
            "leftimg8bit",
            "ground");

    /** Behind the name of a mask, or of an image beside it. */
    private static final List<String> SUFFIXES = List.of(
            "_gtfine_labeltrainids",
            "_gtfine_labelids",
            "_leftimg8bit",
            "_mask",
            "_masks",
            "_label",
            "_labels",
            "_segmentation",
            "_seg",
            "_gt",
            "_l",
            "_p",
            "-mask",
            "_image");

    private static final String OBJECTS = "segmentationobject";
    private static final String VOC = "segmentationclass";
    private static final List<String> VOC_CLASSES = List.of(
            "background",
            "aeroplane",
            "bicycle",
            "bird",
            "boat",
            "bottle",
            "bus",
            "car",
            "cat",
            "chair",
            "cow",
            "diningtable",
            "dog",
            "horse",
            "motorbike",
            "person",
            "pottedplant",
            "sheep",
            "sofa",
            "train",
            "tvmonitor");

    private static final int LOOKED_AT = 64;

    /** Beside masks of Cityscapes: not the classes of pixels. */
    private static final List<String> OTHERS = List.of("_color", "_instanceids", "_instancetrainids");

    /**
     * An image file by what its place says.
     *
     * @param names its own without the ending, and without what stands for a mask behind it
     * @param rank of several masks of an image the one with the lowest counts
     */
    private record Placed(TreeFile file, boolean mask, String part, String folder, List<String> names, int rank) {

        /** Equal of an image and its mask. */
        List<String> keys() {
            return names.stream().map(name -> part + "/" + folder + "/" + name).toList();
        }

        /** The same where folders of images and of masks are called as people like. */
        List<String> looseKeys() {
            return names.stream().map(name -> part + "//" + name).toList();
        }
    }

    private final Tree tree;
    private final Data.Options options;
    private final List<String> notes = new ArrayList<>();

    private MaskLayout(Tree tree, Data.Options options) {
        this.tree = tree;
        this.options = options;
    }

    /** Whether there are masks, and images for at least half of them. */
    static boolean matches(Tree tree) {
        List<Placed> placed = placed(tree);
        long masks = placed.stream().filter(Placed::mask).count();
        int paired = pairs(placed).size();
        return paired > 0 && 2L * paired >= masks;
    }

    /** Images with their masks: in the same place, else the only ones of that name in the part. */
    private static Map<Placed, TreeFile> pairs(List<Placed> placed) {
        var masks = new HashMap<String, TreeFile>();
        var loose = new HashMap<String, Set<TreeFile>>();
        var images = new HashMap<String, Integer>();
        placed.stream()
                .filter(Placed::mask)
                .sorted(Comparator.comparingInt(Placed::rank))
                .forEach(mask -> {
                    mask.keys().forEach(key -> masks.putIfAbsent(key, mask.file()));
                    mask.looseKeys()
                            .forEach(key -> loose.computeIfAbsent(key, k -> new LinkedHashSet<>())
                                    .add(mask.file()));
                });
        placed.stream()
                .filter(one -> !one.mask())
                .forEach(image -> image.looseKeys().forEach(key -> images.merge(key, 1, Integer::sum)));
        var pairs = new LinkedHashMap<Placed, TreeFile>();
        placed.stream()
                .filter(one -> !one.mask())
                .forEach(image -> image.keys().stream()
                        .filter(masks::containsKey)
                        .map(masks::get)
                        .findFirst()
                        .or(() -> image.looseKeys().stream()
                                .filter(key -> loose.getOrDefault(key, Set.of()).size() == 1 && images.get(key) == 1)
                                .map(key -> loose.get(key).iterator().next())
                                .findFirst())
                        .ifPresent(mask -> pairs.put(image, mask)));
        return pairs;
    }

    static Splits read(Tree tree, Data.Options options) {
        return new MaskLayout(tree, options).read();
    }

    private static List<Placed> placed(Tree tree) {
        return tree.files().stream()
                .filter(TreeFile::image)
                .map(MaskLayout::placed)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The last folder that says whether it holds images or masks decides; files in one of images are images whatever their names. */
    private static Optional<Placed> placed(TreeFile file) {
        boolean mask = false;
        boolean said = false;
        String part = "";
        var rest = new ArrayList<String>();
        for (String folder : file.path().subList(0, file.path().size() - 1)) {
            List<String> words = words(folder);
            if (words.contains(OBJECTS)) {
                return Optional.empty();
            }
            boolean ofMasks = words.stream().anyMatch(MASKS::contains);
            boolean ofImages = !ofMasks && words.stream().anyMatch(IMAGES::contains);
            mask = ofMasks || mask && !ofImages;
            said |= ofMasks || ofImages;
            List<String> others = words.stream()
                    .filter(word -> !MASKS.contains(word) && !IMAGES.contains(word))
                    .toList();
            Optional<String> named = others.isEmpty() ? Optional.empty() : part(String.join(" ", others));
            if (named.isPresent()) {
                part = named.get();
            } else if (!others.isEmpty()) {
                rest.add(String.join(" ", others));
            }
        }
        String stem = Voc.stem(file.fileName());
        String lower = stem.toLowerCase(Locale.ROOT);
        Optional<String> suffix = SUFFIXES.stream().filter(lower::endsWith).findFirst();
        mask |= !said
                && suffix.filter(found -> words(found).stream().anyMatch(MASKS::contains))
                        .isPresent();
        if (mask && OTHERS.stream().anyMatch(lower::endsWith)) {
            return Optional.empty();
        }
        return Optional.of(new Placed(
                file,
                mask,
                part,
                String.join("/", rest),
                suffix.map(found -> List.of(stem, stem.substring(0, stem.length() - found.length())))
                        .orElse(List.of(stem)),
                suffix.map(SUFFIXES::indexOf).orElse(-1)));
    }

    /** Lower-case words of a folder's name; what stands for masks at its end is a word of its own. */
    private static List<String> words(String folder) {
        String spaced = folder.toLowerCase(Locale.ROOT).replaceFirst("(?<=[a-z])(annot|masks|labels)$", " $1");
        return Arrays.stream(spaced.split("[^a-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Optional<String> part(String words) {
        return List.of("train", "validation", "test").stream()
                .filter(part -> Parts.speaksOf(words, part))
                .findFirst();
    }

    private Splits read() {
        List<Placed> all = placed(tree);
        Map<Placed, TreeFile> paired = pairs(all);
        Map<String, String> listed = listed();
        var parts = new LinkedHashMap<String, List<MaskFiles.Pair>>();
        List.of("train", "validation", "test").forEach(part -> parts.put(part, new ArrayList<>()));
        paired.forEach((image, mask) -> {
            String part = listed.isEmpty()
                    ? image.part().isEmpty() ? "train" : image.part()
                    : listed.getOrDefault(Voc.stem(image.file().fileName()), "");
            if (!part.isEmpty()) {
                parts.get(part).add(new MaskFiles.Pair(image.file(), mask));
            }
        });
        List<MaskFiles.Pair> pairs =
                parts.values().stream().flatMap(List::stream).toList();
        if (pairs.isEmpty()) {
            throw new DataException(
                    "%s: no image has a mask of its name. Expected folders images and masks with files of the same names"
                            .formatted(tree.source()));
        }
        long masks = all.stream().filter(Placed::mask).count();
        note(all.size() - masks - paired.size(), "images without a mask, left out");
        note(masks - paired.size(), "masks without an image, left out");
        note(paired.size() - pairs.size(), "images with a mask that ImageSets lists for no part, left out");
        MaskCode code = code(pairs);
        return new Splits(
                new MaskFiles(parts.get("train"), code),
                new MaskFiles(parts.get("validation"), code),
                new MaskFiles(parts.get("test"), code),
                notes);
    }

    private void note(long count, String what) {
        if (count > 0) {
            notes.add("%s: %s: %s".formatted(tree.source(), what, count));
        }
    }

    /** The part of each image by its name, as VOC's ImageSets/Segmentation has it; none where there are no such lists. */
    private Map<String, String> listed() {
        var listed = new LinkedHashMap<String, String>();
        tree.files().stream()
                .filter(file -> file.path().contains("ImageSets") && file.path().contains("Segmentation"))
                .forEach(file -> part(Voc.stem(file.fileName()))
                        .ifPresent(part -> CsvTable.decoded(
                                        file.name(), file.bytes().get(), notes)
                                .lines()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty())
                                .forEach(line -> listed.put(line, part))));
        return listed;
    }

    private MaskCode code(List<MaskFiles.Pair> pairs) {
        Optional<TreeFile> file = MaskClasses.file(tree.files());
        if (file.isEmpty()) {
            return found(pairs);
        }
        MaskClasses named = MaskClasses.of(file.get(), notes);
        List<MaskFiles.Pair> some = IntStream.of(Order.spread(pairs.size(), Math.min(LOOKED_AT, pairs.size())))
                .mapToObj(pairs::get)
                .filter(pair -> !options.skipBroken() || readable(pair.mask()))
                .toList();
        if (!named.colours().isEmpty()) {
            var colours = new MaskCode.Colours(named.names(), named.colours());
            if (some.stream().allMatch(pair -> colours.fits(pair.mask()))
                    || !some.stream().allMatch(pair -> MaskCode.isNumbers(pair.mask()))) {
                return colours;
            }
        }
        long[] seen = histogram(some);
        if (named.labels().equals(List.of(0, 1)) && seen[255] > 0 && MaskCode.only(seen, 0, 255)) {
            return new MaskCode.Binary(named.names());
        }
        return new MaskCode.Numbers(named.names(), labels(named, seen, file.get()));
    }

    private static boolean readable(TreeFile mask) {
        try {
            Image.opaque(mask.bytes().get(), mask.name());
            return true;
        } catch (ImageException e) {
            return false;
        }
    }

    /** SegNet's CamVid and others write pixels without a label as the number behind the last class. */
    private List<Integer> labels(MaskClasses named, long[] seen, TreeFile file) {
        int next = named.labels().size();
        if (named.labels().contains(Target.IGNORED) || next >= Target.IGNORED || seen[next] == 0) {
            return named.labels();
        }
        notes.add("%s: pixels of %s stand for no class, as %s names those from 0 to %s: they are ignored"
                .formatted(tree.source(), next, file.fileName(), next - 1));
        var labels = new ArrayList<>(named.labels());
        labels.add(Target.IGNORED);
        return List.copyOf(labels);
    }

    /** How many pixels of some masks have each number; masks that cannot be read are left out where that is wanted. */
    private long[] histogram(List<MaskFiles.Pair> pairs) {
        long[] all = new long[256];
        var faults = Collections.synchronizedList(new ArrayList<IllegalArgumentException>());
        pairs.parallelStream().forEach(pair -> {
            try {
                long[] own = MaskCode.histogram(MaskCode.numbers(pair.mask()));
                synchronized (all) {
                    Arrays.setAll(all, i -> all[i] + own[i]);
                }
            } catch (DataException e) {
                faults.add(e);
            } catch (ImageException e) {
                faults.add(new DataException(e.getMessage()));
            }
        });
        if (!faults.isEmpty() && !options.skipBroken()) {
            throw faults.get(0);
        }
        return all;
    }

    /** Without a class file: what the masks themselves say. */
    private MaskCode found(List<MaskFiles.Pair> pairs) {
        var binary = new MaskCode.Binary(List.of("background", "foreground"));
        if (pairs.stream().anyMatch(pair -> !MaskCode.exact(pair.mask()))) {
            return binary;
        }
        long[] all = histogram(pairs);
        if (MaskCode.only(all, 0, 255) || MaskCode.only(all, 0, 1)) {
            return binary;
        }
        int classes =
                IntStream.range(0, Target.IGNORED).filter(i -> all[i] > 0).max().orElse(0) + 1;
        boolean voc = pairs.stream()
                .anyMatch(pair -> pair.mask().path().stream()
                        .anyMatch(folder -> folder.toLowerCase(Locale.ROOT).startsWith(VOC)));
        if (voc && classes <= VOC_CLASSES.size()) {
            return MaskCode.Numbers.inOrder(VOC_CLASSES);
        }
        notes.add("%s: no classes.txt names the classes, they are called by their numbers, 0 to %s"
                .formatted(tree.source(), classes - 1));
        return MaskCode.Numbers.inOrder(UnnamedClasses.of(classes));
    }
}
