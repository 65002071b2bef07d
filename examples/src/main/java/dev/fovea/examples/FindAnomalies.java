package dev.fovea.examples;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.anomaly.Anomaly;
import dev.fovea.task.anomaly.AnomalyDetector;
import dev.fovea.task.classify.Classifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Learns what good plates look like, by the features of a classifier of other images, and finds scratched ones. */
public final class FindAnomalies {

    private FindAnomalies() {}

    public static void main(String... args) {
        var shapes = new Splits(new Shapes(1, 100, 32), new Shapes(2, 20, 32), new Shapes(3, 50, 32), List.of());
        Classifier.train("cifar-cnn", shapes, Tasks.ALL.recipe("cifar-cnn").withEpochs(1))
                .save(Path.of("backbone"));

        var good = plates(60, 0).split(0.8, 0.2, 0);
        var recipe = Tasks.ALL.recipe("padim").withTask(new Anomaly("backbone")); // a run or a model package
        AnomalyDetector detector = AnomalyDetector.train("padim", good, recipe);
        double threshold = detector.threshold().orElseThrow(); // 99 % of the held-out good plates score no more

        Dataset some = plates(40, 20); // the last 20 are scratched
        Image last = some.image(39);
        System.out.println(detector.score(last) > threshold ? "anomalous" : "normal");
        Image.write(Path.of("anomaly.png"), detector.heatMap(last));
        System.out.println(detector.evaluate(some, "good"));
    }

    /** Grey plates of 32 x 32 pixels with a grain, the last ones with a bright line across. */
    private static Dataset plates(int count, int scratched) {
        var random = new SplittableRandom(7);
        var images = new ArrayList<Image>();
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            labels[n] = n < count - scratched ? 0 : 1;
            int row = random.nextInt(6, 26);
            byte[] pixels = new byte[32 * 32];
            for (int i = 0; i < pixels.length; i++) {
                boolean line = labels[n] == 1 && i / 32 == row && i % 32 > 8;
                pixels[i] = (byte) (line ? 255 : random.nextInt(90, 120));
            }
            images.add(new Image(32, 32, 1, pixels));
        }
        return Dataset.of(images, List.of("good", "scratched"), labels);
    }
}
