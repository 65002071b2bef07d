package dev.fovea.serve.http;

import dev.fovea.serve.ServedModels.Description;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is served, for people and for the page. */
final class Catalog {

    private static final int CLASSES = 1000;

    private Catalog() {}

    /** Paths beside those of the models that answer about images, each with what is there. */
    static Map<String, String> others(Offer offer) {
        var all = new LinkedHashMap<String, String>();
        offer.restorers().forEach((name, one) -> all.put("/restore/" + name, "restoration of " + one.degradation()));
        offer.generators()
                .forEach((name, one) ->
                        all.put("/generate/" + name, one.config().task().type()));
        offer.indexes()
                .forEach((name, one) -> all.put(
                        "/find/" + name,
                        "gallery of %s images".formatted(one.gallery().size())));
        return all;
    }

    static void models(Call call) {
        Offer offer = call.shared().offer();
        var rows = new ArrayList<Map<String, Object>>();
        for (Description one : offer.models().all()) {
            Map<String, Object> row = row(one.name(), "predict", one.task(), limited(one.classes()));
            row.put("version", one.version());
            row.put("height", one.height());
            row.put("width", one.width());
            row.put("ready", one.ready());
            row.put("failure", one.failure());
            rows.add(row);
        }
        offer.restorers().forEach((name, one) -> rows.add(row(name, "restore", one.degradation(), List.of())));
        offer.generators()
                .forEach((name, one) -> rows.add(row(
                        name,
                        "generate",
                        one.config().task().type(),
                        one.classConditional() ? limited(one.classes()) : List.of())));
        offer.indexes().forEach((name, one) -> rows.add(row(name, "find", "image search", List.of())));
        call.json(Map.of("models", rows));
    }

    private static List<String> limited(List<String> classes) {
        return classes.subList(0, Math.min(CLASSES, classes.size()));
    }

    private static Map<String, Object> row(String name, String does, String task, List<String> classes) {
        var row = new LinkedHashMap<String, Object>();
        row.put("name", name);
        row.put("does", does);
        row.put("path", "/%s/%s".formatted(does, name));
        row.put("task", task);
        row.put("classes", classes);
        return row;
    }
}
