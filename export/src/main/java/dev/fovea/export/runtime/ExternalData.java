package dev.fovea.export.runtime;

import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Files that a model names: they must lie in its own folder, whatever links lead there. */
final class ExternalData {

    /** With this ONNX Runtime marks data that lies at an address in memory: in a file it would read memory of the process. */
    private static final String IN_MEMORY = "_ORT_MEM_ADDR_";

    private final Path model;
    private final Map<String, Long> sizes = new HashMap<>();

    ExternalData(Path model) {
        this.model = model;
    }

    /**
     * Refuses data of a tensor that is not where it should be.
     *
     * @param entries {@code location}, {@code offset} and {@code length}, as onnx.proto3 describes them
     * @throws FormatException if the file is missing, too short, or outside of the model's folder
     */
    void check(String tensor, Map<String, String> entries) {
        String location = entries.getOrDefault("location", "");
        long size = sizes.computeIfAbsent(location, this::size);
        try {
            long offset = Long.parseLong(entries.getOrDefault("offset", "0"));
            long length = Long.parseLong(entries.getOrDefault("length", "0"));
            if (offset < 0 || length < 0 || offset > size || length > size - offset) {
                throw new FormatException(
                        "%s: the data of '%s' goes to byte %s of %s, which has %s. The file is cut off or another model's"
                                .formatted(model, Escaped.of(tensor), offset + length, Escaped.of(location), size));
            }
        } catch (NumberFormatException e) {
            throw new FormatException("%s: the data of '%s' has an offset or a length that is no number: %s"
                    .formatted(model, Escaped.of(tensor), Escaped.of(entries)));
        }
    }

    private long size(String location) {
        Path file = inFolder(model, location);
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        }
    }

    /**
     * The file that a model names.
     *
     * @throws FormatException if it is missing or, links followed, not in the model's folder or one within that
     */
    static Path inFolder(Path model, String location) {
        try {
            Path folder = model.toAbsolutePath().getParent().toRealPath();
            Path named = Path.of(location);
            if (location.isEmpty() || named.isAbsolute() || location.contains(IN_MEMORY)) {
                throw outside(model, location);
            }
            Path file = folder.resolve(named);
            if (!file.normalize().startsWith(folder)) {
                throw outside(model, location);
            }
            if (!Files.isRegularFile(file)) {
                throw new FormatException(
                        "%s: needs the file %s beside it, which is not there. Copy it into the same folder"
                                .formatted(model, Escaped.of(location)));
            }
            Path real = file.toRealPath();
            if (!real.startsWith(folder)) {
                throw outside(model, location);
            }
            return real;
        } catch (InvalidPathException e) {
            throw outside(model, location);
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(model, Reason.of(e)), e);
        }
    }

    private static FormatException outside(Path model, String location) {
        return new FormatException(
                "%s: names the file '%s', which is not in the folder of the model. Its data may lie there alone"
                        .formatted(model, Escaped.of(location)));
    }
}
