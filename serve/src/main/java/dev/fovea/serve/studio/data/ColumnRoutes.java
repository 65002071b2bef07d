package dev.fovea.serve.studio.data;

import dev.fovea.run.answers.Column;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Studio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** By what the images of a data set can be told apart beside their classes, and the measuring of it. */
final class ColumnRoutes {

    /** Words of a column that are offered, the frequent ones. */
    private static final int MOST_WORDS = 100;

    private static final int BARS = 24;

    private final Studio studio;
    private final OpenData data;
    private final Measured known;

    ColumnRoutes(Studio studio, OpenData data, Measured known) {
        this.studio = studio;
        this.data = data;
        this.known = known;
    }

    List<Route> routes() {
        return List.of(
                DataRoutes.asked(Answers.get(
                        "/api/data/columns",
                        "By what the images of a data set can be found beside their classes",
                        call -> view(data.open(DataRoutes.path(call))))),
                DataRoutes.asked(Answers.get(
                                "/api/data/known", "What is known of an image beside its label", this::ofImage))
                        .with("part", "train, validation or test")
                        .with("index", "in the part, from 0"),
                Answers.post("/api/data/measure", "Measures the images of a data set", (call, body) -> measure(body)));
    }

    private Object measure(ObjectNode body) {
        String path = CorrectionRoutes.text(body, "path");
        return studio.jobs().start("images", path, job -> {
            Opened opened = data.open(path);
            known.measure(opened, job);
            studio.events().send("data", Map.of("path", path));
            return view(opened);
        });
    }

    private Object ofImage(Call call) {
        Opened opened = data.open(DataRoutes.path(call));
        String part = call.query("part").orElse("train");
        int index = DataRoutes.number(call, "index", 0, Integer.MAX_VALUE);
        int size = opened.splits().part(part).size();
        if (index >= size) {
            throw Refusal.notFound("the %s part of %s has %s images, there is no image %s"
                    .formatted(part, opened.path(), size, index));
        }
        int at = Items.starts(opened).get(part) + index;
        return Map.of(
                "measured", values(known.of(opened).orElse(List.of()), at),
                "table", values(known.ofTable(opened), at));
    }

    private static List<Map<String, Object>> values(List<Column> columns, int at) {
        var values = new ArrayList<Map<String, Object>>();
        for (Column column : columns) {
            var one = new LinkedHashMap<String, Object>();
            one.put("name", column.name());
            one.put(
                    "value",
                    column instanceof Column.Numbers numbers
                            ? Double.isNaN(numbers.values().get(at))
                                    ? null
                                    : (Object) numbers.values().get(at)
                            : ((Column.Words) column).values().get(at));
            values.add(one);
        }
        return values;
    }

    private Map<String, Object> view(Opened opened) {
        var view = new LinkedHashMap<String, Object>();
        view.put("measurable", !opened.splits().train().clips());
        view.put("isMeasured", known.of(opened).isPresent());
        view.put("measured", views(known.of(opened).orElse(List.of())));
        view.put("table", views(known.ofTable(opened)));
        return view;
    }

    private static List<Map<String, Object>> views(List<Column> columns) {
        return columns.stream()
                .map(column -> column instanceof Column.Numbers numbers ? view(numbers) : view((Column.Words) column))
                .toList();
    }

    private static Map<String, Object> view(Column.Numbers column) {
        double[] values = column.values().stream()
                .mapToDouble(value -> value)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        double least = Arrays.stream(values).min().orElse(0);
        double most = Arrays.stream(values).max().orElse(0);
        int[] bars = new int[BARS];
        for (double value : values) {
            bars[most > least ? (int) Math.min(BARS - 1, BARS * (value - least) / (most - least)) : 0]++;
        }
        return Map.of("name", column.name(), "kind", "numbers", "least", least, "most", most, "bars", bars);
    }

    private static Map<String, Object> view(Column.Words column) {
        var counts = new TreeMap<String, Integer>();
        column.values().forEach(word -> counts.merge(word, 1, Integer::sum));
        List<Map<String, Object>> words = counts.entrySet().stream()
                .sorted((a, b) -> b.getValue() - a.getValue())
                .limit(MOST_WORDS)
                .map(one -> Map.<String, Object>of("word", one.getKey(), "count", one.getValue()))
                .toList();
        return Map.of("name", column.name(), "kind", "words", "words", words, "more", counts.size() - words.size());
    }
}
