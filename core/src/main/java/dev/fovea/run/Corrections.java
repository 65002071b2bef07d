package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Relabelled;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.Nearest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What people decided about single images of a data set: which are left out, and which have another label. They are kept in
 * the form of {@link Findings}, in a list beside the data, which itself stays as it is; {@link Cleaning} takes the same list.
 * Immutable.
 */
public final class Corrections {

    /** What a run calls its own copy of them. */
    public static final String COPY = "corrections.csv";

    /** How the names of such lists end. */
    public static final String ENDING = ".corrections.csv";

    /** An image as a list names it. */
    private record Key(String part, String path) {}

    private final Path list;
    private final Path folder;
    private final Map<Key, Finding> findings;

    private Corrections(Path list, Path folder, Map<Key, Finding> findings) {
        this.list = list;
        this.folder = folder;
        this.findings = findings;
    }

    /**
     * Where the corrections of data are kept: beside it, with its name.
     *
     * @param data a folder, an archive or a list
     */
    public static Path listOf(Path data) {
        Path whole = data.toAbsolutePath().normalize();
        return whole.getFileName() == null
                ? whole.resolve("data" + ENDING)
                : whole.resolveSibling(whole.getFileName() + ENDING);
    }

    /**
     * Those of a list; none if there is no such file yet.
     *
     * @throws DataException if it is no list of findings
     */
    public static Corrections read(Path list) {
        return read(list, folderOf(list));
    }

    /**
     * Those of a copy of a list.
     *
     * @param folder in which the list lies or lay, from which its paths are counted
     */
    static Corrections read(Path list, Path folder) {
        var found = new LinkedHashMap<Key, Finding>();
        if (Files.exists(list)) {
            for (Findings.Line line : Findings.read(list)) {
                put(found, line.finding());
            }
        }
        return new Corrections(list, folder, found);
    }

    static Path folderOf(Path list) {
        return list.toAbsolutePath().normalize().getParent();
    }

    /** Of several findings about one image the one that does most counts. */
    private static void put(Map<Key, Finding> found, Finding one) {
        found.merge(
                new Key(one.part(), one.path()), one, (a, b) -> strength(b.action()) >= strength(a.action()) ? b : a);
    }

    private static int strength(Finding.Action action) {
        return action == Finding.Action.REMOVE ? 2 : action == Finding.Action.RELABEL ? 1 : 0;
    }

    /** A finding that a person made: an image is left out. */
    public static Finding removal(String path, String part, String given) {
        return new Finding(path, part, Finding.Kind.BY_HAND, 1, given, "", Finding.Action.REMOVE, "");
    }

    /** A finding that a person made: an image has another label. */
    public static Finding relabelling(String path, String part, String given, String label) {
        return new Finding(path, part, Finding.Kind.BY_HAND, 1, given, label, Finding.Action.RELABEL, "");
    }

    /** The file that they are kept in. */
    public Path list() {
        return list;
    }

    /** The folder from which paths are counted. */
    public Path folder() {
        return folder;
    }

    /** All of them, in the order in which the images were first changed. */
    public List<Finding> all() {
        return List.copyOf(findings.values());
    }

    /** With others, each in place of what was said about its image; their paths are as {@link ImagePlaces#named} has them. */
    public Corrections with(Collection<Finding> others) {
        var all = new LinkedHashMap<>(findings);
        others.forEach(one -> all.put(new Key(one.part(), one.path()), one));
        return new Corrections(list, folder, all);
    }

    /** Without what is said about some images, which are those of {@code others}. */
    public Corrections without(Collection<Finding> others) {
        var all = new LinkedHashMap<>(findings);
        others.forEach(one -> all.remove(new Key(one.part(), one.path())));
        return new Corrections(list, folder, all);
    }

