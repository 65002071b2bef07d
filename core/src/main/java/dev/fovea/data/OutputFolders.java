package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Folders that this library writes, known by what they hold: runs, models, reports. The images in them are figures and samples, nobody's
 * data: who reads the folder around them passes them over.
 */
public final class OutputFolders {

    private OutputFolders() {}

    /** What a folder is: {@code run}, {@code model} or {@code report}; none if it is no such folder. */
    public static Optional<String> kind(Path folder) {
        if (holds(folder, "recipe.yaml")
                && (holds(folder, "environment.json") || Files.isDirectory(folder.resolve("checkpoints")))) {
            return Optional.of("run");
        }
        if (holds(folder, "model.safetensors") && holds(folder, "config.json")) {
            return Optional.of("model");
        }
        return holds(folder, "report.html") ? Optional.of("report") : Optional.empty();
    }

    /** Whether a folder is one of them. */
    public static boolean is(Path folder) {
        return kind(folder).isPresent();
    }

    private static boolean holds(Path folder, String name) {
        return Files.isRegularFile(folder.resolve(name));
    }
}
