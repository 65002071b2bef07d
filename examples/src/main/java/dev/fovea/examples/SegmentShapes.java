package dev.fovea.examples;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.segment.SegmentedImage;
import dev.fovea.task.segment.Segmenter;
import java.nio.file.Path;
import java.util.List;

/** Learns which pixels of an image belong to which shape. */
public final class SegmentShapes {

    private SegmentShapes() {}

    public static void main(String... args) {
        var shapes = new Splits(pixels(1, 120), pixels(2, 30), pixels(3, 30), List.of());
        var recipe = Tasks.ALL.recipe("unet width=8").withEpochs(1);
        var segmenter = Segmenter.train("unet width=8", shapes, recipe);
        segmenter.save(Path.of("shape-segmenter"));

        Image image = shapes.test().image(0);
        SegmentedImage told = Segmenter.load(Path.of("shape-segmenter")).predict(image);
        for (SegmentedImage.Region region : told.regions()) {
            System.out.println(region.label() + " " + region.share());
        }
        System.out.println(segmenter.evaluate(shapes.test()).metrics());
    }

    private static Dataset pixels(int seed, int images) {
        return new Shapes(seed, images, 32, Shapes.Annotation.PIXEL_LABELS);
    }
}
