package dev.fovea.examples;

import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.dense;
import static dev.fovea.nn.Layers.dropout;
import static dev.fovea.nn.Layers.flatten;
import static dev.fovea.nn.Layers.maxPool;
import static dev.fovea.nn.Layers.relu;
import static dev.fovea.nn.Layers.shape;

import dev.fovea.data.Shapes;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Summary;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import java.nio.file.Path;

/** A network as an expression, trained, saved and loaded. */
public final class OwnNetwork {

    private OwnNetwork() {}

    public static void main(String... args) {
        var net = Sequential.of(
                shape(3, 32, 32), // channels, height, width; all other sizes follow
                conv(32, 3),
                relu(),
                maxPool(2),
                conv(64, 3),
                relu(),
                maxPool(2),
                conv(64, 3),
                relu(),
                flatten(),
                dense(64),
                relu(),
                dropout(0.5),
                dense(10));

        System.out.println(Summary.of(net, 3, 1, 32, 32)); // layer by layer: shapes, parameters, multiply-adds

        var split = new Shapes(1, 300, 32).split(0.8, 0.1, 0.1); // ten classes of drawn shapes
        var classifier =
                Classifier.train(net, split, Tasks.ALL.recipe(net.text()).withEpochs(2));
        classifier.save(Path.of("own-model")); // holds the layers as text
        var loaded = Classifier.load(Path.of("own-model")); // needs no code of yours

        System.out.println(loaded.evaluate(split.test()).result().accuracy());
    }
}
