package dev.fovea.data;

import dev.fovea.image.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * COCO: a JSON file for each part, the numbers of classes and images as they were where the data had such. Of what a model has
 * found there is also {@code results.json}, the list that COCO's evaluation takes.
 */
final class CocoWriter implements ObjectWriter {

    /** The part of an image, where one file lists those of several. */
    static final String PART = "split";

    private final Path folder;
    private final List<String> classes;
    private final List<Long> categories;
    private final Map<String, List<Written>> parts = new LinkedHashMap<>();
    private final boolean found;
    private long numbered;

    /**
     * @param categories numbers of the classes, or none
     * @param found whether a model has found the objects
     */
    CocoWriter(Path folder, List<String> classes, List<Long> categories, boolean found) {
        this.found = found;
        this.folder = folder;
        this.classes = classes;
        this.categories = categories;
    }

    @Override
    public String place(Written image) {
        return ObjectWriter.word(image.part()) + "/" + image.fileName();
    }

    @Override
    public void add(Written image, Losses losses) {
        parts.computeIfAbsent(image.part(), part -> new ArrayList<>()).add(image);
    }

    @Override
    public void finish() throws IOException {
        for (var part : parts.entrySet()) {
            String name = "annotations/instances_" + ObjectWriter.word(part.getKey()) + ".json";
            try (JsonGenerator json = file(name)) {
                json.writeStartObject();
                lists(json, part.getValue(), false);
                json.writeEndObject();
            }
        }
        if (found) {
            results();
        }
    }

    /**
     * Writes the three lists of a file: images, their objects, and the classes.
     *
     * @param ofParts whether each image says its part
     */
    void lists(JsonGenerator json, List<Written> images, boolean ofParts) {
        json.writeArrayPropertyStart("images");
        images.forEach(image -> image(json, image, ofParts));
        json.writeEndArray();
        json.writeArrayPropertyStart("annotations");
        images.forEach(image -> image.objects().forEach(object -> object(json, image, object)));
        json.writeEndArray();
        categories(json, images);
    }

    private JsonGenerator file(String name) throws IOException {
        return new JsonFactory()
                .createGenerator(
                        ObjectWriteContext.empty(),
                        ObjectWriter.made(folder, name).toFile(),
                        JsonEncoding.UTF8);
    }

    private void results() throws IOException {
        try (JsonGenerator json = file("results.json")) {
            json.writeStartArray();
            parts.values()
                    .forEach(images -> images.forEach(image -> image.results().stream()
                            .filter(object -> object.score().isPresent())
                            .forEach(object -> result(json, image, object))));
            json.writeEndArray();
        }
    }

    private void result(JsonGenerator json, Written image, Annotation object) {
        json.writeStartObject();
        json.writeNumberProperty("image_id", image.id());
        json.writeNumberProperty("category_id", category(object.label()));
        box(json, object.box());
        if (object.outline().drawn()) {
            json.writeObjectPropertyStart("segmentation");
            size(json, image.size());
            json.writeStringProperty(
                    "counts", RunLengths.text(RunLengths.of(object.outline().mask(image.size(), object.box()))));
            json.writeEndObject();
        }
        object.keypoints().ifPresent(points -> keypoints(json, points));
        score(json, object);
        json.writeEndObject();
    }

    private static void score(JsonGenerator json, Annotation object) {
        object.score().ifPresent(score -> {
            json.writeName("score");
            json.writeNumber(ObjectWriter.score(score));
        });
    }

    private static void box(JsonGenerator json, Box box) {
        json.writeArrayPropertyStart("bbox");
        numbers(json, box.left(), box.top(), box.width(), box.height());
        json.writeEndArray();
    }

    private static void size(JsonGenerator json, Size size) {
        json.writeArrayPropertyStart("size");
        json.writeNumber(size.height());
        json.writeNumber(size.width());
        json.writeEndArray();
    }

    private static void image(JsonGenerator json, Written image, boolean ofParts) {
        json.writeStartObject();
        json.writeNumberProperty("id", image.id());
        json.writeStringProperty("file_name", image.fileName());
        json.writeNumberProperty("width", image.size().width());
        json.writeNumberProperty("height", image.size().height());
        if (ofParts) {
            json.writeStringProperty(PART, image.part());
        }
        json.writeEndObject();
    }

    private void categories(JsonGenerator json, List<Written> images) {
        json.writeArrayPropertyStart("categories");
        for (int label = 0; label < classes.size(); label++) {
            json.writeStartObject();
            json.writeNumberProperty("id", category(label));
            json.writeStringProperty("name", classes.get(label));
            skeleton(images, label).ifPresent(skeleton -> {
                json.writeArrayPropertyStart("keypoints");
                skeleton.names().forEach(json::writeString);
                json.writeEndArray();
            });
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static Optional<Skeleton> skeleton(List<Written> images, int label) {
        return images.stream()
                .flatMap(image -> image.objects().stream())
                .filter(object -> object.label() == label)
                .flatMap(object -> object.keypoints().stream())
                .map(Keypoints::skeleton)
                .findFirst();
    }

    private long category(int label) {
        return categories.isEmpty() ? label + 1 : categories.get(label);
    }

    private void object(JsonGenerator json, Written image, Annotation object) {
        json.writeStartObject();
        json.writeNumberProperty("id", ++numbered);
        json.writeNumberProperty("image_id", image.id());
        json.writeNumberProperty("category_id", category(object.label()));
        Box box = object.box();
        box(json, box);
        double area = box.area();
        if (object.outline() instanceof Outline.Polygons polygons) {
            json.writeArrayPropertyStart("segmentation");
            for (float[] ring : polygons.rings()) {
                json.writeStartArray();
                for (float number : ring) {
                    numbers(json, number);
                }
                json.writeEndArray();
            }
            json.writeEndArray();
            area = polygons.mask(image.size(), box).count();
        } else if (object.outline().drawn()) {
            Mask mask = object.outline().mask(image.size(), box);
            json.writeObjectPropertyStart("segmentation");
            size(json, image.size());
            json.writeArrayPropertyStart("counts");
            Arrays.stream(RunLengths.of(mask)).forEach(json::writeNumber);
            json.writeEndArray();
            json.writeEndObject();
            area = mask.count();
        }
        json.writeName("area");
        numbers(json, area);
        json.writeNumberProperty("iscrowd", object.ignore() ? 1 : 0);
        object.keypoints().ifPresent(points -> keypoints(json, points));
        score(json, object);
        json.writeEndObject();
    }

    private static void keypoints(JsonGenerator json, Keypoints points) {
        json.writeNumberProperty("num_keypoints", points.marked());
        json.writeArrayPropertyStart("keypoints");
        for (int i = 0; i < points.x().length; i++) {
            numbers(json, points.x()[i], points.y()[i], points.visibility()[i]);
        }
        json.writeEndArray();
    }

    /** Whole ones without a point, others with at most four digits behind it. */
    private static void numbers(JsonGenerator json, double... numbers) {
        for (double number : numbers) {
            json.writeNumber(BoxChecks.number(number));
        }
    }
}
