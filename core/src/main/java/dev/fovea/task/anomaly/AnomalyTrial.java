package dev.fovea.task.anomaly;

import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.run.Trial;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Anomaly detection as it is tried: the score, and the anomaly map over the image. */
record AnomalyTrial(AnomalyDetector detector) implements Trial {

    @Override
    public Outcome of(Image image, Optional<Image> mask, Map<String, Double> chosen) {
        double score = detector.score(image);
        var values = new LinkedHashMap<String, Object>();
        values.put("score", score);
        detector.threshold().ifPresent(threshold -> {
            values.put("threshold", threshold);
            values.put("anomalous", score > threshold);
        });
        return new Outcome(
                values,
                String.format(Locale.ROOT, "score %.5f", score),
                Map.of(Role.INPUT, HeatMap.enlarged(image), Role.HEAT, detector.heatMap(image)));
    }
}
