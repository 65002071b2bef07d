package dev.fovea.export.runtime;

import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.image.Filter;
import dev.fovea.image.Size;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import dev.fovea.io.Nearest;
import dev.fovea.io.RegularFile;
import dev.fovea.models.TaskConfig;
import dev.fovea.train.InputSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The keys of the file beside a model, few and as recipes call them. */
record BesideKeys(Path file, ObjectNode values) {

    private static final int LONGEST = 1 << 20;
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    private static final List<Double> IMAGENET_DEVIATION = List.of(0.229, 0.224, 0.225);

    private static final List<String> KEYS = List.of(
            "task",
            "classes",
            "size",
            "normalize",
            "mean",
            "std",
            "resize",
            "crop",
            "filter",
            "order",
            "layout",
            "output",
            "firstLabel");

    /** What is done to bytes: divided by 255 and then by channel, or nothing. */
    private enum Normalize {
        UNIT,
        IMAGENET,
        BYTES,
        GIVEN
    }

    private enum Order {
        RGB,
        BGR
    }

    private enum Layout {
        NCHW,
        NHWC
    }

    /** @throws FormatException if it is no YAML of keys that there are */
    static BesideKeys read(Path file) {
        JsonNode tree;
        try {
            tree = YAML.readTree(RegularFile.read(file, LONGEST));
        } catch (IOException e) {
            throw new FormatException("%s: cannot be read (%s)".formatted(file, e.getMessage()));
        } catch (JacksonException e) {
            throw new FormatException(
                    "%s: not readable as YAML. Check indentation, brackets, quotes, and the space behind each colon"
                            .formatted(file));
        }
        if (!(tree instanceof ObjectNode values)) {
            throw new FormatException("%s: expected keys with values, such as task: classification".formatted(file));
        }
        for (String key : values.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new FormatException("%s: unknown key '%s'%s there are %s"
                        .formatted(file, Escaped.of(key), Nearest.hint(key, KEYS, ","), String.join(", ", KEYS)));
            }
        }
        return new BesideKeys(file, values);
    }

    /** The word of a task, or a task with its settings as recipes have them. */
    TaskConfig task() {
        JsonNode task = values.path("task");
        if (task.isString()) {
            return new TaskConfig(task.stringValue(), Map.of());
        }
        if (task instanceof ObjectNode settings) {
            @SuppressWarnings("unchecked")
            Map<String, Object> all = YAML.convertValue(settings, Map.class);
            return TaskConfig.of(all);
        }
        throw wrong("task", "the word of a task, such as classification");
    }

    /** A list of names, or of a text file in the model's folder its lines; none where the key is left out. */
    List<String> classes(Path model) {
        JsonNode classes = values.path("classes");
        if (classes.isMissingNode()) {
            return List.of();
        }
        if (classes.isArray()) {
            return StreamSupport.stream(classes.spliterator(), false)
                    .map(JsonNode::asString)
                    .toList();
        }
        if (!classes.isString()) {
            throw wrong("classes", "a list of names or the name of a text file beside it");
        }
        try {
            byte[] bytes = RegularFile.read(ExternalData.inFolder(model, classes.stringValue()), LONGEST);
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new FormatException(
                    "%s: classes: %s: %s".formatted(file, Escaped.of(classes.stringValue()), e.getMessage()));
        }
    }

    /** Height and width. */
    Optional<Size> size() {
        JsonNode size = values.path("size");
        if (size.isMissingNode()) {
            return Optional.empty();
        }
        try {
            InputSize given = InputSize.of(size.asString());
            return Optional.of(new Size(given.height(), given.width()));
        } catch (IllegalArgumentException e) {
            throw wrong("size", "HEIGHTxWIDTH in pixels or one side, such as 224x224");
        }
    }

    Optional<Boolean> channelsLast() {
        return word("layout", Layout.values()).map(layout -> layout == Layout.NHWC);
    }

    boolean blueFirst() {
        return word("order", Order.values()).filter(order -> order == Order.BGR).isPresent();
    }

    /** The name of an output; empty for the first. */
    String output() {
        return values.path("output").asString("");
    }

    /** The label that a detector gives for the first class. */
    int firstLabel() {
        JsonNode label = values.path("firstLabel");
        if (label.isMissingNode()) {
            return 0;
        }
        if (!label.isInt() || label.intValue() < 0 || label.intValue() > 1) {
            throw wrong("firstLabel", "0, or 1 where 0 is the background");
        }
        return label.intValue();
    }

    /** {@code plain} as the keys want it. */
    Preprocess preprocess(Preprocess plain, boolean bytes) {
        Preprocess shown = normalized(plain, bytes);
        Filter filter = word("filter", Filter.values()).orElse(plain.filter());
        shown = shown.withFilter(filter, true);
        if (values.has("crop")) {
            if (!values.get("crop").isNumber()) {
                throw wrong("crop", "a share above 0 and at most 1, such as 0.875");
            }
            return shown.withCrop(values.get("crop").doubleValue(), filter);
        }
        return word("resize", ResizePolicy.values()).map(shown::withResize).orElse(shown);
    }

    private Preprocess normalized(Preprocess plain, boolean bytes) {
        boolean given = values.has("mean") || values.has("std");
        Normalize usual = given ? Normalize.GIVEN : bytes ? Normalize.BYTES : Normalize.UNIT;
        return switch (word("normalize", Normalize.values()).orElse(usual)) {
            case UNIT -> plain;
            case BYTES -> OnnxInput.ofBytes(plain);
            case IMAGENET -> plain.withNormalization(IMAGENET_MEAN, IMAGENET_DEVIATION);
            case GIVEN ->
                plain.withNormalization(numbers("mean", 0, plain.channels()), numbers("std", 1, plain.channels()));
        };
    }

    /** Of each channel, or one for all. */
    private List<Double> numbers(String key, double usual, int channels) {
        JsonNode node = values.path(key);
        if (node.isMissingNode()) {
            return Collections.nCopies(channels, usual);
        }
        if (node.isNumber()) {
            return Collections.nCopies(channels, node.doubleValue());
        }
        List<JsonNode> all = StreamSupport.stream(node.spliterator(), false).toList();
        if (!node.isArray() || all.size() != channels || !all.stream().allMatch(JsonNode::isNumber)) {
            throw wrong(key, "a number, or one for each of %s channels".formatted(channels));
        }
        return all.stream().map(JsonNode::doubleValue).toList();
    }

    private <E extends Enum<E>> Optional<E> word(String key, E[] words) {
        if (!values.has(key)) {
            return Optional.empty();
        }
        String given = values.get(key).asString("");
        return Optional.of(Arrays.stream(words)
                .filter(word -> word.name().equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> wrong(
                        key,
                        String.join(
                                ", ",
                                Arrays.stream(words)
                                        .map(word -> word.name().toLowerCase(Locale.ROOT))
                                        .toList()))));
    }

    private FormatException wrong(String key, String expected) {
        return new FormatException(
                "%s: %s: expected %s, got %s".formatted(file, key, expected, Escaped.of(values.path(key))));
    }
}
