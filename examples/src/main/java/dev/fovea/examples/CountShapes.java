package dev.fovea.examples;

import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.regress.Regressor;
import java.nio.file.Path;
import java.util.List;

/** Learns two numbers of an image: how many shapes are on it, and what share of it they cover. */
public final class CountShapes {

    private CountShapes() {}

    public static void main(String... args) {
        var numbers = new TargetKind.Numbers(List.of("count", "area"));
        var scenes = new Splits(
                new ShapeScenes(1, 600, 48, numbers), // seed, images, side in pixels
                new ShapeScenes(2, 100, 48, numbers),
                new ShapeScenes(3, 100, 48, numbers),
                List.of());
        var recipe = Tasks.ALL.recipe("folder-cnn").withEpochs(2);
        var model = Regressor.train("folder-cnn", scenes, recipe);
        model.save(Path.of("scene-numbers"));

        Image image = scenes.test().image(0);
        var answer = Regressor.load(Path.of("scene-numbers")).predict(image);
        answer.numbers().forEach(number -> System.out.println(number.name() + " " + number.value()));

        System.out.println(model.evaluate(scenes.test()).result().perTarget());
    }
}
