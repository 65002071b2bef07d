package dev.fovea.serve.studio.annotate;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.io.FileStamp;
import dev.fovea.run.Finding;
import dev.fovea.run.ImagePlaces.Place;
import dev.fovea.run.SavedNet;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.data.Opened;
import dev.fovea.task.ImageMap;
import dev.fovea.task.classify.EmbeddingMap.Projection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The images of a data set as points of a plane. Maps that were made are kept, a few of them. */
public final class MapRoutes {

    private static final int KEPT = 8;
    private static final int MOST = 5000;

    /** Of each image, by whose classes it stands out. */
    private static final int NEIGHBOURS = 8;

    private final Studio studio;
    private final Map<Asking, ImageMap> made = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * What is to be mapped, and by what.
     *
     * @param version of the images
     * @param run whose features are compared; empty to compare thumbnails
     * @param weights of the run
     */
    private record Asking(
            String path, String version, String run, Optional<FileStamp> weights, Projection projection, int most) {}

    public MapRoutes(Studio studio) {
        this.studio = studio;
    }

    public List<Route> routes() {
        return List.of(
                Asked.path(Answers.get("/api/data/map", "A map of images that was made", this::show))
                        .with("run", "by whose features; by thumbnails where it is left out")
                        .with("projection", "t-sne or pca")
                        .with("most", "images that are drawn"),
                Answers.get("/api/data/map/models", "Runs whose features images can be compared by", call -> models()),
                Answers.post("/api/data/map", "Makes a map of images", (call, body) -> make(body)));
    }

    private Asking asking(Opened data, String run, String projection, int most) {
        if (most < 4 || most > MOST) {
            throw Refusal.wrong("most: expected 4 to %s images, got %s".formatted(MOST, most));
        }
        Projection flat = switch (projection) {
            case "t-sne" -> Projection.T_SNE;
            case "pca" -> Projection.PCA;
            default -> throw Refusal.wrong("projection: expected t-sne or pca");
        };
        Optional<FileStamp> weights = run.isEmpty()
                ? Optional.empty()
                : Optional.of(FileStamp.of(SavedNet.weights(studio.workspace().existing(run))));
        return new Asking(data.path(), data.version(), run, weights, flat, most);
    }

    private Object show(Call call) {
        Opened data = studio.data().open(Asked.path(call));
        Asking asking = asking(
                data,
                call.query("run").orElse(""),
                call.query("projection").orElse("t-sne"),
                call.query("most")
                        .filter(text -> text.matches("\\d{1,6}"))
                        .map(Integer::parseInt)
                        .orElse(1000));
        return view(data, kept(asking));
    }

    private Optional<ImageMap> kept(Asking asking) {
        synchronized (made) {
            return Optional.ofNullable(made.get(asking));
        }
    }

    private void keep(Asking asking, ImageMap map) {
        synchronized (made) {
            made.put(asking, map);
            while (made.size() > KEPT) {
                made.remove(made.keySet().iterator().next());
            }
        }
    }

    private Job make(ObjectNode body) {
        String path = Asked.text(body, "path");
        String run = body.path("run").asString("");
        String projection = body.path("projection").asString("t-sne");
        int most = body.path("most").asInt(1000);
        return studio.jobs().start("map", path, job -> {
            Opened data = studio.data().open(path);
            Asking asking = asking(data, run, projection, most);
            Optional<ImageMap> known = kept(asking);
            if (known.isEmpty()) {
                Optional<SavedNet> net = run.isEmpty()
                        ? Optional.empty()
                        : Optional.of(studio.loaded()
                                .of(studio.workspace().existing(run))
                                .saved()
                                .net());
                keep(asking, ImageMap.of(data.splits(), net, asking.projection(), most, job::progress));
            }
            return Map.of("images", kept(asking).map(map -> map.points().size()).orElse(0));
        });
    }

    /** Column by column, as points are many. */
    private static Object view(Opened data, Optional<ImageMap> found) {
        var view = new LinkedHashMap<String, Object>();
        view.put("made", found.isPresent());
        view.put("version", data.version());
        view.put("targets", data.targets());
        view.put(
                "images", data.parts().values().stream().mapToInt(Dataset::size).sum());
        view.put("classes", data.splits().train().classes());
        if (found.isEmpty()) {
            return view;
        }
        var parts = new ArrayList<String>();
        var indices = new ArrayList<Integer>();
        var xs = new ArrayList<Float>();
        var ys = new ArrayList<Float>();
        var labels = new ArrayList<Integer>();
        var names = new ArrayList<String>();
        var marks = new ArrayList<Map<String, Object>>();
        for (ImageMap.Point point : found.get().points()) {
            Dataset images = data.splits().part(point.part());
            Finding mark = data.marks().get(new Place(point.part(), point.index()));
            if (mark != null) {
                marks.add(Map.of("i", parts.size(), "mark", mark.action().word(), "to", mark.proposed()));
            }
            parts.add(point.part());
            indices.add(point.index());
            xs.add((float) point.x());
            ys.add((float) point.y());
            labels.add(label(images.target(point.index())));
            names.add(data.shortName(point.part(), point.index()));
        }
        view.put("method", found.get().method());
        view.put("part", parts);
        view.put("index", indices);
        view.put("x", xs);
        view.put("y", ys);
        view.put("label", labels);
        view.put("name", names);
        view.put("near", found.get().neighbours(NEIGHBOURS));
        view.put("marks", marks);
        return view;
    }

    /** The class, or the one with most objects; -1 where there is none. */
    private static int label(Target target) {
        if (target instanceof Target.Label label) {
            return label.index();
        }
        return target instanceof Target.Objects ? target.stratum() - 1 : -1;
    }

    private Map<String, Object> models() {
        return Map.of(
                "models",
                WorkspaceModels.of(studio.workspace(), ImageMap::possible).stream()
                        .map(run -> Map.of("run", studio.workspace().relative(run)))
                        .toList());
    }
}
