package dev.fovea.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of one run and the names of what lies in it. */
public record RunFolder(Path path) {

    /**
     * Makes a new folder {@code <parent>/<name>-<n>} with the first free number.
     *
     * @throws UncheckedIOException if it cannot be made
     */
    public static RunFolder create(Path parent, String name) {
        try {
            Files.createDirectories(parent);
            for (int n = 1; ; n++) {
                try {
                    Path path = Files.createDirectory(parent.resolve(name + "-" + n));
                    Files.createDirectory(path.resolve("checkpoints"));
                    return new RunFolder(path);
                } catch (FileAlreadyExistsException e) {
                    // taken: the next number
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(parent + ": cannot make a run folder here (" + e.getMessage() + ")", e);
        }
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

    public Path divergedBatch() {
        return path.resolve("diverged-batch.safetensors");
    }
}
