package dev.fovea.serve.pool;

import dev.fovea.data.Preprocess;
import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
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
            boolean images = shown.frames().length() == 1 && answers(saved);
            return new LoadedModel(
                    images || shown.frames().length() > 1 ? saved.predictor() : new Silent(saved),
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
            return false; // said by Silent to whoever asks
        }
    }

    /** Of a task that answers nothing about an image, such as generation. */
    record Silent(TaskTypes.Saved saved) implements Predictor {

        @Override
        public Answer predict(Image image) {
            return saved.predictor().predict(image);
        }

        @Override
        public Answer predict(Path file) {
            return saved.predictor().predict(file);
        }
    }
}
