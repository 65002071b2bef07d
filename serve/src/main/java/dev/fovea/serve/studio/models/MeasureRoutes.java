package dev.fovea.serve.studio.models;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.run.NearestImages;
import dev.fovea.run.Subset;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.task.anomaly.AnomalyDetector;
import dev.fovea.task.embed.Embedder;
import dev.fovea.task.embed.EmbeddingEvaluation;
import dev.fovea.task.generate.Generator;
import dev.fovea.task.regress.Regressor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/** What is measured of a run's model on all its validation images, to be looked at: scores, predictions, pairs, copies. */
final class MeasureRoutes {

    /** Images that are looked at: a figure needs no more. */
    private static final int MOST = 2000;

    private static final int PAIRS = 24;
    private static final int BINS = 80;
    private static final int GENERATED = 12;

    private final ModelDesk desk;

    MeasureRoutes(ModelDesk desk) {
        this.desk = desk;
    }

    List<Route> routes() {
        return List.of(
                Answers.post("/api/anomaly/scores", "How anomalous each image is, a job", this::scores),
                Answers.post(
                        "/api/nearest", "Generated images beside the nearest training images, a job", this::nearest),
                Answers.post("/api/regression", "True and predicted numbers, a job", this::regression),
                Answers.post("/api/pairs", "Similarities of pairs of images, a job", this::pairs));
    }

    private Object scores(Call call, ObjectNode body) {
        var said = new Said(body);
        Path run = desk.run(said);
        String part = said.text("part").orElse("validation");
        return desk.studio().jobs().start("score", String.valueOf(run.getFileName()), job -> {
            Dataset images = desk.images().part(run, part);
            AnomalyDetector detector = AnomalyDetector.of(desk.load(run).saved().net());
            var items = new ArrayList<Map<String, Object>>();
            int[] positions = Order.spread(images.size(), MOST);
            for (int i : positions) {
                job.progress(items.size(), positions.length);
                items.add(Map.of(
                        "index", i,
                        "name", desk.name(images, i),
                        "label", ExampleRoutes.label(images, i),
                        "score", detector.score(images.image(i))));
            }
            var view = new LinkedHashMap<String, Object>();
            view.put("items", items);
            OptionalDouble threshold = detector.threshold();
            threshold.ifPresent(value -> view.put("threshold", value));
            return view;
        });
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
                    new WatchedImages(train, job), model.saved().net().preprocess());
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
                    "difference", Math.sqrt(nearest.error())));
        }
        return Map.of("items", items, "searched", Math.min(train.size(), NearestImages.MOST), "of", train.size());
    }

    private Object regression(Call call, ObjectNode body) {
        var said = new Said(body);
        Path run = desk.run(said);
        String part = said.text("part").orElse("validation");
        return desk.studio().jobs().start("predict", String.valueOf(run.getFileName()), job -> {
            Dataset all = desk.images().part(run, part);
            int[] positions = Order.spread(all.size(), MOST);
            Dataset images = new WatchedImages(all.subset(positions), job);
            var evaluation = Regressor.load(run).evaluate(images);
            var targets = evaluation.result().perTarget();
            var items = new ArrayList<Map<String, Object>>();
            for (int i = 0; i < images.size(); i++) {
                items.add(Map.of(
                        "index", positions[i],
                        "name", desk.name(images, i),
                        "truth", evaluation.truth().get(i),
                        "predicted", evaluation.predicted().get(i)));
            }
            return Map.of("targets", targets, "items", items);
        });
    }

    private Object pairs(Call call, ObjectNode body) {
        var said = new Said(body);
        Path run = desk.run(said);
        String part = said.text("part").orElse("validation");
        return desk.studio().jobs().start("pairs", String.valueOf(run.getFileName()), job -> pairs(job, run, part));
    }

    private Object pairs(Job job, Path run, String part) {
        Dataset images = Subset.evenly(desk.images().part(run, part), MOST);
        var embedder = Embedder.load(run);
        var evaluation = embedder.evaluate(new WatchedImages(images, job));
        job.checkStopped();
        var verification = evaluation.pairs().verification();
        var view = new LinkedHashMap<String, Object>();
        view.put("metrics", evaluation.metrics());
        embedder.threshold().ifPresent(value -> view.put("threshold", value));
        view.put("same", evaluation.pairs().histogram(true, BINS));
        view.put("different", evaluation.pairs().histogram(false, BINS));
        view.put("roc", verification.defined() ? verification.roc() : List.of());
        view.put("leastAlike", shown(images, evaluation, true));
        view.put("mostAlike", shown(images, evaluation, false));
        return view;
    }

    private List<Map<String, Object>> shown(Dataset images, EmbeddingEvaluation evaluation, boolean same) {
        return evaluation.pairs().hardest(same, PAIRS).stream()
                .map(pair -> Map.<String, Object>of(
                        "a", Pictures.thumbnail(images.image(pair.a())),
                        "b", Pictures.thumbnail(images.image(pair.b())),
                        "labels", List.of(ExampleRoutes.label(images, pair.a()), ExampleRoutes.label(images, pair.b())),
                        "names", List.of(desk.name(images, pair.a()), desk.name(images, pair.b())),
                        "similarity", pair.similarity()))
                .toList();
    }
}
