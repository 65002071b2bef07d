package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A new list of images from data and findings; the data itself stays as it is.
 *
 * @param list the CSV file of path, label and part
 * @param kept images in it
 * @param removed images that are left out
 * @param relabelled images of the list with another label than in the data
 * @param copied images that were no files, as those of archives, and now lie beside the list
 */
public record Cleaning(Path list, int kept, int removed, int relabelled, int copied) {

    private static final int NAMED = 5;

    /** What is to be done about an image; of several findings the strongest counts. */
    private record Decision(Finding.Action action, String label, long line) {}

    /**
     * Applies the actions of {@code findings}.
     *
     * @param list file that is written, ending in .csv; images that are no files are written into a new folder of its name
     * @throws DataException if a finding is of no image of the data, two of them contradict each other, a new label is none of
     *     the data's classes, nothing would be left, or something has the name of the folder already
     */
    public static Cleaning of(Splits data, Path findings, Path list) {
        return of(data, findings, list, ProgressWatch.NONE);
    }

    /**
     * The same, image by image.
     *
     * @param watch in images; what it throws ends it, and leaves nothing
     */
    public static Cleaning of(Splits data, Path findings, Path list, ProgressWatch watch) {
        if (!String.valueOf(list.getFileName()).toLowerCase(Locale.ROOT).endsWith(".csv")) {
            throw new IllegalArgumentException(list + ": expected a name that ends in .csv");
        }
        Map<String, Dataset> parts = ImagePlaces.parts(data);
        String name = list.getFileName().toString();
        try (var copies = new Copies(list.resolveSibling(name.substring(0, name.length() - ".csv".length())))) {
            return new Writer(list, copies, decisions(findings, parts, ImagePlaces.of(data)), watch).write(parts);
        }
    }

    private static Map<ImagePlaces.Place, Decision> decisions(
            Path file, Map<String, Dataset> parts, ImagePlaces places) {
        Path folder = file.toAbsolutePath().getParent();
        Set<String> classes = new LinkedHashSet<>();
        parts.values().forEach(images -> classes.addAll(images.classes()));
        Map<ImagePlaces.Place, Decision> decisions = new HashMap<>();
        List<String> lost = new ArrayList<>();
        for (Findings.Line line : Findings.read(file)) {
            Finding finding = line.finding();
            ImagePlaces.Place place =
                    places.find(finding.part(), finding.path(), folder).orElse(null);
            if (place == null) {
                lost.add("'%s' (line %s)".formatted(finding.path(), line.number()));
                continue;
            }
            Dataset images = parts.get(place.part());
            checkGiven(file, line, images.classes().get(images.label(place.index())));
            checkLabel(file, line, List.copyOf(classes));
            decisions.merge(
                    place,
                    new Decision(finding.action(), finding.proposed(), line.number()),
                    (a, b) -> stronger(file, a, b));
        }
        if (!lost.isEmpty()) {
            throw new DataException(
                    "%s: %s of its images are not in the data, such as %s. Name the data that was audited"
                            .formatted(
                                    file,
                                    lost.size(),
                                    String.join(", ", lost.subList(0, Math.min(NAMED, lost.size())))));
        }
        return decisions;
    }

    /** Findings of other labels, as of an audit that changed some on purpose, would remove images whose labels are right. */
    private static void checkGiven(Path file, Findings.Line line, String label) {
        String given = line.finding().given();
        if (!given.equals(label)) {
            throw new DataException(
                    "%s:%s: is about '%s' as '%s', which the data gives the label '%s'. Audit the data as it is now, without labels that are changed to see how many are found"
                            .formatted(file, line.number(), line.finding().path(), given, label));
        }
    }

    private static void checkLabel(Path file, Findings.Line line, List<String> classes) {
        String label = line.finding().proposed();
        if (line.finding().action() == Finding.Action.RELABEL && !classes.contains(label)) {
            throw new DataException("%s:%s: the new label '%s' is none of the data's classes%s they are %s"
                    .formatted(
                            file, line.number(), label, Nearest.hint(label, classes, ","), Classes.shortened(classes)));
        }
    }

    private static Decision stronger(Path file, Decision a, Decision b) {
        if (a.action() == Finding.Action.RELABEL
                && b.action() == Finding.Action.RELABEL
                && !a.label().equals(b.label())) {
            throw new DataException("%s:%s: gives the label '%s' to an image that line %s gives '%s'. Keep one of them"
                    .formatted(file, b.line(), b.label(), a.line(), a.label()));
        }
        return strength(b) > strength(a) ? b : a;
    }

