package dev.fovea.examples;

import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.multilabel.MultiLabelClassifier;
import java.nio.file.Path;
import java.util.List;

/** Learns which of ten shapes are on an image, none, one or several. */
public final class LabelScenes {

    private LabelScenes() {}

    public static void main(String... args) {
        var several = new TargetKind.SeveralLabels(false);
        var scenes = new Splits(
                new ShapeScenes(1, 600, 48, several), // seed, images, side in pixels
                new ShapeScenes(2, 100, 48, several),
                new ShapeScenes(3, 100, 48, several),
                List.of());
        var recipe = Tasks.ALL.recipe("folder-cnn").withEpochs(2);
        var model = MultiLabelClassifier.train("folder-cnn", scenes, recipe);
        model.save(Path.of("scene-labels"));

        Image image = scenes.test().image(0);
        var answer = MultiLabelClassifier.load(Path.of("scene-labels")).predict(image);
        answer.labels().forEach(found -> System.out.println(found.label() + " " + found.probability()));

        System.out.println(model.evaluate(scenes.test()).result().meanAveragePrecision());
    }
}
