package dev.fovea.serve.studio.annotate;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.data.Box;
import dev.fovea.data.Dataset;
import dev.fovea.data.DrawnObject;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Reply;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.annotate.AnnotatedData.Annotated;
import dev.fovea.task.PixelOverlay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Boxes, outlines and masks of images: shown, corrected, and proposed by models. */
public final class AnnotationRoutes {

    /** How far a polygon may be from the edge of a mask, in pixels of the image. */
    static final double TOLERANCE = 0.75;

    private static final int MOST_OBJECTS = 5000;
    private static final int MOST_CLASSES = 10_000;

    private final Studio studio;
    private final AnnotatedData data;
    private final ModelProposals proposals;

    public AnnotationRoutes(Studio studio) {
        this.studio = studio;
        data = new AnnotatedData(studio);
        proposals = new ModelProposals(studio, data);
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>(List.of(
                Asked.image(Answers.get("/api/annotations", "The objects of an image", this::show)),
                Asked.image(Answers.get("/api/image/mask", "The classes of an image's pixels, as colours", this::mask))
                        .with("v", "anything: a browser takes another address for another image")
                        .giving("image/png"),
                Answers.post("/api/annotations/save", "Corrects the objects of an image", (call, body) -> save(body)),
                Answers.post(
                        "/api/annotations/reset",
                        "Gives an image the objects that its data has",
                        (call, body) -> reset(body))));
        routes.addAll(proposals.routes());
        return routes;
    }

    private Object show(Call call) {
        Annotated opened = data.open(Asked.path(call));
        return view(opened, Asked.part(call), Asked.index(call));
    }

    private Map<String, Object> view(Annotated opened, String part, int index) {
        Dataset images = opened.images(part, index);
        AnnotationCorrections corrections = opened.corrections();
        Size size = size(opened, part, index);
        String name = images.name(index);
        var view = new LinkedHashMap<String, Object>();
        view.put("path", opened.path());
        view.put("part", part);
        view.put("index", index);
        view.put("version", opened.version());
        view.put("name", name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1));
        view.put("width", size.width());
        view.put("height", size.height());
        view.put("pixels", corrections.pixels());
        view.put("classes", corrections.classes());
        view.put("parts", AnnotatedData.sizes(opened.data()));
        view.put("corrected", corrections.isCorrected(part, name));
        view.put("correctedImages", corrections.corrected());
        view.put("file", studio.workspace().relative(corrections.file()));
        view.put("objects", objects(corrections.objects(opened.data(), part, index, TOLERANCE)));
        return view;
    }

    private static Size size(Annotated opened, String part, int index) {
        return size(opened.images(part, index), index);
    }

    static Size size(Dataset images, int index) {
        return images.encoded(index)
                .map(bytes -> Image.size(bytes, images.name(index)))
                .orElseGet(() -> images.image(index).size());
    }

    static List<Map<String, Object>> objects(List<DrawnObject> objects) {
        return objects.stream().map(AnnotationRoutes::view).toList();
    }

    private static Map<String, Object> view(DrawnObject object) {
        var view = new LinkedHashMap<String, Object>();
        view.put("label", object.label());
        view.put("box", box(object.box()));
        view.put("polygons", object.polygons());
        view.put("ignore", object.ignore());
        view.put("origin", object.origin());
        return view;
    }

    static List<Double> box(Box box) {
        return List.of(box.left(), box.top(), box.right(), box.bottom());
    }

    private Object mask(Call call) {
        Annotated opened = data.open(Asked.path(call));
        String part = Asked.part(call);
        int index = Asked.index(call);
        opened.images(part, index);
        Dataset images = opened.corrections().appliedTo(opened.data(), part, index);
        if (!(images.target(index) instanceof Target.PixelLabels labels)) {
            throw Refusal.notFound("%s: has boxes and outlines, no classes of pixels".formatted(opened.path()));
        }
        return Reply.bytes("image/png", Image.png(PixelOverlay.of(labels.classes(), images.classes())));
    }

    /** Images are named by their numbers, which are others once some were added or removed. */
    private Annotated opened(ObjectNode body) {
        Annotated opened = data.open(Asked.text(body, "path"));
        if (body.has("version") && !Asked.text(body, "version").equals(opened.version())) {
            throw Refusal.of(
                    409,
                    "changed",
                    "%s: its images have changed since this page showed them. Load the page again, then correct the image"
                            .formatted(opened.path()));
        }
        return opened;
    }

    private Object save(ObjectNode body) {
        return correct(body, (opened, part, index) -> {
            AnnotationCorrections after = opened.corrections();
            for (String added : classes(body)) {
                after = after.classes().contains(added) ? after : after.withClass(added);
            }
            return after.with(opened.data(), part, index, drawn(body));
        });
    }

    private Object reset(ObjectNode body) {
        return correct(body, (opened, part, index) -> opened.corrections().without(opened.data(), part, index));
    }

    /** What becomes of the corrections of a data set by one of an image. */
    private interface Correction {
        AnnotationCorrections of(Annotated opened, String part, int index);
    }

    private Object correct(ObjectNode body, Correction correction) {
        studio.workspace().checkWritable();
        synchronized (data) {
            Annotated opened = opened(body);
            String part = Asked.text(body, "part");
            int index = body.path("index").asInt(-1);
            opened.images(part, index);
            AnnotationCorrections after = correction.of(opened, part, index);
            after.write();
            studio.data().forget(studio.workspace().relative(after.file()));
            studio.events().send("data", Map.of("path", opened.path()));
            return view(opened.with(after), part, index);
        }
    }

    private static List<String> classes(ObjectNode body) {
        var classes = new ArrayList<String>();
        for (JsonNode one : body.path("classes")) {
            classes.add(one.asString(""));
        }
        if (classes.size() > MOST_CLASSES) {
            throw Refusal.wrong("classes: expected at most %s, got %s".formatted(MOST_CLASSES, classes.size()));
        }
        return classes;
    }

    /** @throws Refusal if they are no list of objects */
    private static List<DrawnObject> drawn(ObjectNode body) {
        JsonNode sent = body.path("objects");
        if (!sent.isArray() || sent.size() > MOST_OBJECTS) {
            throw Refusal.wrong("objects: expected a list of at most %s objects".formatted(MOST_OBJECTS));
        }
        var objects = new ArrayList<DrawnObject>();
        for (JsonNode one : sent) {
            List<List<Double>> polygons = new ArrayList<>();
            one.path("polygons").forEach(polygon -> polygons.add(numbers(polygon)));
            List<Double> box = numbers(one.path("box"));
            if (box.size() != 4) {
                throw Refusal.wrong("box: expected left, top, right and bottom, got %s numbers".formatted(box.size()));
            }
            objects.add(new DrawnObject(
                    one.path("label").asInt(-1),
                    new Box(box.get(0), box.get(1), box.get(2), box.get(3)),
                    polygons,
                    one.path("ignore").asBoolean(false),
                    one.path("origin").asInt(DrawnObject.DRAWN)));
        }
        return objects;
    }

    private static List<Double> numbers(JsonNode list) {
        var numbers = new ArrayList<Double>();
        list.forEach(one -> numbers.add(one.asDouble(Double.NaN)));
        return numbers;
    }
}
