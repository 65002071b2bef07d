package dev.fovea.serve.studio.models;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.run.Trial;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/** Validation images as a model treats them: restored, compressed, reconstructed, or with their anomalies. */
final class ExampleRoutes {

    private static final int MOST = 48;
    private static final int USUAL = 12;

    private final ModelDesk desk;

    ExampleRoutes(ModelDesk desk) {
        this.desk = desk;
    }

    List<Route> routes() {
        return List.of(
                Answers.post("/api/examples", "Images of a run as its model treats them, a job", this::examples));
    }

    private Object examples(Call call, ObjectNode body) {
        var said = new Said(body);
        Path run = desk.run(said);
        String part = said.text("part").orElse("validation");
        int from = said.whole("from", 0, 0, Integer.MAX_VALUE);
        int count = said.whole("count", USUAL, 1, MOST);
        List<Integer> asked = said.positions("indices", MOST);
        return desk.studio().jobs().start("examples", String.valueOf(run.getFileName()), job -> {
            Dataset images = desk.images().part(run, part);
            List<Integer> shown = asked.isEmpty()
                    ? IntStream.range(from, Math.min(images.size(), from + count))
                            .boxed()
                            .toList()
                    : asked.stream().filter(index -> index < images.size()).toList();
            return Map.of(
                    "total", images.size(), "items", items(job, desk.load(run).trial(), images, shown));
        });
    }

    private List<Map<String, Object>> items(Job job, Trial trial, Dataset images, List<Integer> shown) {
        var items = new ArrayList<Map<String, Object>>();
        for (int index : shown) {
            job.progress(items.size(), shown.size());
            var item = new LinkedHashMap<String, Object>();
            item.put("index", index);
            item.put("name", desk.name(images, index));
            item.put("label", label(images, index));
            Image image = images.image(index);
            item.putAll(Pictures.view(trial.example(image, index)));
            item.put("image", Pictures.thumbnail(image));
            items.add(item);
        }
        return items;
    }

    /** The class of an image; empty where it has none. */
    static String label(Dataset images, int index) {
        return images.target(index) instanceof Target.Label label
                        && images.classes().size() > 1
                ? images.classes().get(label.index())
                : "";
    }
}
