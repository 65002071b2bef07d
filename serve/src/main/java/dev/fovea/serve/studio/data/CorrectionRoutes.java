package dev.fovea.serve.studio.data;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.run.Cleaning;
import dev.fovea.run.Corrections;
import dev.fovea.run.Finding;
import dev.fovea.run.ImagePlaces.Place;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Studio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Corrections of single images: left out, relabelled, as they were; undone and done again. */
final class CorrectionRoutes {

    private final Studio studio;
    private final OpenData data;

    CorrectionRoutes(Studio studio, OpenData data) {
        this.studio = studio;
        this.data = data;
    }

    List<Route> routes() {
        return List.of(
                Answers.post("/api/data/correct", "Corrects images of a data set", (call, body) -> correct(body)),
                Answers.post("/api/data/undo", "Undoes the last correction, or that of a step", (call, body) -> {
                    Opened opened = opened(body);
                    return stepped(opened, undone(opened, body));
                }),
                Answers.post("/api/data/redo", "Does again what was undone last", (call, body) -> {
                    Opened opened = opened(body);
                    return stepped(opened, opened.log().redo());
                }),
                Answers.post("/api/data/clean", "Writes a list of the corrected images", (call, body) -> clean(body)));
    }

    private Opened opened(ObjectNode body) {
        studio.workspace().checkWritable();
        return data.open(text(body, "path"));
    }

    /** @throws Refusal if it is missing */
    static String text(ObjectNode body, String name) {
        JsonNode value = body.get(name);
        if (value == null || !value.isString() || value.asString().isEmpty()) {
            throw Refusal.wrong("%s: expected a text in the request".formatted(name));
        }
        return value.asString();
    }

    /**
     * An image that is corrected.
     *
     * @param label the class that it is to have; empty where none is said
     */
    private record Wanted(Place place, String label) {}

    private Object correct(ObjectNode body) {
        Opened opened = opened(body);
        checkVersion(opened, body);
        String action = text(body, "action");
        List<Wanted> images = images(opened, body);
        var said = new ArrayList<Finding>();
        var cleared = new ArrayList<Finding>();
        for (Wanted image : images) {
            Finding known = opened.marks().get(image.place());
            if (known != null) {
                cleared.add(known);
            }
            finding(opened, image, action).ifPresent(said::add);
        }
        String step = opened.log().change(said, cleared);
        Map<String, Object> view = changed(opened, images.size());
        view.put("step", step);
        return view;
    }

    /** Whoever names a step saw it made: others may have come since, from this page or another. */
    private static List<Finding> undone(Opened opened, ObjectNode body) {
        if (!body.has("step")) {
            return opened.log().undo();
        }
        return opened.log()
                .undo(text(body, "step"))
                .orElseThrow(() -> Refusal.of(
                        409,
                        "changed",
                        "%s: other corrections came after this one. Undo those first".formatted(opened.path())));
    }

    /** Images are named by their numbers, which are others once some were added or removed. */
    private static void checkVersion(Opened opened, ObjectNode body) {
        if (!text(body, "version").equals(opened.version())) {
            throw Refusal.of(
                    409,
                    "changed",
                    "%s: has changed since this page showed it. Look at it again, then correct it"
                            .formatted(opened.path()));
        }
    }

    private static Optional<Finding> finding(Opened opened, Wanted image, String action) {
        Place place = image.place();
        Dataset images = opened.splits().part(place.part());
        String name = opened.listName(place.part(), place.index());
        String given = images.target(place.index()) instanceof Target.Label label
                ? images.classes().get(label.index())
                : "";
        switch (action) {
            case "remove":
                return Optional.of(Corrections.removal(name, place.part(), given));
            case "keep":
                return Optional.of(
                        new Finding(name, place.part(), Finding.Kind.BY_HAND, 1, given, "", Finding.Action.KEEP, ""));
            case "restore":
                return Optional.empty();
            case "relabel":
                checkLabel(opened, images, given, image.label());
                return given.equals(image.label())
                        ? Optional.empty()
                        : Optional.of(Corrections.relabelling(name, place.part(), given, image.label()));
            default:
                throw Refusal.wrong(
                        "action: expected remove, relabel, keep or restore, got '%s'".formatted(Escaped.of(action)));
        }
    }

