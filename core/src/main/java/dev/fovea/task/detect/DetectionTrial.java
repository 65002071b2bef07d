package dev.fovea.task.detect;

import dev.fovea.image.Image;
import dev.fovea.run.Trial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Detection as it is tried: also objects that the model is not sure of, so that another least score can be chosen of what is there. */
record DetectionTrial(Detector detector) implements Trial {

    private static final double LEAST = 0.05;

    @Override
    public Outcome of(Image image, Optional<Image> mask, Map<String, Double> chosen) {
        double usual = detector.confidence();
        DetectedObjects all = detector.withConfidence(Math.min(LEAST, usual)).predict(image);
        var values = new LinkedHashMap<>(all.values());
        values.put("confidence", usual);
        var sure = new DetectedObjects(all.objects().stream()
                .filter(object -> object.score() >= detector.threshold(object.label()))
                .toList());
        return new Outcome(values, sure.text(), Map.of());
    }
}
