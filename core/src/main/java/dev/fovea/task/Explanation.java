package dev.fovea.task;

import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * Where a classifier looked in a picture.
 *
 * @param label the class explained
 * @param probability of that class, 0 to 1
 * @param picture the picture with the heat map over it
 */
public record Explanation(String label, double probability, BufferedImage picture) {

    private static final int SMALLEST = 256;

    /**
     * Grad-CAM of one class over a picture file.
     *
     * @param label the class to explain; empty for the predicted one
     */
    public static Explanation of(Classifier classifier, Path file, String label) {
        Image image = Image.read(file);
        Prediction answer = classifier.predict(image);
        String chosen = label.isEmpty() ? answer.label() : label;
        float[][] map = classifier.gradCam(image, chosen);
        double probability = classifier.probabilities(image)[Classes.index(classifier.classes(), chosen)];
        BufferedImage picture = image.toBufferedImage();
        int side = Math.max(picture.getWidth(), picture.getHeight());
        if (side < SMALLEST) {
            int factor = (SMALLEST + side - 1) / side;
            picture = image.resize(image.width() * factor, image.height() * factor, dev.fovea.image.Filter.NEAREST)
                    .toBufferedImage();
        }
        return new Explanation(chosen, probability, HeatMap.over(picture, map, 0.65));
    }

    /** Writes the picture as PNG or JPEG, atomically. */
    public void write(Path file) {
        Image.write(file, picture);
    }
}
