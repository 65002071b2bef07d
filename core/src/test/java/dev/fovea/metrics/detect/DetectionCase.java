package dev.fovea.metrics.detect;

import dev.fovea.Golden;
import dev.fovea.data.Box;
import dev.fovea.data.Mask;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Images of {@code test/oracle/detection.py} and what is expected of them; -1 there is NaN here. */
record DetectionCase(
        String name, List<String> classes, List<GroundTruth> truths, List<Detections> founds, JsonNode json) {

    static List<DetectionCase> read(String file) {
        var cases = new ArrayList<DetectionCase>();
        for (JsonNode one : Golden.read(file).get("cases")) {
            var truths = new ArrayList<GroundTruth>();
            var founds = new ArrayList<Detections>();
            for (JsonNode image : one.get("images")) {
                truths.add(truth(image, one));
                founds.add(found(image, one));
            }
            var classes = names(one.get("classes").asInt());
            cases.add(new DetectionCase(one.get("name").asString(), classes, truths, founds, one));
        }
        return cases;
    }

    static List<String> names(int classes) {
        return IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    }

    private static GroundTruth truth(JsonNode image, JsonNode whole) {
        List<double[]> rows = rows(image.get("truth"));
        var masks = masks(image, "truthMasks", whole);
        var areas = new ArrayList<Double>();
        for (int i = 0; i < rows.size(); i++) {
            double given = rows.get(i)[6];
            double own =
                    masks.isEmpty() ? box(rows.get(i)).area() : masks.get(i).count();
            areas.add(given >= 0 ? given : own);
        }
        return new GroundTruth(
                rows.stream().map(DetectionCase::box).toList(),
                rows.stream().map(row -> (int) row[4]).toList(),
                rows.stream().map(row -> row[5] > 0).toList(),
                areas,
                masks,
                keypoints(image, "truthKeypoints"));
    }

    private static Detections found(JsonNode image, JsonNode whole) {
        List<double[]> rows = rows(image.get("found"));
        return new Detections(
                rows.stream().map(DetectionCase::box).toList(),
                rows.stream().map(row -> (int) row[4]).toList(),
                rows.stream().map(row -> row[5]).toList(),
                masks(image, "foundMasks", whole),
                keypoints(image, "foundKeypoints"));
    }

    static List<double[]> rows(JsonNode node) {
        var rows = new ArrayList<double[]>();
        node.forEach(row -> rows.add(Golden.array(row)));
        return rows;
    }

    private static Box box(double[] row) {
        return new Box(row[0], row[1], row[2], row[3]);
    }

    private static List<Mask> masks(JsonNode image, String key, JsonNode whole) {
        var masks = new ArrayList<Mask>();
        if (image.has(key)) {
            var size = new Size(
                    whole.get("size").get(0).asInt(), whole.get("size").get(1).asInt());
            image.get(key).forEach(rectangles -> masks.add(mask(size, rows(rectangles))));
        }
        return masks;
    }

    static Mask mask(Size size, List<double[]> rectangles) {
        byte[] values = new byte[size.height() * size.width()];
        for (double[] r : rectangles) {
            for (int y = (int) r[1]; y < r[3]; y++) {
                for (int x = (int) r[0]; x < r[2]; x++) {
                    values[y * size.width() + x] = 1;
                }
            }
        }
        return new Mask(size, values);
    }

    private static List<List<Keypoint>> keypoints(JsonNode image, String key) {
        var all = new ArrayList<List<Keypoint>>();
        if (image.has(key)) {
            image.get(key)
                    .forEach(points -> all.add(rows(points).stream()
                            .map(p -> new Keypoint(p[0], p[1], (int) p[2]))
                            .toList()));
        }
        return all;
    }

    void each(BiConsumer<GroundTruth, Detections> metrics) {
        for (int i = 0; i < truths.size(); i++) {
            metrics.accept(truths.get(i), founds.get(i));
        }
    }

    JsonNode expected(String key) {
        return json.get("expected").get(key);
    }

    /** Numbers of a result as they are recorded. */
    static double recorded(double value) {
        return Double.isNaN(value) ? -1 : value;
    }

    @Override
    public String toString() {
        return name;
    }
}
