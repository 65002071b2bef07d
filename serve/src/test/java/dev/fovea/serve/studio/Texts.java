package dev.fovea.serve.studio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The message files of the page. */
final class Texts {

    private static final Path FOLDER = Path.of("src/main/resources/dev/fovea/serve/studio/texts");
    private static final Pattern PLACE = Pattern.compile("\\{\\w+}");

    private Texts() {}

    /** Of all files, without their ending. */
    static List<String> names() {
        try (var files = Files.list(FOLDER.resolve("en"))) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The places of each text of a file, such as {n}, by key. */
    static Map<String, List<String>> of(String language, String name) {
        Path file = FOLDER.resolve(language).resolve(name + ".json");
        try {
            JsonNode tree = new JsonMapper().readTree(Files.readAllBytes(file));
            var places = new TreeMap<String, List<String>>();
            tree.propertyNames().forEach(key -> places.put(key, places(tree.get(key))));
            return places;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Of a text with forms those of its general one. */
    private static List<String> places(JsonNode text) {
        return places(text.isObject() ? text.path("other").asString() : text.asString());
    }

    static List<String> places(String text) {
        return List.copyOf(new TreeSet<>(
                PLACE.matcher(text).results().map(found -> found.group()).toList()));
    }
}
