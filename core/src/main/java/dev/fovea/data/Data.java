package dev.fovea.data;

import dev.fovea.image.ImageException;
import dev.fovea.io.Nearest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Data by path or name; the format is recognised from what lies there. */
public final class Data {

    /** The classes of images that lie in no class folders. */
    public static final List<String> UNLABELLED = List.of("images");

    private static final Pattern PART = Pattern.compile("^(.*):(train|validation|test)$");
    private static final Pattern LIKE_PART = Pattern.compile("^(.+):([a-z]+)$");
    private static final List<String> DRAWN = List.of("shapes", "moving-shapes", "shape-scenes");
    private static final List<String> FORMATS =
            List.of("folder", "frames", "idx", "cifar", "csv", "voc", "coco", "yolo", "masks", "wider");
    private static final List<String> PARTS = List.of("train", "validation", "test");
    private static final Pattern INNER = Pattern.compile("^(.+):([^:/\\\\]+)$");

    /** What is looked for in folders that could be read in two ways: what the network takes decides. */
    public enum Content {
        /** Clips where there is nothing else or images lie in numbered order, images otherwise. */
        ANY,
        /** Images; those in folders below a class folder (patients, years) belong to the class. */
        IMAGES,
        /** Clips; a folder of images below a class folder is one clip. */
        CLIPS
    }

    /**
     * How data is opened.
     *
     * @param format folder, frames, idx, cifar, csv, voc, coco, yolo, masks or wider; empty to recognise it
     * @param skipBroken whether unreadable images are left out and counted instead of being an error later
     * @param labelled whether images that lie in no class folder are an error; otherwise they are one class
     * @param newClasses whether other parts may have classes that the training part lacks, as those of anomalies
     * @param content images or clips, where {@code format} does not say it
     * @param targets what is to be learned about each image
     */
    public record Options(
            String format,
            boolean skipBroken,
            boolean labelled,
            boolean newClasses,
            Content content,
            TargetKind targets) {
        public Options {
            if (!format.isEmpty() && !FORMATS.contains(format)) {
                throw new IllegalArgumentException(
                        "format must be folder, frames, idx, cifar, csv, voc, coco, yolo, masks or wider, got '%s'%s"
                                .formatted(format, Nearest.hint(format, FORMATS)));
            }
        }

        /** Format recognised, broken images an error. */
        public static Options of() {
            return new Options("", false, true, false, Content.ANY, TargetKind.ONE_CLASS);
        }

        public Options withFormat(String value) {
            return new Options(value, skipBroken, labelled, newClasses, content, targets);
        }

        public Options withSkipBroken(boolean value) {
            return new Options(format, value, labelled, newClasses, content, targets);
        }

        public Options withLabelled(boolean value) {
            return new Options(format, skipBroken, value, newClasses, content, targets);
        }

        public Options withNewClasses(boolean value) {
            return new Options(format, skipBroken, labelled, value, content, targets);
        }

        public Options withContent(Content value) {
            return new Options(format, skipBroken, labelled, newClasses, value, targets);
        }

        public Options withTargets(TargetKind value) {
            return new Options(format, skipBroken, labelled, newClasses, content, value);
        }

        /** Whether boxes are looked for. */
        boolean boxes() {
            return targets instanceof TargetKind.Boxes || targets instanceof TargetKind.Any;
        }

        /** Whether classes of pixels are looked for. */
        boolean pixels() {
            return targets instanceof TargetKind.Pixels || targets instanceof TargetKind.Any;
        }

        /** Refuses data that says one class for each image where something else is to be learned. */
        private Splits oneClass(String place, Splits data) {
            if (targets instanceof TargetKind.Boxes && !(data.train() instanceof ObjectFiles)) {
                throw new DataException(
                        "%s: has no boxes. Expected Pascal VOC, COCO's JSON, YOLO's data.yaml, or a CSV file of path,label,left,top,right,bottom"
                                .formatted(place));
            }
            if (targets instanceof TargetKind.Pixels
                    && !(data.train() instanceof MaskFiles || data.train() instanceof ObjectPixels)) {
                throw new DataException(
                        "%s: has no masks. Expected a folder of images and one of masks with the same names, Pascal VOC, COCO's JSON, or the built-in data shapes"
                                .formatted(place));
            }
            if (targets.tabular()) {
                throw new DataException(
                        "%s: has one class for each image. %s are read from a CSV file, as path,%s, or from the built-in data shape-scenes"
                                .formatted(
                                        place,
                                        targets instanceof TargetKind.Numbers ? "Numbers" : "Several labels an image",
                                        targets instanceof TargetKind.Numbers numbers
                                                ? numbers.columns().isEmpty()
                                                        ? "age"
                                                        : String.join(",", numbers.columns())
                                                : "labels with labels separated by |"));
            }
            return data;
        }

        /** What class folders are read as: the format, where one is given, else the content. */
        Content sought() {
            return switch (format) {
                case "frames" -> Content.CLIPS;
                case "folder" -> Content.IMAGES;
                default -> content;
            };
        }
    }

