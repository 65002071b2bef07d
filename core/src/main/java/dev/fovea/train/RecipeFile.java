package dev.fovea.train;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Recipes as YAML, their printed form; {@link RecipeReader} reads it. */
public final class RecipeFile {

    static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.USE_NATIVE_TYPE_ID)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private RecipeFile() {}

    /** The recipe as YAML text, every key with its value. */
    public static String print(Recipe recipe) {
        return YAML.writeValueAsString(recipe);
    }

    /** Every key with dots, as {@code optimizer.lr}, and its value as text, in the order of {@link #print}. */
    public static Map<String, String> values(Recipe recipe) {
        var values = new LinkedHashMap<String, String>();
        flatten("", YAML.valueToTree(recipe), values);
        return values;
    }

    /**
     * The same of a recipe that was written into a run folder, whatever task it is for.
     *
     * @throws RecipeException if it cannot be read
     */
    public static Map<String, String> values(Path file) {
        var values = new LinkedHashMap<String, String>();
        try {
            flatten("", YAML.readTree(RegularFile.text(file)), values);
        } catch (IOException | JacksonException e) {
            throw new RecipeException("%s: cannot be read as a recipe".formatted(file));
        }
        return values;
    }

    /** The settings of a task with its word as {@code type}, as a recipe has them. */
    public static Map<String, Object> values(Task task) {
        var values = new LinkedHashMap<String, Object>();
        YAML.valueToTree(task)
                .properties()
                .forEach(entry -> values.put(entry.getKey(), YAML.convertValue(entry.getValue(), Object.class)));
        return values;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            object.properties()
                    .forEach(e -> flatten(path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), into));
        } else {
            into.put(path, node.isValueNode() ? node.asString() : node.toString());
        }
    }

    /** Writes {@link #print} to {@code file}, atomically. */
    public static void write(Path file, Recipe recipe) {
        AtomicFile.write(file, print(recipe));
    }
}
