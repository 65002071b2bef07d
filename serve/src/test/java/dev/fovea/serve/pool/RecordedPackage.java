package dev.fovea.serve.pool;

import dev.fovea.image.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The recorded model packages of the tests of the library. */
final class RecordedPackage {

    private static final Path ALL = Path.of("../core/src/test/resources/packages");
    private static final List<String> FILES = List.of("model.safetensors", "config.json");

    private RecordedPackage() {}

    static Path of(String task) {
        return ALL.resolve(task);
    }

    static Image image(String task) {
        return Image.read(of(task).resolve("input.png"));
    }

    /** Copies one, the config last. */
    static Path copy(String task, Path folder) {
        try {
            Files.createDirectories(folder);
            for (String file : FILES) {
                Files.copy(of(task).resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
