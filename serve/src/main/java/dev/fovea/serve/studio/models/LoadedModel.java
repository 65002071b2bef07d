package dev.fovea.serve.studio.models;

import dev.fovea.data.Box;
import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.run.TaskTypes;
import dev.fovea.run.Trial;
import dev.fovea.task.autoencode.LatentSpace;
import dev.fovea.task.generate.Generator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model in memory, in the forms that the page asks for; each is made once. */
public final class LoadedModel {

    private final Path path;
    private final TaskTypes.Saved saved;
    private Trial trial;
    private Predictor predictor;
    private Generator generator;
    private LatentSpace space;

    LoadedModel(Path path, TaskTypes.Saved saved) {
        this.path = path;
        this.saved = saved;
    }

    /** Where it lies. */
    Path path() {
        return path;
    }

    public TaskTypes.Saved saved() {
        return saved;
    }

    /** @throws IllegalArgumentException if it answers nothing about an image */
    public synchronized Predictor predictor() {
        if (predictor == null) {
            predictor = saved.predictor();
        }
        return predictor;
    }

    /** The ways to explain what it answers about an image, the default first; none where it cannot be explained. */
    public List<String> explanationMethods() {
        try {
            return saved.net().preprocess().frames().length() > 1
                    ? List.of()
                    : predictor().explanationMethods();
        } catch (IllegalArgumentException e) { // it answers nothing
            return List.of();
        }
    }

    /** The part of an image that it is shown, as shares of its width and height: left, top, right, bottom; none where that is all of it. */
    public List<Double> part(Image image) {
        Box part = saved.net().preprocess().part(image.size());
        boolean whole = part.width() > image.width() - 1 && part.height() > image.height() - 1;
        return whole
                ? List.of()
                : List.of(
                        part.left() / image.width(),
                        part.top() / image.height(),
                        part.right() / image.width(),
                        part.bottom() / image.height());
    }

    /** @throws IllegalArgumentException if it does nothing with an image */
    public synchronized Trial trial() {
        if (saved.net().preprocess().frames().length() > 1) {
            throw new IllegalArgumentException(
                    "this model answers about clips, not about single images. Ask it on the command line: fovea predict");
        }
        if (trial == null) {
            trial = saved.trial();
        }
        return trial;
    }

    /** Keeps a map of its codes for as long as it is in memory. */
    synchronized void keep(LatentSpace map) {
        space = map;
    }

    /** The map of its codes, if one was made. */
    synchronized Optional<LatentSpace> space() {
        return Optional.ofNullable(space);
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