    private Data() {}

    /** Whether a file's name is that of an animated GIF or a video. */
    public static boolean isMovie(Path file) {
        return Clips.isMovie(String.valueOf(file.getFileName()));
    }

    /**
     * One clip: a folder of numbered images, an animated GIF, or a video.
     *
     * @throws ImageException if there is none at {@code path}, or it cannot be read
     */
    public static Clip clip(Path path) {
        return Clips.open(path);
    }

    /**
     * Opens {@code spec}: a path, or where nothing lies there one of {@code shapes}, {@code moving-shapes}, {@code
     * shape-scenes}, {@code mnist}, {@code fashion-mnist}, {@code kmnist},
     * {@code cifar10}, {@code cifar100}; followed by {@code :train}, {@code :validation} or {@code :test}, only that
     * part, which then stands as the training part; a path followed by {@code :name}, only its folder of that name.
     *
     * @throws DataException if there is no such data or it cannot be used
     */
    public static Splits open(String spec, Options options) {
        var named = PART.matcher(spec);
        String place = named.matches() ? named.group(1) : spec;
        Splits all = whole(place, options);
        Splits chosen = all;
        if (named.matches()) {
            Dataset part = all.part(named.group(2));
            if (part.size() == 0) {
                throw new DataException(place + ": has no " + named.group(2) + " part");
            }
            chosen = Splits.trainOnly(part, all.notes());
        }
        return options.skipBroken() ? chosen.withoutBroken() : chosen;
    }

    /**
     * Opens {@code spec} for looking at it, whatever it is: images with classes, boxes, masks or numbers, clips, images of which
     * nothing is known.
     *
     * @param spec as of {@link #open}
     * @throws DataException if it can be read in none of these ways
     */
    public static Splits openAny(String spec) {
        return AnyData.open(spec);
    }

    /** The part or folder that {@code spec} names, such as test in {@code mnist:test}. */
    public static Optional<String> partOf(String spec) {
        String name = spec.substring(spec.lastIndexOf(':') + 1);
        boolean apart = name.length() < spec.length() && !name.isEmpty() && !name.contains("/") && !name.contains("\\");
        return apart && !Files.exists(path(spec)) ? Optional.of(name) : Optional.empty();
    }

    private static Splits whole(String place, Options options) {
        Path path = path(place);
        if (Files.exists(path)) {
            Splits found = at(path, options);
            return builtIn(place).isEmpty()
                    ? found
                    : found.withNotesBefore(
                            List.of(path + ": read as what lies here by that name. The data set of that name is read "
                                    + "where nothing does"));
        }
        var inner = INNER.matcher(place);
        if (inner.matches() && Files.exists(path(inner.group(1)))) {
            Tree tree = Tree.of(regular(path(inner.group(1))));
            return options.oneClass(
                    place,
                    DataFormats.read(
                            Idx.named(tree, inner.group(2)).orElseGet(() -> tree.inside(inner.group(2))), options));
        }
        return builtIn(place).map(data -> data.apply(options)).orElseThrow(() -> nowhere(place));
    }

    /**
     * A built-in data set, or a public one from the cache, whatever lies in the current folder.
     *
     * @param name as of {@link #open}
     * @throws DataException if there is none of that name, or it is not in the cache
     */
    public static Splits named(String name) {
        return named(name, Options.of());
    }

