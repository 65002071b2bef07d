package dev.fovea.serve.studio.models;

import dev.fovea.run.DataRequest;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** Models for a workspace: the recorded packages of the tests of the library, and runs of seconds. */
final class Packages {

    private static final Path ALL = Path.of("../core/src/test/resources/packages");

    private Packages() {}

    /** Copies one under a name. */
    static Path copy(String task, Path workspace, String name) {
        try {
            Path folder = Files.createDirectories(workspace.resolve(name));
            for (String file : List.of("model.safetensors", "config.json")) {
                Files.copy(ALL.resolve(task).resolve(file), folder.resolve(file));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path image(String task) {
        return ALL.resolve(task).resolve("input.png").toAbsolutePath().normalize(); // as browsers take it
    }

    /** The image that was recorded with it, as the page sends it. */
    static String encoded(String task) {
        try {
            return "data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(image(task)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run of a few seconds on a few shapes. */
    static Path run(Path workspace, String model) {
        var data = new DataRequest("shapes", "", "", false, List.of(), 10, "", 0);
        var recipe = Tasks.ALL
                .recipes()
                .with(Tasks.ALL.recipe(model), List.of("input.size=16", "epochs=1", "batch=32", "schedule.warmup=0"));
        RunSettings settings = RunSettings.in(workspace.resolve("runs"), "made").withData(data);
        return Tasks.ALL.train(recipe, data.open(recipe), settings).folder();
    }
}