    private static int strength(Decision decision) {
        return switch (decision.action()) {
            case KEEP -> 0;
            case RELABEL -> 1;
            case REMOVE -> 2;
        };
    }

    /** The list as it grows. */
    private static final class Writer {

        private final Path list;
        private final Copies copies;
        private final Map<ImagePlaces.Place, Decision> decisions;
        private final ProgressWatch watch;
        private final List<List<String>> rows = new ArrayList<>();
        private int removed;
        private int relabelled;

        Writer(Path list, Copies copies, Map<ImagePlaces.Place, Decision> decisions, ProgressWatch watch) {
            this.list = list;
            this.copies = copies;
            this.decisions = decisions;
            this.watch = watch;
            rows.add(List.of("path", "label", "split"));
        }

        Cleaning write(Map<String, Dataset> parts) {
            long all = parts.values().stream().mapToLong(Dataset::size).sum();
            long done = 0;
            for (var part : parts.entrySet()) {
                for (int i = 0; i < part.getValue().size(); i++) {
                    watch.at(done++, all);
                    add(part.getKey(), part.getValue(), i);
                }
            }
            if (rows.size() == 1) {
                throw new DataException(list + ": is not written, as no image would be left in it");
            }
            copies.complete();
            try {
                AtomicFile.write(list, Findings.csv(rows));
            } catch (RuntimeException e) {
                copies.takeBack(); // without a list nobody knows of them, and the next try would find them in its way
                throw e;
            }
            return new Cleaning(list, rows.size() - 1, removed, relabelled, copies.count());
        }

        private void add(String part, Dataset images, int index) {
            var decision = decisions.getOrDefault(
                    new ImagePlaces.Place(part, index), new Decision(Finding.Action.KEEP, "", 0));
            if (decision.action() == Finding.Action.REMOVE) {
                removed++;
                return;
            }
            String given = images.classes().get(images.label(index));
            String label = decision.action() == Finding.Action.RELABEL ? decision.label() : given;
            relabelled += label.equals(given) ? 0 : 1;
            rows.add(List.of(place(part, images, index), label, part));
        }

        /** Counted from the list's folder, where there is a way. */
        private String place(String part, Dataset images, int index) {
            Path file = file(images.name(index));
            if (file == null) {
                file = copies.add(part, images, index);
            }
            Path from = list.toAbsolutePath().normalize().getParent();
            Path to = file.toAbsolutePath().normalize();
            return from.getRoot().equals(to.getRoot()) ? from.relativize(to).toString() : to.toString();
        }

        private static Path file(String name) {
            try {
                Path path = Path.of(name);
                return Files.isRegularFile(path) ? path : null;
            } catch (InvalidPathException e) {
                return null;
            }
        }
    }

    /** Images that were no files, in a folder that is there whole or not at all. */
    private static final class Copies implements AutoCloseable {

        private static final String WHOLE = "whole";

        private final Path folder;
        private TemporaryFolder writing;
        private int count;

        Copies(Path folder) {
            this.folder = folder;
        }

        int count() {
            return count;
        }

        /** @return where it will lie */
        Path add(String part, Dataset images, int index) {
            if (writing == null) {
                if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                    throw new DataException(
                            folder
                                    + ": is there already, and the images of the list would be written into it. Give the list another name");
                }
                writing = TemporaryFolder.in(folder.resolveSibling("." + folder.getFileName() + ".part"));
            }
            Path inside = Path.of(part, String.format(Locale.ROOT, "%06d.png", index));
            Path file = writing.path().resolve(WHOLE).resolve(inside);
            try {
                Files.createDirectories(file.getParent());
                Image.write(file, images.image(index));
            } catch (ImageException e) {
                throw new DataException(e.getMessage() + ". An audit lists such files, with the action to remove them");
            } catch (IOException e) {
                throw new UncheckedIOException(file.getParent() + ": cannot be made (" + e.getMessage() + ")", e);
            }
            count++;
            return folder.resolve(inside);
        }

        void complete() {
            if (writing == null) {
                return;
            }
            try {
                Files.move(writing.path().resolve(WHOLE), folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
            }
        }

        void takeBack() {
            if (writing == null) {
                return;
            }
            try {
                Files.move(folder, writing.path().resolve(WHOLE), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(folder + ": cannot be removed (" + e.getMessage() + ")", e);
            }
        }

        @Override
        public void close() {
            if (writing != null) {
                writing.close();
            }
        }
    }
}
