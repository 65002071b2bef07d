package dev.fovea.serve.studio.models;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.run.RunData;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.RunPlaces;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The images that a run was trained and validated on, opened again; those of the last few runs are kept. */
final class RunImages {

    private static final int KEPT = 2;

    private final RunPlaces places;
    private final Map<Path, Splits> opened = new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Splits> eldest) {
            return size() > KEPT;
        }
    };

    RunImages(Workspace workspace) {
        places = new RunPlaces(workspace);
    }

    /** @throws IllegalArgumentException if the run does not say what it was trained on, or that is not there any more */
    synchronized Splits of(Path run) {
        return opened.computeIfAbsent(
                run, one -> RunData.of(Tasks.ALL, one, places::of).data());
    }

    /** A part of them by its name; where there is no validation part the training part stands for it. */
    Dataset part(Path run, String part) {
        Splits all = of(run);
        Dataset images = switch (part) {
            case "validation" -> all.validation().size() > 0 ? all.validation() : all.train();
            case "train" -> all.train();
            case "test" -> all.test();
            default ->
                throw Refusal.wrong(
                        "part: expected train, validation or test, got '%s'".formatted(dev.fovea.io.Escaped.of(part)));
        };
        if (images.size() == 0) {
            throw new IllegalArgumentException("the data of this run has no %s images".formatted(part));
        }
        return images;
    }
}
