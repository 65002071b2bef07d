package dev.fovea.examples;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import java.util.List;
import java.util.SplittableRandom;

/** Images that a program makes, or finds where no format is known for, as a data set. */
public final class OwnData {

    private OwnData() {}

    /** Stripes of two pixels that lie or stand, drawn when they are asked for. */
    record Stripes(int size) implements Dataset {
        @Override
        public List<String> classes() {
            return List.of("lying", "standing");
        }

        @Override
        public Target target(int index) { // must be cheap: no image is read for it
            return new Target.Label(index % 2);
        }

        @Override
        public String name(int index) { // for messages, and to tell the same data when a run is resumed
            return "stripes " + index;
        }

        @Override
        public Image image(int index) { // asked by several threads at once
            var random = new SplittableRandom(index);
            byte[] pixels = new byte[16 * 16];
            for (int i = 0; i < pixels.length; i++) {
                int along = index % 2 == 0 ? i / 16 : i % 16;
                pixels[i] = (byte) ((along % 4 < 2 ? 160 : 30) + random.nextInt(60));
            }
            return new Image(16, 16, 1, pixels); // width, height, channels
        }
    }

    public static void main(String... args) {
        var split = new Stripes(400).split(0.8, 0.1, 0.1);
        var recipe = Tasks.ALL.recipe("lenet5").withEpochs(3); // brings the images to its 28 x 28 pixels
        Classifier classifier = Classifier.train("lenet5", split, recipe);

        System.out.println(classifier.evaluate(split.test()).result().accuracy());
    }
}
