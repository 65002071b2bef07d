package dev.fovea.data;

import dev.fovea.image.Size;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What people have corrected of boxes, outlines and masks: the objects of the images that they changed. It lies in a file of
 * COCO's form beside the data, which stays as it is; the file itself is data, the corrected one:
 *
 * <pre>{@code
 * Path list = AnnotationCorrections.file(Path.of("cells"));   // cells.corrected.json
 * AnnotationCorrections.of(Path.of("cells"), cells).with("train", 3, objects).write();
 * Data.open("cells.corrected.json", Data.Options.of().withTargets(TargetKind.BOXES));
 * }</pre>
 *
 * <p>Of data with boxes the objects of an image take the place of those it had. Of data with the class of every pixel objects are painted
 * over what was there. Immutable.
 */
public final class AnnotationCorrections {

    /** How the names of such files end. */
    public static final String ENDING = ".corrected.json";

    /** Name of the file in which a run keeps the corrections that it was trained with. */
    public static final String COPY = "corrected.json";

    /** An image of the data: its part and its place beside the file of corrections, or its name where it is no file. */
    record Place(String part, String name) {}

    /**
     * An image whose objects are corrected.
     *
     * @param objects in pixels
     */
    record CorrectedImage(Size size, List<Annotation> objects) {
        CorrectedImage {
            objects = List.copyOf(objects);
        }
    }

    private final Path file;
    private final String data;

    /** Whether images are files, or lie in one, so that their places can be counted from the file of corrections. */
    private final boolean files;

    private final boolean pixels;
    private final List<String> classes;
    private final List<Long> categories;
    private final Map<Place, CorrectedImage> images;

    /**
     * @param data name of what lies beside the file, or of built-in data
     * @param pixels whether objects are painted over the classes of pixels
     * @param categories numbers of the classes, or none
     */
    AnnotationCorrections(
            Path file,
            String data,
            boolean pixels,
            List<String> classes,
            List<Long> categories,
            Map<Place, CorrectedImage> images) {
        this.file = file;
        this.data = data;
        files = Files.exists(file.resolveSibling(data));
        this.pixels = pixels;
        this.classes = List.copyOf(classes);
        this.categories = List.copyOf(categories);
        this.images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    }

    /** Where the corrections of {@code data} lie: beside it. */
    public static Path file(Path data) {
        Path own = data.toAbsolutePath().normalize();
        return own.resolveSibling(own.getFileName() + ENDING);
    }

    /** Whether a path is named as a file of corrections is. */
    public static boolean named(Path path) {
        return String.valueOf(path.getFileName()).endsWith(ENDING);
    }

    /** What the corrections in {@code file} are of: what lies beside it, or the name of built-in data. */
    public static Path corrected(Path file) {
        return file.resolveSibling(CorrectionsFile.data(file));
    }

    /**
     * The corrections that lie beside {@code path}, none where nobody has made any.
     *
     * @param path of the data, or where it would lie if it is built in
     * @param data that is read from there, as it is
     * @throws DataException if the file is damaged, or the data has neither boxes nor classes of pixels
     */
    public static AnnotationCorrections of(Path path, Splits data) {
        Path file = file(path);
        if (Files.exists(file)) {
            return read(file);
        }
        Dataset train = some(data);
        boolean pixels = train.target(0) instanceof Target.PixelLabels;
        if (!pixels && !BoxSummary.isOf(train)) {
            throw new DataException(path + ": has neither boxes nor masks, which are what is corrected");
        }
        return new AnnotationCorrections(
                file,
                String.valueOf(path.getFileName()),
                pixels,
                train.classes(),
                CocoIds.of(train).map(CocoIds::categories).orElse(List.of()),
                Map.of());
    }

    /** A part that has images. */
    static Dataset some(Splits data) {
        for (Dataset part : List.of(data.train(), data.validation(), data.test())) {
            if (part.size() > 0) {
                return part;
            }
        }
        throw new DataException("there is no image whose objects could be corrected");
    }

    /** @throws DataException if it is no such file, or damaged */
    public static AnnotationCorrections read(Path file) {
        return CorrectionsFile.read(file);
    }

    /**
     * Writes the file, whole or not at all. Without any corrections none is begun, but one that is there stays: runs may have been
     * trained on it.
     */
    public void write() {
        CorrectionsFile.write(this);
    }

    /** The file beside the data. */
    public Path file() {
        return file;
    }

    /** Name of the data that is corrected. */
    public String data() {
        return data;
    }

    /** Whether objects are painted over the classes of pixels. */
    public boolean pixels() {
        return pixels;
    }

    /** The classes of the data, and those that were added. */
    public List<String> classes() {
        return classes;
    }

    List<Long> categories() {
        return categories;
    }

    Map<Place, CorrectedImage> images() {
        return images;
    }

    /** How many images have corrected objects. */
    public int corrected() {
        return images.size();
    }

    /** Whether an image's objects are corrected. */
    public boolean isCorrected(String part, String name) {
        return images.containsKey(place(part, name));
    }

