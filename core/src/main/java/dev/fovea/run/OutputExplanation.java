package dev.fovea.run;

import dev.fovea.data.FrameSampling;
import dev.fovea.data.Geometry;
import dev.fovea.explain.FrameStrip;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/**
 * Which part of an image, or which frames of a clip, one answer of a model depends on.
 *
 * @param method by which it is explained
 * @param name of the answer, such as a label
 * @param value of it, as predicted: a number, the score of an object
 * @param image the image with the heat map over it, of an object beside the image and the map alone, of a clip its frames with how
 *     much each mattered
 * @param overlay the heat map over the image alone; of a clip the same as {@code image}
 */
public record OutputExplanation(String method, String name, double value, BufferedImage image, BufferedImage overlay) {

    private static final double OPACITY = 0.65;

    /**
     * Of one number over an image file, or a clip: a folder of numbered images, an animated GIF, a video.
     *
     * @param method such as {@code grad-cam}, empty for the default
     * @param name of the number; empty for the model's usual one
     * @throws IllegalArgumentException if the name or the method is unknown, or this network cannot be explained so
     */
    public static OutputExplanation of(ExplainedNumbers model, Path file, String method, String name) {
        NetOutputs outputs = model.outputs();
        String used = outputs.method(method);
        if (outputs.clips()) {
            Image seen = outputs.prepared(file);
            String chosen = name.isEmpty() ? model.usual(seen) : name;
            float[] weights = outputs.explain(seen, used, Classes.index(model.names(), chosen))[0];
            List<BufferedImage> frames = FrameSampling.unstacked(seen, weights.length).stream()
                    .map(Image::toBufferedImage)
                    .toList();
            BufferedImage strip = FrameStrip.draw(frames, weights);
            return new OutputExplanation(used, chosen, model.value(seen, chosen), strip, strip);
        }
        return of(model, Image.read(file), used, name);
    }

    /** The same over an image. */
    public static OutputExplanation of(ExplainedNumbers model, Image image, String method, String name) {
        return of(model, image, method, name, ProgressWatch.NONE);
    }

    /** The same, watched. */
    public static OutputExplanation of(
            ExplainedNumbers model, Image image, String method, String name, ProgressWatch watch) {
        NetOutputs outputs = model.outputs();
        String used = outputs.method(method);
        Image seen = outputs.prepared(image);
        String chosen = name.isEmpty() ? model.usual(seen) : name;
        float[][] map = outputs.explain(seen, used, Classes.index(model.names(), chosen), watch);
        Geometry shown = outputs.network().preprocess().geometry(image.size());
        BufferedImage over = HeatMap.over(HeatMap.enlarged(image), map, shown, OPACITY);
        return new OutputExplanation(used, chosen, model.value(seen, chosen), over, over);
    }
}
