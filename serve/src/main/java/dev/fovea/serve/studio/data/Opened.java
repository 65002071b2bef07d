package dev.fovea.serve.studio.data;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.data.DataException;
import dev.fovea.data.DataStamp;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.run.CorrectionLog;
import dev.fovea.run.Corrections;
import dev.fovea.run.Finding;
import dev.fovea.run.ImagePlaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A data set that is open: as it lies, with the corrections that are kept beside it and the problems that were found in it. */
public final class Opened {

    private static final AtomicInteger OPENINGS = new AtomicInteger();

    private final String path;
    private final Path place;
    private final boolean builtIn;
    private final DataStamp stamp;
    private final Splits splits;
    private final CorrectionLog log;
    private final int opening = OPENINGS.getAndIncrement();
    private volatile long lookedAt = System.nanoTime();
    private ImagePlaces places;
    private Corrections markedBy;
    private Map<ImagePlaces.Place, Finding> marks = Map.of();
    private volatile Map<ImagePlaces.Place, List<Finding>> problems = Map.of();

    Opened(String path, Path place, boolean builtIn, DataStamp stamp, Splits splits, CorrectionLog log) {
        this.path = path;
        this.place = place;
        this.builtIn = builtIn;
        this.stamp = stamp;
        this.splits = splits;
        this.log = log;
    }

    /**
     * Beside the data; of the workspace itself in it, as what lies around it is not the studio's. Data and its corrected objects
     * have one list: they are the same images.
     */
    public static Path listOf(Path workspace, Path place) {
        if (AnnotationCorrections.named(place) && Files.isRegularFile(place)) {
            try {
                return Corrections.listOf(AnnotationCorrections.corrected(place));
            } catch (DataException e) {
                return Corrections.listOf(place); // no list of corrections, whatever its name
            }
        }
        return place.toAbsolutePath().normalize().equals(workspace)
                ? workspace.resolve("workspace" + Corrections.ENDING)
                : Corrections.listOf(place);
    }

    /** As it is asked for: from the workspace on, or a name. */
    public String path() {
        return path;
    }

    /** Where it lies; of a built-in data set nothing lies there. */
    public Path place() {
        return place;
    }

    /** A sentence about it that calls it as it is asked for. */
    String named(String sentence) {
        return sentence.replace(place + "/", "").replace(place.toString(), path);
    }

    /** Whether it lies nowhere in the workspace. */
    public boolean builtIn() {
        return builtIn;
    }

    /** As {@link dev.fovea.data.Data#open} and a {@link dev.fovea.run.DataRequest} take it. */
    public String spec() {
        return builtIn ? path : place.toString();
    }

    boolean archive() {
        return Files.isRegularFile(place)
                && SentFiles.isArchive(place.toString().toLowerCase(Locale.ROOT));
    }

    /** Whether it was looked at so lately that it need not be looked at again: images are asked for by the hundred. */
    boolean lately() {
        return System.nanoTime() - lookedAt < 2_000_000_000L;
    }

    void looked() {
        lookedAt = System.nanoTime();
    }

    /**
     * Which data in which state, without the data itself.
     *
     * @param opening how often any data had been opened before: of the same state twice, too
     */
    record State(String path, DataStamp stamp, int opening) {}

    State state() {
        return new State(path, stamp, opening);
    }

    /** Changes with the images that there are: numbers of images are of one such state. */
    public String version() {
        return Integer.toHexString(stamp.hashCode());
    }

    DataStamp stamp() {
        return stamp;
    }

    /** The data as it lies. */
    public Splits splits() {
        return splits;
    }

    /** The data as corrected. */
    public Splits corrected() {
        return log.now().apply(splits);
    }

    /** The parts that have images, in order. */
    public Map<String, Dataset> parts() {
        var parts = new LinkedHashMap<String, Dataset>();
        for (String part : List.of("train", "validation", "test")) {
            if (splits.part(part).size() > 0) {
                parts.put(part, splits.part(part));
            }
        }
        return parts;
    }

    /** What is known of each image, in a word: label, labels, numbers, objects, pixels, pair or none. */
    public String targets() {
        return parts().values().stream()
                .findFirst()
                .map(data -> word(data.target(0)))
                .orElse("none");
    }

    private static String word(Target target) {
        if (target instanceof Target.Label) {
            return "label";
        }
        if (target instanceof Target.Labels) {
            return "labels";
        }
        if (target instanceof Target.Values) {
            return "numbers";
        }
        if (target instanceof Target.Objects) {
            return "objects";
        }
        if (target instanceof Target.PixelLabels) {
            return "pixels";
        }
        return target instanceof Target.Paired ? "pair" : "none";
    }

    /** The corrections beside it, and how they came about. */
    public CorrectionLog log() {
        return log;
    }

    /** Where each image is. */
    public synchronized ImagePlaces places() {
        if (places == null) {
            places = ImagePlaces.of(splits);
        }
        return places;
    }

    /** What is said about each image by the corrections. */
    public synchronized Map<ImagePlaces.Place, Finding> marks() {
        Corrections now = log.now();
        if (now != markedBy) {
            marks = now.all().isEmpty() ? Map.of() : now.placed(places());
            markedBy = now;
        }
        return marks;
    }

    /** How people call an image: its path within the data. */
    public String shortName(String part, int index) {
        String name = splits.part(part).name(index);
        String start = place.toString();
        return !builtIn && name.startsWith(start) && name.length() > start.length()
                ? name.substring(start.length() + 1).replace('\\', '/')
                : ImagePlaces.named(name, place.toAbsolutePath().getParent());
    }

    /** How the list of corrections calls an image. */
    public String listName(String part, int index) {
        return ImagePlaces.named(splits.part(part).name(index), log.now().folder());
    }

    /** What was found about each image. */
    public Map<ImagePlaces.Place, List<Finding>> problems() {
        return problems;
    }

    /**
     * Takes what an audit found.
     *
     * @param folder from which the paths of the findings are counted
     */
    public void takeProblems(List<Finding> findings, Path folder) {
        var found = new HashMap<ImagePlaces.Place, List<Finding>>();
        for (Finding one : findings) {
            places().find(one.part(), one.path(), folder)
                    .ifPresent(at ->
                            found.computeIfAbsent(at, p -> new ArrayList<>()).add(one));
        }
        problems = found;
    }
}
