package dev.fovea.task.segment;

import dev.fovea.image.Image;
import dev.fovea.report.MaskDrawing;
import dev.fovea.run.Trial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Segmentation as it is tried: the classes that are seen with their colours, and an image of those to lay over. */
record SegmentationTrial(Segmenter segmenter) implements Trial {

    @Override
    public Outcome of(Image image, Optional<Image> mask, Map<String, Double> chosen) {
        SegmentedImage found = segmenter.predict(image);
        List<Map<String, Object>> regions =
                found.regions().stream().map(region -> values(found, region)).toList();
        return new Outcome(
                Map.of("regions", regions),
                found.text(),
                Map.of(Role.CLASSES, MaskDrawing.colours(found.mask(), found.classes())));
    }

    private static Map<String, Object> values(SegmentedImage found, SegmentedImage.Region region) {
        var values = new LinkedHashMap<String, Object>();
        values.put("label", region.label());
        values.put("share", region.share());
        values.put("colour", MaskDrawing.colour(found.classes().indexOf(region.label())));
        return values;
    }
}
