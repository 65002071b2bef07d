package dev.fovea.examples;

import dev.fovea.data.MovingShapes;
import dev.fovea.data.Splits;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import java.util.List;

/** Classifies clips, and answers frame by frame. */
public final class ClassifyClips {

    private ClassifyClips() {}

    public static void main(String... args) {
        var clips = new Splits(
                new MovingShapes(1, 32, 32, 16), // seed, clips, side in pixels, frames
                new MovingShapes(2, 10, 32, 16),
                new MovingShapes(3, 10, 32, 16),
                List.of());
        var recipe = Tasks.ALL.recipe("cnn-rnn").withEpochs(1);
        Classifier classifier = Classifier.train("cnn-rnn", clips, recipe);
        var test = clips.test();
        System.out.println(classifier.evaluate(test).result().accuracy());

        var stream = classifier.stream();
        for (int frame = 0; frame < test.frames(0); frame++) {
            System.out.println(stream.next(test.frames(0, frame).get(0)).label());
        }
    }
}
