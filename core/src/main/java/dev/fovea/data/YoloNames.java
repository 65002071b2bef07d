package dev.fovea.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What a YOLO data set says of itself.
 *
 * @param file that says it
 * @param classes in the order of their numbers
 * @param places of the images of each part, by part; where there are none, folders are looked at
 * @param root that places are counted from; empty for the folder of the file
 * @param skeleton of its keypoints, and how many numbers each has
 */
record YoloNames(
        TreeFile file,
        List<String> classes,
        Map<String, List<String>> places,
        String root,
        Optional<Skeleton> skeleton,
        int perPoint) {

    private static final int MOST_BYTES = 1 << 24;

    private static final YAMLMapper YAML = new YAMLMapper();

    /** @throws DataException if it is no YAML, or names no classes */
    static YoloNames of(TreeFile file) {
        byte[] bytes = file.bytes().get();
        if (bytes.length > MOST_BYTES) {
            throw new DataException("%s: %s MB, more than the %s MB that are read of such a file"
                    .formatted(file.name(), bytes.length >> 20, MOST_BYTES >> 20));
        }
        JsonNode yaml;
        try {
            yaml = YAML.readTree(bytes);
        } catch (JacksonException e) {
            String line = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
            throw new DataException("%s%s: not well-formed YAML. Expected names, train and val, as YOLO has them"
                    .formatted(file.name(), line));
        }
        Map<String, List<String>> places = new LinkedHashMap<>();
        for (String key : List.of("train", "val", "valid", "validation", "test")) {
            List<String> of = texts(yaml.path(key));
            CsvTable.part(key).filter(part -> !of.isEmpty()).ifPresent(part -> places.putIfAbsent(part, of));
        }
        return new YoloNames(
                file,
                classes(file, yaml.path("names")),
                places,
                yaml.path("path").isString() ? yaml.path("path").stringValue() : "",
                skeleton(file, yaml),
                yaml.path("kpt_shape").path(1).asInt(3));
    }

    /** The classes that a text file names, one a line. */
    static YoloNames ofLines(TreeFile file) {
        List<String> names = CsvTable.decoded(file.name(), file.bytes().get(), new ArrayList<>())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return new YoloNames(file, distinct(file, names), Map.of(), "", Optional.empty(), 3);
    }

    private static List<String> texts(JsonNode node) {
        if (node.isString()) {
            return List.of(node.stringValue());
        }
        var texts = new ArrayList<String>();
        node.forEach(one -> texts.add(one.asString("")));
        return texts;
    }

    private static List<String> classes(TreeFile file, JsonNode names) {
        if (names.isArray()) {
            return distinct(file, texts(names));
        }
        var numbered = new TreeMap<Integer, String>();
        names.properties().forEach(entry -> {
            if (!entry.getKey().matches("\\d{1,9}")) {
                throw new DataException("%s: names has '%s' where a class's number is due. Expected 0: %s"
                        .formatted(file.name(), entry.getKey(), entry.getValue().asString("")));
            }
            numbered.put(Integer.valueOf(entry.getKey()), entry.getValue().asString(""));
        });
        for (int i = 0; i < numbered.size(); i++) {
            if (!numbered.containsKey(i)) {
                throw new DataException(
                        "%s: names has no class %s. Expected numbers from 0 without gaps".formatted(file.name(), i));
            }
        }
        return distinct(file, List.copyOf(numbered.values()));
    }

    private static List<String> distinct(TreeFile file, List<String> names) {
        if (names.isEmpty()) {
            throw new DataException(file.name() + ": names no classes. Expected names: [cat, dog]");
        }
        var seen = new HashSet<String>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new DataException(
                        "%s: names the class '%s' twice. Rename one of them".formatted(file.name(), name));
            }
        }
        return names;
    }

    private static Optional<Skeleton> skeleton(TreeFile file, JsonNode yaml) {
        int points = yaml.path("kpt_shape").path(0).asInt(0);
        if (points < 1 || points > 10_000) {
            return Optional.empty();
        }
        List<Integer> mirrored = new ArrayList<>();
        yaml.path("flip_idx").forEach(index -> mirrored.add(index.asInt(-1)));
        List<String> names =
                IntStream.range(0, points).mapToObj(i -> "point " + i).toList();
        try {
            return Optional.of(mirrored.isEmpty() ? Skeleton.of(names) : new Skeleton(names, mirrored));
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    "%s: flip_idx does not pair the %s points of kpt_shape. Expected for each the one that takes its place in a mirrored image"
                            .formatted(file.name(), points));
        }
    }
}
