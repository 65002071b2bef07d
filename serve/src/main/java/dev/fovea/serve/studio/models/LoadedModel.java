package dev.fovea.serve.studio.models;

import dev.fovea.run.TaskTypes;
import dev.fovea.run.Trial;
import dev.fovea.task.generate.Generator;
import java.nio.file.Path;

/** A model in memory, in the forms that the page asks for; each is made once. */
final class LoadedModel {

    private final Path path;
    private final TaskTypes.Saved saved;
    private Trial trial;
    private Generator generator;

    LoadedModel(Path path, TaskTypes.Saved saved) {
        this.path = path;
        this.saved = saved;
    }

    /** Where it lies. */
    Path path() {
        return path;
    }

    TaskTypes.Saved saved() {
        return saved;
    }

    /** @throws IllegalArgumentException if it does nothing with an image */
    synchronized Trial trial() {
        if (saved.net().preprocess().frames().length() > 1) {
            throw new IllegalArgumentException(
                    "this model answers about clips, not about single images. Ask it on the command line: fovea predict");
        }
        if (trial == null) {
            trial = saved.trial();
        }
        return trial;
    }

    boolean generates() {
        return Generator.generates(saved.net().config());
    }

    /** @throws IllegalArgumentException if it generates no images */
    synchronized Generator generator() {
        if (!generates()) {
            throw new IllegalArgumentException("a model for %s generates no images. Choose a generator"
                    .formatted(saved.type().word()));
        }
        if (generator == null) {
            generator = new Generator(saved.net());
        }
        return generator;
    }
}
