package dev.fovea.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** COCO: a JSON file for each part, the numbers of classes and images as they were where the data had such. */
final class CocoWriter implements ObjectWriter {

    private final Path folder;
    private final List<String> classes;
    private final List<Long> categories;
    private final Map<String, List<Written>> parts = new LinkedHashMap<>();
    private long numbered;

    /** @param categories numbers of the classes, or none */
    CocoWriter(Path folder, List<String> classes, List<Long> categories) {
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
            try (var out = Files.newBufferedWriter(ObjectWriter.made(folder, name), StandardCharsets.UTF_8);
                    JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
                json.writeStartObject();
                json.writeArrayPropertyStart("images");
                part.getValue().forEach(image -> image(json, image));
                json.writeEndArray();
                json.writeArrayPropertyStart("annotations");
                part.getValue().forEach(image -> image.objects().forEach(object -> object(json, image, object)));
                json.writeEndArray();
                categories(json, part.getValue());
                json.writeEndObject();
            }
        }
    }

    private static void image(JsonGenerator json, Written image) {
        json.writeStartObject();
        json.writeNumberProperty("id", image.id());
        json.writeStringProperty("file_name", image.fileName());
        json.writeNumberProperty("width", image.size().width());
        json.writeNumberProperty("height", image.size().height());
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
        json.writeArrayPropertyStart("bbox");
        numbers(json, box.left(), box.top(), box.width(), box.height());
        json.writeEndArray();
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
            json.writeArrayPropertyStart("size");
            json.writeNumber(image.size().height());
            json.writeNumber(image.size().width());
            json.writeEndArray();
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