    private static void checkLabel(Opened opened, Dataset images, String given, String label) {
        if (label.isEmpty()) {
            throw Refusal.wrong("label: expected a class in the request, or labels with one for each image");
        }
        if (given.isEmpty()) {
            throw Refusal.wrong(
                    "%s: its images have no single class, so they cannot be given another. Leave them out, or edit their boxes"
                            .formatted(opened.path()));
        }
        if (!images.classes().contains(label)) {
            throw Refusal.wrong("the class '%s' is none of those of %s%s choose one that is"
                    .formatted(Escaped.of(label), opened.path(), Nearest.hint(label, images.classes(), ",")));
        }
    }

    /** All are to have the class {@code label}, or each its own of {@code labels}, which are as the images. */
    private static List<Wanted> images(Opened opened, ObjectNode body) {
        var wanted = new ArrayList<Wanted>();
        if (!(body.get("images") instanceof ObjectNode parts)) {
            throw Refusal.wrong("images: expected lists of numbers by part, as in {\"train\": [0, 5]}");
        }
        for (Map.Entry<String, JsonNode> part : parts.properties()) {
            int size = opened.splits().part(part.getKey()).size();
            JsonNode labels = body.path("labels").path(part.getKey());
            for (int i = 0; i < part.getValue().size(); i++) {
                JsonNode index = part.getValue().get(i);
                if (!index.isInt() || index.asInt() < 0 || index.asInt() >= size) {
                    throw Refusal.wrong("images: the %s part of %s has %s images, there is no image %s"
                            .formatted(part.getKey(), opened.path(), size, index));
                }
                String label = labels.path(i).asString(body.path("label").asString(""));
                wanted.add(new Wanted(new Place(part.getKey(), index.asInt()), label));
            }
        }
        return wanted;
    }

    /** With what is said about each image now that something else was said about. */
    private Map<String, Object> stepped(Opened opened, List<Finding> touched) {
        List<Place> places = touched.stream()
                .map(one -> opened.places()
                        .findAnywhere(one.part(), one.path(), opened.log().now().folder()))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        Map<String, Object> view = changed(opened, touched.isEmpty() ? 0 : Math.max(1, places.size()));
        view.put("marks", places.stream().map(place -> mark(opened, place)).toList());
        return view;
    }

    private static Map<String, Object> mark(Opened opened, Place place) {
        var view = new LinkedHashMap<String, Object>();
        view.put("part", place.part());
        view.put("index", place.index());
        view.putAll(Items.mark(opened, place));
        return view;
    }

    private Map<String, Object> changed(Opened opened, int images) {
        studio.events().send("data", Map.of("path", opened.path()));
        var view = new LinkedHashMap<String, Object>();
        view.put("images", images);
        view.put("corrections", DataSummary.corrections(opened, studio.workspace()));
        return view;
    }

    private Job clean(ObjectNode body) {
        Opened opened = opened(body);
        if (opened.log().now().all().isEmpty()) {
            throw Refusal.of(
                    409,
                    "unchanged",
                    "%s: nothing was corrected, so there is no other list to write".formatted(opened.path()));
        }
        Path list = studio.workspace().resolve(text(body, "name"));
        if (Files.exists(list)) {
            throw Refusal.of(
                    409,
                    "exists",
                    "%s: is there already. Choose another name"
                            .formatted(studio.workspace().relative(list)));
        }
        return studio.jobs().start("list", opened.path(), job -> {
            Cleaning cleaning = Cleaning.of(opened.splits(), opened.log().now().list(), list, job::progress);
            return Map.of(
                    "path", studio.workspace().relative(list),
                    "images", cleaning.kept(),
                    "removed", cleaning.removed(),
                    "relabelled", cleaning.relabelled());
        });
    }
}
