package dev.fovea.examples;

import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.detect.DetectedObject;
import dev.fovea.task.detect.Detector;
import java.nio.file.Path;
import java.util.List;

/** Learns where shapes are in an image, and which ones they are. */
public final class FindObjects {

    private FindObjects() {}

    public static void main(String... args) {
        var scenes = new Splits(
                new ShapeScenes(1, 120, 64, TargetKind.BOXES), // seed, images, side in pixels
                new ShapeScenes(2, 30, 64, TargetKind.BOXES),
                new ShapeScenes(3, 30, 64, TargetKind.BOXES),
                List.of());
        var recipe = Tasks.ALL
                .recipes()
                .of("fovea-det width=8", List.of("input.size=64"))
                .withEpochs(1);
        var detector = Detector.train("fovea-det width=8", scenes, recipe);
        detector.save(Path.of("shape-finder"));

        Image image = scenes.test().image(0);
        for (DetectedObject object :
                Detector.load(Path.of("shape-finder")).predict(image).objects()) {
            System.out.println(object.label() + " " + object.score() + " " + object.box());
        }
        System.out.println(detector.evaluate(scenes.test()).metrics());
    }
}
