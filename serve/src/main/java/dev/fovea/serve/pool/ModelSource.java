package dev.fovea.serve.pool;

import dev.fovea.data.Preprocess;
import dev.fovea.run.TaskTypes;
import dev.fovea.task.Tasks;
import java.nio.file.Path;

/** What reads a model. */
@FunctionalInterface
public interface ModelSource {

    /** @throws RuntimeException that says what is wrong with it */
    LoadedModel load(Path path);

    /**
     * Model packages, runs, and files of other formats that are on the class path, of whatever task.
     *
     * @param device auto, cpu or cuda
     */
    static ModelSource of(String device) {
        return path -> {
            TaskTypes.Saved saved = Tasks.ALL.load(path, device);
            var config = saved.net().config();
            Preprocess shown = config.preprocess();
            boolean images = shown.frames().length() == 1;
            if (images && !answers(saved)) {
                throw new IllegalArgumentException(
                        "%s: a model for %s answers nothing about an image, so it cannot be among those that are asked about images"
                                .formatted(path, config.task().type()));
            }
            return new LoadedModel(
                    saved.predictor(),
                    config.task().type(),
                    config.classes(),
                    shown.channels(),
                    shown.height(),
                    shown.width(),
                    images);
        };
    }

    private static boolean answers(TaskTypes.Saved saved) {
        try {
            saved.predictor();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
