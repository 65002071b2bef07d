package dev.fovea.run;

import dev.fovea.io.ClosedFolder;
import dev.fovea.io.Escaped;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs that were removed and can be brought back: each is moved as it is into {@code .trash} beside the runs, and stays there until
 * somebody empties that.
 *
 * @param runs the folder of the runs
 */
public record RunTrash(Path runs) {

    private static final String FOLDER = ".trash";

    /** When it was removed, in milliseconds, and a number that no other one has. */
    private static final Pattern ID = Pattern.compile("(\\d{1,15})-[0-9a-f]{1,16}");

    /**
     * A run in the trash.
     *
     * @param id what it is brought back by
     * @param name of its folder
     * @param bytes of its files
     */
    public record Entry(String id, String name, Instant removed, long bytes) {}

    /** The trash that runs beside {@code run} go to. */
    public static RunTrash beside(Path run) {
        return new RunTrash(run.toAbsolutePath().normalize().getParent());
    }

    /**
     * Takes a run of the folder out of it.
     *
     * @return what it is brought back by
     * @throws IllegalArgumentException if it is no run, a run of another folder, or is being trained
     */
    public String put(Path run) {
        Path own = Runs.removable(run).toAbsolutePath().normalize();
        if (!own.getParent().equals(runs.toAbsolutePath().normalize())) {
            throw new IllegalArgumentException("%s: is not in %s. Name a run that is".formatted(run, runs));
        }
        String id = String.format(
                Locale.ROOT,
                "%d-%x",
                System.currentTimeMillis(),
                ThreadLocalRandom.current().nextLong());
        Path place = folder().resolve(id);
        try {
            Files.createDirectories(place);
            Files.move(own, place.resolve(own.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discardEmpty(place);
            throw new UncheckedIOException("%s: cannot be removed (%s)".formatted(run, Reason.of(e)), e);
        }
        return id;
    }

    /**
     * Brings a run back to where it was.
     *
     * @return its folder
     * @throws IllegalArgumentException if it is not in the trash, or another run has its name by now
     */
    public Path restore(String id) {
        Path there = content(id);
        Path back = runs.resolve(there.getFileName());
        if (Files.exists(back, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException(
                    back + ": another run has this name by now. Rename its folder to bring the removed one back");
        }
        try {
            Files.move(there, back, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be brought back (%s)".formatted(back, Reason.of(e)), e);
        }
        discardEmpty(folder().resolve(id));
        discardEmpty(folder());
        return back;
    }

    /** What is in it, removed last first. */
    public List<Entry> entries() {
        if (!Files.isDirectory(folder())) {
            return List.of();
        }
        var entries = new ArrayList<Entry>();
        for (Path place : inside(folder())) {
            Matcher id = ID.matcher(String.valueOf(place.getFileName()));
            if (id.matches()) {
                inside(place).stream()
                        .findFirst()
                        .ifPresent(run -> entries.add(new Entry(
                                id.group(),
                                String.valueOf(run.getFileName()),
                                Instant.ofEpochMilli(Long.parseLong(id.group(1))),
                                bytes(run))));
            }
        }
        entries.sort(Comparator.comparing(Entry::removed).reversed());
        return List.copyOf(entries);
    }

    /**
     * Removes for good what was put into it longer than {@code age} ago.
     *
     * @return the names of those runs
     */
    public List<String> empty(Duration age) {
        Instant before = Instant.now().minus(age);
        List<Entry> old = entries().stream()
                .filter(entry -> !entry.removed().isAfter(before))
                .toList();
        old.forEach(entry -> new TemporaryFolder(folder().resolve(entry.id())).close());
        if (!old.isEmpty()) {
            discardEmpty(folder());
        }
        return old.stream().map(Entry::name).toList();
    }

    /** What lies elsewhere is neither brought from there nor removed there. */
    private Path folder() {
        Path folder = runs.resolve(FOLDER);
        if (ClosedFolder.leadsOut(folder)) {
            throw new IllegalArgumentException(
                    folder + ": a link to what lies outside of the folder whose files may be read. Remove the link");
        }
        return folder;
    }

    private Path content(String id) {
        Path place = folder().resolve(ID.matcher(id).matches() ? id : "-");
        List<Path> inside = Files.isDirectory(place) ? inside(place) : List.of();
        if (inside.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: there is no removed run '%s' here. It may have been brought back or removed for good"
                            .formatted(runs, Escaped.line(id)));
        }
        return inside.get(0);
    }

    private static List<Path> inside(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be listed (%s)".formatted(folder, Reason.of(e)), e);
        }
    }

    private static long bytes(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // a figure for people, which is not to end the list
        }
    }

    /** What is not empty stays. */
    private static void discardEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // holds other runs
        }
    }
}
