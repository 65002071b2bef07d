package dev.fovea.train;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folder of one run and the names of what lies in it. */
public record RunFolder(Path path) {

    /** Of a name's bytes; file systems take 255, and the number of the run is added. */
    private static final int LONGEST_NAME = 200;

    /**
     * Makes a new folder {@code <parent>/<name>-<n>} with the first free number.
     *
     * @throws IllegalArgumentException if {@code name} cannot be the name of a folder, or {@code parent} is a file
     * @throws UncheckedIOException if it cannot be made
     */
    public static RunFolder create(Path parent, String name) {
        Path path = numbered(parent, name);
        try {
            Files.createDirectory(path.resolve("checkpoints"));
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot make a folder in it (" + e.getMessage() + ")", e);
        }
        return new RunFolder(path);
    }

    /** The same without anything in it, for a folder of several runs. */
    public static Path numbered(Path parent, String name) {
        checkName(parent, name);
        if (Files.exists(parent) && !Files.isDirectory(parent)) {
            throw new IllegalArgumentException(
                    parent + ": is a file, expected a folder to make the run folder in. Name another");
        }
        try {
            Files.createDirectories(parent);
            for (int n = 1; ; n++) {
                try {
                    return Files.createDirectory(parent.resolve(name + "-" + n));
                } catch (FileAlreadyExistsException e) {
                    if (!Files.exists(parent.resolve(name + "-" + n), LinkOption.NOFOLLOW_LINKS)) {
                        throw e;
                    }
                    // taken: the next number
                }
            }
        } catch (AccessDeniedException e) {
            throw new UncheckedIOException(parent + ": cannot make a run folder here (permission denied)", e);
        } catch (IOException e) {
            throw new UncheckedIOException(parent + ": cannot make a run folder here (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Before anything is computed.
     *
     * @throws IllegalArgumentException if a run in {@code parent} cannot have this name
     */
    public static void checkName(Path parent, String name) {
        String shown = name.codePoints()
                .limit(40)
                .mapToObj(c -> Character.isISOControl(c) ? "\\u%04x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining());
        if (name.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "run name: may hold no '/', '\\' or line break, as it is the name of one folder, got '%s'"
                            .formatted(shown));
        }
        if (name.isBlank() || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "run name: expected letters, digits, '-', '_' or '.', not beginning with '.', got '%s'"
                            .formatted(shown));
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "run name: may have at most %s bytes, got %s ('%s...')".formatted(LONGEST_NAME, bytes, shown));
        }
        if (!nameable(parent, name)) {
            throw new IllegalArgumentException(
                    "run name: this system has no file names with all the characters of '%s'".formatted(shown));
        }
    }

    private static boolean nameable(Path parent, String name) {
        try {
            return parent.resolve(name).startsWith(parent);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * A copy of this run in a new folder of {@code parent}, named like it with the first free number. Its recipe comes last,
     * so that a copy that was cut short is not taken for a run.
     *
     * @throws UncheckedIOException if it cannot be made; nothing is left of it then
     */
    public RunFolder copy(Path parent) {
        Path real = real();
        List<Path> files;
        try (Stream<Path> all = Files.walk(real)) {
            files = all.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(file -> file.endsWith(recipe().getFileName())))
                    .toList(); // before the copy is made, which may lie inside
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be copied (" + Reason.of(e) + ")", e);
        }
        RunFolder copy = create(parent, String.valueOf(real.getFileName()).replaceFirst("-\\d+$", ""));
        try {
            for (Path file : files) {
                Path target = copy.path().resolve(real.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
            return copy;
        } catch (IOException e) {
            var failure = new UncheckedIOException(path + ": cannot be copied (" + Reason.of(e) + ")", e);
            try {
                copy.remove();
            } catch (UncheckedIOException left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
    }

    /** Where it lies, links followed. */
    private Path real() {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read (" + Reason.of(e) + ")", e);
        }
    }

    private void remove() {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be removed (" + Reason.of(e) + ")", e);
        }
    }

    /** Removes what processes that were killed while they wrote have left; only for who has the {@link RunLock}. */
    public void sweep() {
        for (Path place : List.of(path, path.resolve("checkpoints"), model())) {
            AtomicFile.sweep(place);
        }
    }

    /** What the run was asked for, what it saw and what it came to. */
    public Path facts() {
        return path.resolve("run.json");
    }

    /** What people write about it. */
    public Path notes() {
        return path.resolve("notes.json");
    }

    /** Held while it is being trained. */
    Path lock() {
        return path.resolve(".lock");
    }

    public Path recipe() {
        return path.resolve("recipe.yaml");
    }

    public Path last() {
        return path.resolve("checkpoints").resolve("last.safetensors");
    }

    public Path best() {
        return path.resolve("checkpoints").resolve("best.safetensors");
    }

    public Path model() {
        return path.resolve("model");
    }

    public Path metrics() {
        return path.resolve("metrics.csv");
    }

    public Path report() {
        return path.resolve("report.html");
    }

    public Path log() {
        return path.resolve("log.txt");
    }

    /** Where the run stands while it goes. */
    public Path progress() {
        return path.resolve("progress.json");
    }

    /** Loss and speed within epochs. */
    public Path steps() {
        return path.resolve("steps.csv");
    }

    /** The worst mistakes of the last validation. */
    public Path mistakes() {
        return path.resolve("mistakes.json");
    }

    /** What is asked of the run from outside. */
    public Path control() {
        return path.resolve(".control");
    }

    public Path divergedBatch() {
        return path.resolve("diverged-batch.safetensors");
    }
}
