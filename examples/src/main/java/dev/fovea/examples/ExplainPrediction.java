package dev.fovea.examples;

import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.classify.Explanation;
import java.nio.file.Path;
import java.util.List;

/** Draws which part of an image a prediction depends on. */
public final class ExplainPrediction {

    private ExplainPrediction() {}

    public static void main(String... args) {
        var data = new Splits(new Shapes(1, 300, 32), new Shapes(2, 100, 32), new Shapes(3, 1, 32), List.of());
        var recipe = Tasks.ALL.recipe("cifar-cnn").withEpochs(2);
        Classifier classifier = Classifier.train("cifar-cnn", data, recipe);

        Image image = data.test().image(0);
        Explanation why = Explanation.of(classifier, image, List.of("grad-cam"), ""); // of the predicted class
        why.write(Path.of("why.png"));
        float[][] map = classifier.explain(image, "grad-cam", "circle"); // numbers from 0 to 1, [rows][columns]

        System.out.println(why.label() + " " + why.probability() + ", " + map.length + " rows");
    }
}
