package dev.fovea.task.classify;

import dev.fovea.data.FrameSampling;
import dev.fovea.data.Geometry;
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

    /**
     * Which frames of a clip spoke for a class and which against it, by {@link Classifier#occlusion}.
     *
     * @param clip a folder of numbered images, an animated GIF, a video
     * @param label the class to explain; empty for the predicted one
     */
    public static Explanation ofFrames(Classifier classifier, Path clip, String label) {
        if (!classifier.clips()) {
            throw new IllegalArgumentException(
                    "explain: occlusion is for networks that see clips; for images there is grad-cam");
        }
        Image seen = classifier.prepared(clip);
        Prediction answer = classifier.answer(seen);
        String chosen = label.isEmpty() ? answer.label() : label;
        return new Explanation(chosen, classifier.share(seen, chosen), frames(classifier, seen, chosen));
    }

    /** The frames of a clip with how much each mattered. */
    static BufferedImage frames(Classifier classifier, Image seen, String label) {
        int frames = classifier.config().preprocess().frames().length();
        return FrameStrip.draw(
                FrameSampling.unstacked(seen, frames).stream()
                        .map(Image::toBufferedImage)
                        .toList(),
                classifier.occlusion(seen, label));
    }

    /**
     * Grad-CAM of one class over an image file, over the part that the network takes: what its resizing cuts off stays
     * as it is.
     *
     * @param label the class to explain; empty for the predicted one
     */
    public static Explanation of(Classifier classifier, Path file, String label) {
        return of(classifier, Image.read(file), label);
    }

    /** The same over an image. */
    public static Explanation of(Classifier classifier, Image image, String label) {
        Prediction answer = classifier.predict(image);
        String chosen = label.isEmpty() ? answer.label() : label;
        float[][] map = classifier.gradCam(image, chosen);
        double probability = classifier.probabilities(image)[Classes.index(classifier.classes(), chosen)];
        Geometry shown = classifier.config().preprocess().geometry(image.size());
        return new Explanation(chosen, probability, HeatMap.over(HeatMap.enlarged(image), map, shown, 0.65));
    }

    /** Writes the image as PNG or JPEG, atomically. */
    public void write(Path file) {
        Image.write(file, image);
    }
}
