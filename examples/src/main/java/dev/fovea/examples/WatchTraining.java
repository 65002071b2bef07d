package dev.fovea.examples;

import dev.fovea.data.BatchTransform;
import dev.fovea.data.GeometricTransform;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.optim.Optimizer;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.train.Listener;
import java.nio.file.Path;
import java.util.List;

/** A run with a folder, as the command line makes them: watched, with augmentation, to be resumed. */
public final class WatchTraining {

    private WatchTraining() {}

    /** Sees what happens, and can change nothing. */
    static final class Printing implements Listener {
        @Override
        public void onEpoch(Epoch epoch) {
            System.out.println(epoch.epoch() + " " + epoch.validation().get("accuracy"));
        }

        @Override
        public void onRemark(String text) {
            System.out.println("note: " + text);
        }
    }

    public static void main(String... args) {
        var data = new Splits(new Shapes(1, 200, 32), new Shapes(2, 100, 32), new Shapes(3, 100, 32), List.of());
        var recipe = Tasks.ALL
                .recipe("cifar-cnn")
                .withEpochs(2)
                .withOptimizer(Optimizer.adamW(2e-3))
                .withAugment(GeometricTransform.Flip.horizontal())
                .withAugmentBatch(new BatchTransform.MixUp(0.2, 1));
        var settings = RunSettings.in(Path.of("runs"), "shapes").withListeners(List.of(new Printing()));
        var result = Tasks.ALL.train(recipe, data, settings);

        System.out.println(result.folder() + " " + result.validation());
        System.out.println(
                Classifier.load(result.folder()).evaluate(data.test()).result().values());
    }
}
