package dev.fovea.task.detect;

import dev.fovea.run.Predictor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The objects of a clip, followed from frame to frame.
 *
 * @param frames those of each frame
 */
public record FilmObjects(List<List<TrackedObject>> frames) implements Predictor.Answer {

    public FilmObjects {
        frames = frames.stream().map(List::copyOf).toList();
    }

    @Override
    public Map<String, Object> values() {
        var rows = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < frames.size(); i++) {
            var row = new LinkedHashMap<String, Object>();
            row.put("frame", i);
            row.put("objects", frames.get(i).stream().map(FilmObjects::values).toList());
            rows.add(row);
        }
        return Map.of("frames", rows);
    }

    private static Map<String, Object> values(TrackedObject tracked) {
        var values = new LinkedHashMap<String, Object>();
        values.put("track", tracked.track());
        values.putAll(tracked.object().values());
        return values;
    }

    @Override
    public String text() {
        var labels = new TreeMap<Integer, String>();
        frames.forEach(objects -> objects.forEach(
                tracked -> labels.put(tracked.track(), tracked.object().label())));
        var counts = new TreeMap<String, Integer>();
        labels.values().forEach(label -> counts.merge(label, 1, Integer::sum));
        String found = counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
        return "%s frames, %s".formatted(frames.size(), found.isEmpty() ? "no object" : "tracked: " + found);
    }
}
