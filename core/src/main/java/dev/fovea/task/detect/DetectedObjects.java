package dev.fovea.task.detect;

import dev.fovea.run.Predictor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The objects of one image.
 *
 * @param objects the most probable first
 */
public record DetectedObjects(List<DetectedObject> objects) implements Predictor.Answer {

    public DetectedObjects {
        objects = List.copyOf(objects);
    }

    @Override
    public Map<String, Object> values() {
        return Map.of("objects", objects.stream().map(DetectedObject::values).toList());
    }

    @Override
    public List<Predictor.Confidence> confidences() {
        return objects.stream()
                .map(object -> new Predictor.Confidence(object.label(), object.score()))
                .toList();
    }

    @Override
    public String text() {
        var counts = new TreeMap<String, Integer>();
        objects.forEach(object -> counts.merge(object.label(), 1, Integer::sum));
        return objects.isEmpty()
                ? "no object"
                : counts.entrySet().stream()
                                .map(count -> count.getValue() + " " + count.getKey())
                                .collect(Collectors.joining(", "))
                        + String.format(
                                Locale.ROOT,
                                "  (most probable: %s %.3f)",
                                objects.get(0).label(),
                                objects.get(0).score());
    }
}
