package dev.fovea.serve.studio.models;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.task.autoencode.Autoencoder;
import dev.fovea.task.autoencode.LatentSpace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The codes of an autoencoder as a map: where images lie, and what is decoded between them. */
final class LatentRoutes {

    private static final int MOST = 2000;
    private static final int MOST_DECODED = 64;
    private static final int KEPT = 2;

    private final ModelDesk desk;
    private final Map<Path, LatentSpace> spaces = new LinkedHashMap<>(4, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, LatentSpace> eldest) {
            return size() > KEPT;
        }
    };

    LatentRoutes(ModelDesk desk) {
        this.desk = desk;
    }

    List<Route> routes() {
        return List.of(
                Answers.post("/api/latent", "Where the images of a run lie among the codes, a job", this::map),
                Answers.post("/api/latent/decode", "What is decoded at places among the codes", this::decode),
                Answers.post("/api/latent/walk", "What is decoded from one place to another", this::walk));
    }

    private Object map(Call call, ObjectNode body) {
        Path run = desk.run(new Said(body));
        return desk.studio().jobs().start("codes", String.valueOf(run.getFileName()), job -> {
            Dataset all = desk.images().part(run, "validation");
            int[] positions = Order.spread(all.size(), MOST);
            Dataset images = all.subset(positions);
            var space = LatentSpace.of(new Autoencoder(desk.load(run).saved().net()), new WatchedImages(images, job));
            synchronized (spaces) {
                spaces.put(run, space);
            }
            List<float[]> places = space.places();
            var items = new ArrayList<Map<String, Object>>();
            for (int i = 0; i < images.size(); i++) {
                items.add(Map.of(
                        "index",
                        positions[i],
                        "name",
                        desk.name(images, i),
                        "label",
                        ExampleRoutes.label(images, i),
                        "place",
                        places.get(i)));
            }
            return Map.of(
                    "items", items,
                    "classes", images.classes(),
                    "directions", space.directions(),
                    "deviations", space.deviations());
        });
    }

    private Object decode(Call call, ObjectNode body) {
        var said = new Said(body);
        return Map.of(
                "images",
                space(said).at(said.rows("places", MOST_DECODED)).stream()
                        .map(Pictures::address)
                        .toList());
    }

    private Object walk(Call call, ObjectNode body) {
        var said = new Said(body);
        List<float[]> ends = said.rows("places", 2);
        if (ends.size() != 2) {
            throw Refusal.wrong("places: expected the two ends of a walk, got %s".formatted(ends.size()));
        }
        int count = said.whole("count", 11, 2, MOST_DECODED);
        return Map.of(
                "images",
                space(said).walk(ends.get(0), ends.get(1), count).stream()
                        .map(Pictures::address)
                        .toList());
    }

    private LatentSpace space(Said said) {
        Path run = desk.run(said);
        synchronized (spaces) {
            LatentSpace space = spaces.get(run);
            if (space == null) {
                throw Refusal.of(409, "no-map", "the codes of this run are not mapped any more. Draw the map again");
            }
            return space;
        }
    }
}