    /** What the image's place beside this file is, whatever the path by which the data was opened. */
    Place place(String part, String name) {
        if (!files) {
            return new Place(part, name);
        }
        try {
            Path folder = file.toAbsolutePath().normalize().getParent();
            Path own = Path.of(name).toAbsolutePath().normalize();
            return new Place(part, folder.relativize(own).toString().replace('\\', '/'));
        } catch (InvalidPathException e) {
            return new Place(part, name); // in an archive names need not be paths
        }
    }

    /**
     * The objects of an image as they are now; of data with classes of pixels those that were painted over them.
     *
     * @param all the data as it is
     * @param tolerance how far a polygon may be from the edge of a mask, in pixels
     */
    public List<DrawnObject> objects(Splits all, String part, int index, double tolerance) {
        Dataset images = all.part(part);
        List<Annotation> before = before(images, index);
        CorrectedImage own = this.images.get(place(part, images.name(index)));
        Size size = size(images, part, index);
        if (own == null) {
            return IntStream.range(0, before.size())
                    .mapToObj(i -> DrawnObject.of(before.get(i), size, i, tolerance))
                    .toList();
        }
        var free = new ArrayList<>(before);
        return own.objects().stream()
                .map(object -> DrawnObject.of(object, size, taken(object, free, size), tolerance))
                .toList();
    }

    /** As the data has them. */
    private List<Annotation> before(Dataset images, int index) {
        return pixels ? List.of() : Annotated.annotations(images, index);
    }

    /** The position of the object that this one is, but perhaps for its class; each is taken once. */
    private static int taken(Annotation object, List<Annotation> free, Size size) {
        for (int i = 0; i < free.size(); i++) {
            if (free.get(i) != null && object.sameAs(free.get(i), size)) {
                free.set(i, null);
                return i;
            }
        }
        return DrawnObject.DRAWN;
    }

    private Size size(Dataset images, String part, int index) {
        CorrectedImage corrections = this.images.get(place(part, images.name(index)));
        return corrections != null ? corrections.size() : imageSize(images, index);
    }

    private static Size imageSize(Dataset images, int index) {
        return Annotated.of(images, index)
                .map(place -> place.data().imageSize(place.index()))
                .orElseGet(() -> images.image(index).size());
    }

    /**
     * With other objects of an image.
     *
     * @param all the data as it is
     * @throws IllegalArgumentException if an object is of no class, or lies outside the image
     */
    public AnnotationCorrections with(Splits all, String part, int index, List<DrawnObject> objects) {
        Dataset data = all.part(part);
        Size size = size(data, part, index);
        List<Annotation> before = before(data, index);
        var after = new ArrayList<Annotation>();
        for (DrawnObject object : objects) {
            after.add(checked(object.annotation(before, after.size() + 1L), size));
        }
        var more = new LinkedHashMap<>(images);
        more.put(place(part, data.name(index)), new CorrectedImage(size, after));
        return new AnnotationCorrections(file, this.data, pixels, classes, categories, more);
    }

    private Annotation checked(Annotation object, Size size) {
        if (object.label() < 0 || object.label() >= classes.size()) {
            throw new IllegalArgumentException("an object's class is its place among the %s classes, from 0, got %s"
                    .formatted(classes.size(), object.label()));
        }
        BoxChecks.Checked inside = BoxChecks.inside(object.box(), size);
        if (object.box().width() < 1 || object.box().height() < 1) {
            throw new IllegalArgumentException("an object is at least a pixel wide and high, got %s by %s"
                    .formatted(object.box().width(), object.box().height()));
        }
        return object.withBox(
                inside.box().orElseThrow(() -> new IllegalArgumentException("an object: " + inside.fault())));
    }

    /** With the objects of an image as the data has them. */
    public AnnotationCorrections without(Splits all, String part, int index) {
        var fewer = new LinkedHashMap<>(images);
        fewer.remove(place(part, all.part(part).name(index)));
        return new AnnotationCorrections(file, data, pixels, classes, categories, fewer);
    }

    /**
     * With another class, behind the others.
     *
     * @throws IllegalArgumentException if there is one of that name, or the name is blank
     */
    public AnnotationCorrections withClass(String name) {
        if (name.isBlank() || classes.contains(name)) {
            throw new IllegalArgumentException("a new class needs a name that no class has, got '%s'".formatted(name));
        }
        var more = new ArrayList<>(classes);
        more.add(name);
        var numbers = new ArrayList<>(categories);
        if (!numbers.isEmpty()) {
            numbers.add(Collections.max(numbers) + 1);
        }
        return new AnnotationCorrections(file, data, pixels, more, numbers, images);
    }

    /** The data that lies beside the file, corrected. */
    static Splits open(Path file, Data.Options options) {
        return CorrectedSplits.open(read(file), options);
    }

    /**
     * Data as it was corrected when its corrections were copied.
     *
     * @param copy of the corrections, as {@link #COPY} of a run
     * @param file where they lie or lay, beside the data
     */
    public static Splits open(Path copy, Path file, Data.Options options) {
        return CorrectedSplits.open(CorrectionsFile.read(copy, file), options);
    }

    /** A part in which one image is as corrected: the others need not be looked for. */
    public Dataset appliedTo(Splits all, String part, int index) {
        return new CorrectedSplits(this, all, CorrectedSplits.ALL).part(part, index);
    }
}