    /** The same, of what {@code options} say is to be learned. */
    public static Splits named(String name, Options options) {
        return builtIn(name)
                .map(data -> data.apply(options))
                .orElseThrow(() -> new DataException("no data set is called '%s'. Names are %s, %s"
                        .formatted(name, String.join(", ", DRAWN), String.join(", ", PublicDataset.names()))));
    }

    /** Whether built-in or public data is called so, wherever it lies. */
    public static boolean isNamed(String name) {
        return builtIn(name).isPresent();
    }

    private static Optional<Function<Options, Splits>> builtIn(String name) {
        return switch (name) {
            case "shapes" ->
                Optional.of(options -> Shapes.annotation(options.targets())
                        .map(Shapes::splits)
                        .orElseGet(() -> options.oneClass(name, Shapes.splits())));
            case "moving-shapes" -> Optional.of(options -> options.oneClass(name, MovingShapes.splits()));
            case "shape-scenes" -> Optional.of(options -> ShapeScenes.splits(options.targets()));
            default -> PublicDataset.find(name).map(known -> options -> at(known.cached(name), options));
        };
    }

    static Path path(String place) {
        try {
            return Path.of(place);
        } catch (InvalidPathException e) {
            throw new DataException(("'%s' cannot be a path here. If it has letters beyond ASCII, run with a locale of "
                            + "UTF-8, as LC_ALL=C.UTF-8")
                    .formatted(place));
        }
    }

    private static Splits at(Path path, Options options) {
        regular(path);
        boolean folder = Files.isDirectory(path);
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (options.format().equals("csv") || (options.format().isEmpty() && name.endsWith(".csv") && !folder)) {
            if (folder) {
                throw new DataException(path + ": a folder. Expected a CSV file of path,label");
            }
            return options.targets() instanceof TargetKind.Boxes
                            || options.targets() instanceof TargetKind.Any && CsvBoxes.matches(path)
                    ? CsvBoxes.read(path, options)
                    : CsvData.read(path, options);
        }
        if (!folder && options.format().isEmpty() && name.endsWith(".json") && CorrectionsFile.matches(path)) {
            return AnnotationCorrections.open(path, options);
        }
        if (!folder && describesBoxes(name)) {
            return options.oneClass(path.toString(), DataFormats.read(Tree.around(path), options));
        }
        if (!folder && !Tree.isArchive(path)) {
            throw new DataException(
                    path + ": a file of this kind is not read. Expected a folder, .tar, .tar.gz, .zip or .csv");
        }
        return options.oneClass(path.toString(), DataFormats.read(Tree.of(path), options));
    }

    /** Whether a file lists images and boxes that lie around it. */
    static boolean describesBoxes(String name) {
        return name.endsWith(".json") || name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private static DataException nowhere(String place) {
        var names = new ArrayList<>(DRAWN);
        names.addAll(PublicDataset.names());
        var part = LIKE_PART.matcher(place);
        if (part.matches() && (names.contains(part.group(1)) || Files.exists(Path.of(part.group(1))))) {
            return new DataException("%s: no part '%s'%s parts are train, validation and test"
                    .formatted(place, part.group(2), Nearest.hint(part.group(2), PARTS, ",")));
        }
        return new DataException("%s: no such file or folder, and no data set of that name%s Names are %s"
                .formatted(place, Nearest.hint(place, names, "."), String.join(", ", names)));
    }

    /**
     * The image files of a folder and the folders below it, hidden ones left out, in the order of their names.
     *
     * @throws DataException if there are none, or it cannot be listed
     */
    public static List<Path> images(Path folder) {
        List<Path> files = FolderFiles.below(folder).files().stream()
                .filter(file -> TreeFile.image(file.getFileName().toString())
                        && !TreeFile.hidden(file.getFileName().toString()))
                .sorted()
                .toList();
        if (files.isEmpty()) {
            throw new DataException(folder + ": a folder without an image");
        }
        return files;
    }

    /** Devices and pipes could be read without end. */
    private static Path regular(Path path) {
        if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
            throw new DataException(
                    path + ": a device or pipe. Expected a folder, or a file that is a .tar, .tar.gz, .zip or .csv");
        }
        return path;
    }
}
