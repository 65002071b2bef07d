package dev.fovea.serve.studio.models;

import dev.fovea.data.Dataset;
import dev.fovea.run.NearestImages;
import dev.fovea.run.WatchedImages;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.task.generate.Generator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Generated images beside the training images that they are nearest to: copies show. */
final class NearestRoutes {

    private static final int GENERATED = 12;

    private final ModelDesk desk;

    NearestRoutes(ModelDesk desk) {
        this.desk = desk;
    }

    List<Route> routes() {
        return List.of(Answers.post(
                "/api/nearest", "Generated images beside the nearest training images, a job", this::nearest));
    }

    private Object nearest(Call call, ObjectNode body) {
        var said = new Said(body);
        Path run = desk.run(said);
        Generator.Request request = GenerateRoutes.request(said);
        int count = said.whole("count", GENERATED, 1, GENERATED * 4);
        return desk.studio().jobs().start("copies", String.valueOf(run.getFileName()), job -> {
            LoadedModel model = desk.load(run);
            var wanted = new Generator.Request(count)
                    .withSeed(request.seed())
                    .withLabel(request.label())
                    .withSampling(request.steps(), request.method(), request.guidance());
            var made = new ArrayList<Generator.Generated>();
            model.generator().stream(wanted, (done, of, images) -> job.progress(done, of), made::add);
            Dataset train = desk.images().of(run).train();
            var search = new NearestImages(
                    new WatchedImages(train, job::progress), model.saved().net().preprocess());
            List<NearestImages.Found> found =
                    search.of(made.stream().map(Generator.Generated::image).toList());
            return copies(made, found, train);
        });
    }

    private Map<String, Object> copies(List<Generator.Generated> made, List<NearestImages.Found> found, Dataset train) {
        var items = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < made.size(); i++) {
            NearestImages.Found nearest = found.get(i);
            items.add(Map.of(
                    "label", made.get(i).label(),
                    "image", Pictures.address(made.get(i).image()),
                    "nearest", Pictures.address(nearest.image()),
                    "index", nearest.index(),
                    "name", desk.name(train, nearest.index()),
                    "difference", nearest.difference(),
                    "copy", nearest.copy()));
        }
        return Map.of("items", items, "searched", Math.min(train.size(), NearestImages.MOST), "of", train.size());
    }
}
