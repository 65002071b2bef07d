package dev.fovea.task.segment;

import dev.fovea.data.Dataset;
import dev.fovea.data.Mask;
import dev.fovea.metrics.segment.SegmentationMetrics;
import dev.fovea.metrics.segment.SegmentationResult;
import dev.fovea.metrics.segment.SegmentationResult.PerClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How well the classes of pixels are told.
 *
 * @param result of all images
 * @param images each alone
 */
public record SegmentationEvaluation(SegmentationResult result, List<PerImage> images) {

    public SegmentationEvaluation {
        images = List.copyOf(images);
    }

    /**
     * An image.
     *
     * @param miou mean over the classes that are there or told; NaN where all pixels are ignored
     * @param pixelAccuracy share of its pixels that are right; NaN where all are ignored
     */
    public record PerImage(double miou, double pixelAccuracy) {}

    /** Takes in one image after another. */
    static final class Measuring {

        private final List<String> classes;
        private final SegmentationMetrics all;
        private final List<PerImage> images = new ArrayList<>();

        Measuring(List<String> classes) {
            this.classes = classes;
            all = new SegmentationMetrics(classes, true);
        }

        void add(Mask truth, Mask told) {
            all.add(truth, told);
            var own = new SegmentationMetrics(classes, false);
            own.add(truth, told);
            images.add(new PerImage(own.result().miou(), own.result().pixelAccuracy()));
        }

        SegmentationEvaluation evaluation() {
            return new SegmentationEvaluation(all.result(), images);
        }
    }

    /** By the names of the command line's JSON. */
    public Map<String, Double> metrics() {
        return result.values();
    }

    /** What is more than a number, and how it was measured. */
    Map<String, Object> details() {
        var details = new LinkedHashMap<String, Object>();
        details.put("perClass", result.perClass().stream().map(PerClass::values).toList());
        details.put("confusion", result.confusion());
        details.put("measured", measured());
        return details;
    }

    /** What figures of segmentation depend on. */
    String measured() {
        return String.format(
                Locale.ROOT,
                "%,d images of %d classes, in the images' own size; pixels without a label (255) are left out",
                images.size(),
                result.perClass().size());
    }

    /** For people. */
    String table() {
        var text = new StringBuilder(measured()).append(System.lineSeparator());
        int width = Math.max(
                5,
                result.perClass().stream()
                        .mapToInt(one -> one.name().length())
                        .max()
                        .orElse(5));
        text.append(String.format(
                Locale.ROOT,
                "%-" + width + "s  %8s  %8s  %9s  %8s  %11s  %14s%n",
                "class",
                "IoU",
                "accuracy",
                "precision",
                "Dice",
                "boundary F1",
                "pixels"));
        for (PerClass one : result.perClass()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-" + width + "s  %8.4f  %8.4f  %9.4f  %8.4f  %11.4f  %,14d%n",
                    one.name(),
                    one.iou(),
                    one.accuracy(),
                    one.precision(),
                    one.dice(),
                    one.boundaryF1(),
                    one.pixels()));
        }
        return text.toString().replace("NaN", "  -");
    }

    /** A row for each image, the first one their header. */
    List<List<Object>> rows(Dataset data) {
        var rows = new ArrayList<List<Object>>();
        rows.add(List.of("path", "miou", "pixelAccuracy"));
        for (int i = 0; i < images.size(); i++) {
            PerImage image = images.get(i);
            rows.add(List.of(
                    data.name(i),
                    Double.isNaN(image.miou()) ? "" : image.miou(),
                    Double.isNaN(image.pixelAccuracy()) ? "" : image.pixelAccuracy()));
        }
        return rows;
    }
}