    /** What is said about the images that {@code others} are about. */
    List<Finding> about(Collection<Finding> others) {
        return others.stream()
                .map(one -> findings.get(new Key(one.part(), one.path())))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Writes the list; where there are no corrections, there is no list. */
    public void write() {
        if (findings.isEmpty()) {
            AtomicFile.delete(list);
        } else {
            Findings.write(list, all());
        }
    }

    /**
     * What is said about each image that there is.
     *
     * @param places of the data
     */
    public Map<ImagePlaces.Place, Finding> placed(ImagePlaces places) {
        var placed = new HashMap<ImagePlaces.Place, Finding>();
        findings.values()
                .forEach(one -> places.findAnywhere(one.part(), one.path(), folder())
                        .ifPresent(place -> placed.put(place, one)));
        return placed;
    }

    /**
     * The data as corrected: without the images that are left out, with the new labels.
     *
     * @throws DataException if none of the images is in the data, a label is none of the data's, or an image has another label
     *     than it had when it was corrected
     */
    public Splits apply(Splits data) {
        if (findings.isEmpty()) {
            return data;
        }
        Map<ImagePlaces.Place, Finding> placed = placed(ImagePlaces.of(data));
        if (placed.isEmpty()) {
            throw new DataException(
                    "%s: none of its %s images is in the data, such as '%s'. Name the data that it is about"
                            .formatted(list, findings.size(), all().get(0).path()));
        }
        var parts = new LinkedHashMap<String, Dataset>();
        ImagePlaces.parts(data).forEach((part, images) -> parts.put(part, corrected(part, images, placed)));
        var notes = new ArrayList<>(data.notes());
        notes.add(said(placed));
        var files = new HashMap<>(data.files());
        files.put(COPY, Findings.text(all()));
        return new Splits(parts.get("train"), parts.get("validation"), parts.get("test"), notes, files);
    }

    private String said(Map<ImagePlaces.Place, Finding> placed) {
        String text = String.format(
                Locale.ROOT,
                "%s: %,d images left out, %,d with another label",
                list,
                count(placed, Finding.Action.REMOVE),
                count(placed, Finding.Action.RELABEL));
        int lost = findings.size() - placed.size();
        return lost == 0 ? text : text + String.format(Locale.ROOT, "; %,d that it names are not in the data", lost);
    }

    private static long count(Map<ImagePlaces.Place, Finding> placed, Finding.Action action) {
        return placed.values().stream().filter(one -> one.action() == action).count();
    }

    private Dataset corrected(String part, Dataset images, Map<ImagePlaces.Place, Finding> placed) {
        var changed = new HashMap<Integer, Finding>();
        placed.forEach((place, finding) -> {
            if (place.part().equals(part) && finding.action() != Finding.Action.KEEP) {
                check(images, place.index(), finding);
                changed.put(place.index(), finding);
            }
        });
        if (changed.isEmpty()) {
            return images;
        }
        int[] kept = IntStream.range(0, images.size())
                .filter(i -> !changed.containsKey(i) || changed.get(i).action() != Finding.Action.REMOVE)
                .toArray();
        Dataset left = kept.length == images.size() ? images : images.subset(kept);
        if (changed.values().stream().noneMatch(one -> one.action() == Finding.Action.RELABEL)) {
            return left;
        }
        return new Relabelled(
                left,
                IntStream.of(kept)
                        .mapToObj(i -> changed.containsKey(i)
                                ? images.classes().indexOf(changed.get(i).proposed())
                                : images.label(i))
                        .toList());
    }

    private void check(Dataset images, int index, Finding finding) {
        boolean one = images.target(index) instanceof Target.Label;
        if (one && !finding.given().isEmpty() && !finding.given().equals(label(images, index))) {
            throw new DataException(
                    "%s: is about '%s' as '%s', which the data gives the label '%s'. Take the line out, or correct the image anew"
                            .formatted(list, finding.path(), finding.given(), label(images, index)));
        }
        if (finding.action() != Finding.Action.RELABEL) {
            return;
        }
        if (!one) {
            throw new DataException(
                    "%s: gives '%s' another label, and its images have no single label. Leave the image out instead"
                            .formatted(list, finding.path()));
        }
        if (!images.classes().contains(finding.proposed())) {
            List<String> classes = images.classes();
            throw new DataException("%s: the new label '%s' of '%s' is none of the data's classes%s they are %s"
                    .formatted(
                            list,
                            finding.proposed(),
                            finding.path(),
                            Nearest.hint(finding.proposed(), classes, ","),
                            Classes.shortened(classes)));
        }
    }

    private static String label(Dataset images, int index) {
        return images.classes().get(images.label(index));
    }
}
