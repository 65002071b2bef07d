package dev.fovea.task.classify;

import dev.fovea.data.FrameSampling;
import dev.fovea.data.Geometry;
import dev.fovea.explain.Explainers;
import dev.fovea.explain.FrameStrip;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.run.Classes;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * Which part of an image, or which frames of a clip, a classifier's prediction depends on.
 *
 * @param label the class explained
 * @param probability of that class, 0 to 1
 * @param image the image with the heat map over it
 */
public record Explanation(String label, double probability, BufferedImage image) {

    private static final double OPACITY = 0.65;

    /**
     * Of one class over an image file, over the part that the network takes: what its resizing cuts off stays as it is; or
     * of the frames of a clip.
     *
     * @param file an image, or a clip: a folder of numbered images, an animated GIF, a video
     * @param method such as {@code grad-cam}, empty for the default
     * @param label the class to explain; empty for the predicted one
     */
    public static Explanation of(Classifier classifier, Path file, String method, String label) {
        Explainers.of(method, classifier.clips());
        if (!classifier.clips()) {
            return of(classifier, Image.read(file), method, label);
        }
        Image seen = classifier.prepared(file);
        Prediction answer = classifier.answer(seen);
        String chosen = label.isEmpty() ? answer.label() : label;
        return new Explanation(chosen, classifier.share(seen, chosen), frames(classifier, seen, method, chosen));
    }

    /** The frames of a clip with how much each mattered. */
    static BufferedImage frames(Classifier classifier, Image seen, String method, String label) {
        int frames = classifier.config().preprocess().frames().length();
        return FrameStrip.draw(
                FrameSampling.unstacked(seen, frames).stream()
                        .map(Image::toBufferedImage)
                        .toList(),
                classifier.explainSeen(seen, method, label)[0]);
    }

    /** The same of an image that is read already. */
    public static Explanation of(Classifier classifier, Image image, String method, String label) {
        Prediction answer = classifier.predict(image);
        String chosen = label.isEmpty() ? answer.label() : label;
        float[][] map = classifier.explain(image, method, chosen);
        double probability = classifier.probabilities(image)[Classes.index(classifier.classes(), chosen)];
        Geometry shown = classifier.config().preprocess().geometry(image.size());
        return new Explanation(chosen, probability, HeatMap.over(HeatMap.enlarged(image), map, shown, OPACITY));
    }

    /** The method that {@code classifier} is explained by, should none be named. */
    public static String method(Classifier classifier) {
        return Explainers.of("", classifier.clips()).word();
    }

    /** Writes the image as PNG or JPEG, atomically. */
    public void write(Path file) {
        Image.write(file, image);
    }
}
