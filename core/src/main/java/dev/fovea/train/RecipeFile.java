package dev.fovea.train;

import dev.fovea.io.AtomicFile;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Recipes as YAML. Keys left out take the values of a starting recipe; a key that no recipe has is an error
 * that names the nearest one; {@code task}, {@code optimizer}, {@code schedule} and {@code loss} each accept the keys of
 * their {@code type} and no other.
 */
public final class RecipeFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.USE_NATIVE_TYPE_ID)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    /** What each {@code type} starts from. */
    private static final Map<String, List<JsonNode>> TYPES = Map.of(
            "task", trees(Task.defaults()),
            "optimizer", trees(Optimizer.defaults()),
            "schedule", trees(Schedule.defaults()),
            "loss", trees(Loss.defaults()));

    /** Keys whose value decides what the others of their section start from; those that decide most come first. */
    private static final List<String> KINDS = List.of("type", "damage");

    private RecipeFile() {}

    /**
     * Reads a recipe file.
     *
     * @param settings {@code key=value} with dots in the key, as {@code optimizer.lr=0.2}; they win over the file
     * @throws RecipeException if it cannot be read or a value is out of range
     */
    public static Recipe read(Path file, List<String> settings) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new RecipeException(file + ": cannot be read (" + e.getMessage() + ")");
        }
        return parse(text, settings, file.toString());
    }

    /**
     * Reads a recipe's text, as {@link #print} makes it.
     *
     * @param source for messages
     * @throws RecipeException if it is not a recipe or a value is out of range
     */
    public static Recipe parse(String text, List<String> settings, String source) {
        try {
            JsonNode tree = YAML.readTree(text);
            if (!(tree instanceof ObjectNode object) || !object.path("model").isString()) {
                throw new RecipeException(source + ": not a recipe: expected keys with values, 'model' among them");
            }
            Recipe base = Recipe.of(object.get("model").asString());
            return read(base, object, settings, source, lines(text));
        } catch (JacksonException e) {
            throw new RecipeException("%s%s: not readable as YAML: %s"
                    .formatted(
                            source,
                            e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr(),
                            firstLine(e)));
        }
    }

    /**
     * What a user names to train by: a recipe file, which ends in {@code .yaml} or {@code .yml}, or a model with its
     * own defaults.
     *
     * @param settings as {@link #read} takes them
     */
    public static Recipe of(String modelOrFile, List<String> settings) {
        if (!modelOrFile.endsWith(".yaml") && !modelOrFile.endsWith(".yml")) {
            return with(Recipe.of(modelOrFile), settings);
        }
        if (!Files.isRegularFile(Path.of(modelOrFile))) {
            throw new IllegalArgumentException(modelOrFile + ": no such recipe file");
        }
        return read(Path.of(modelOrFile), settings);
    }

    /** {@code base} with {@code key=value} settings laid over it. */
    public static Recipe with(Recipe base, List<String> settings) {
        return settings.isEmpty() ? base : read(base, YAML.createObjectNode(), settings, "--set", Map.of());
    }

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

    private static Recipe read(
            Recipe base, ObjectNode own, List<String> settings, String source, Map<String, Integer> lines) {
        ObjectNode tree = (ObjectNode) YAML.valueToTree(base);
        merge(tree, own, "", source, lines);
        for (String setting : kindsFirst(settings)) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new RecipeException("--set: expected key=value, got '%s'".formatted(setting));
            }
            ObjectNode one = YAML.createObjectNode();
            ObjectNode inner = one;
            String[] path = setting.substring(0, equals).split("\\.");
            for (int i = 0; i < path.length - 1; i++) {
                inner = inner.putObject(path[i]);
            }
            inner.set(path[path.length - 1], YAML.readTree(setting.substring(equals + 1)));
            merge(tree, one, "", "--set " + setting, Map.of());
        }
        try {
            return YAML.treeToValue(tree, Recipe.class);
        } catch (JacksonException e) {
            throw new RecipeException(source + ": " + reason(e));
        }
    }

    /** In their order, but such that {@code task.low=5} counts whether {@code task.damage=jpeg} stands behind it or before. */
    private static List<String> kindsFirst(List<String> settings) {
        return settings.stream()
                .sorted(Comparator.comparingInt(setting -> {
                    String key = setting.replaceFirst("=.*", "").replaceFirst(".*\\.", "");
                    return KINDS.contains(key) ? KINDS.indexOf(key) : KINDS.size();
                }))
                .toList();
    }

    private static void merge(
            ObjectNode into, ObjectNode own, String prefix, String source, Map<String, Integer> lines) {
        for (var entry : own.properties()) {
            String key = entry.getKey();
            String path = prefix + key;
            if (!into.has(key)) {
                throw unknown(path, prefix, into.propertyNames(), source, lines, into);
            }
            if (TYPES.containsKey(path) && entry.getValue() instanceof ObjectNode typed) {
                into.set(key, start(path, into.get(key), typed, source, lines));
            }
            if (into.get(key) instanceof ObjectNode inner) {
                if (!(entry.getValue() instanceof ObjectNode value)) {
                    throw new RecipeException("%s: '%s' holds keys (%s), got %s"
                            .formatted(
                                    at(source, lines, path),
                                    path,
                                    String.join(", ", inner.propertyNames()),
                                    entry.getValue()));
                }
                merge(inner, value, path + ".", source, lines);
            } else {
                into.set(key, entry.getValue());
            }
        }
    }

    /** The values a typed section starts from: those of its own type and kind, the present ones if it names none. */
    private static JsonNode start(
            String path, JsonNode present, ObjectNode typed, String source, Map<String, Integer> lines) {
        if (KINDS.stream().allMatch(kind -> !typed.has(kind) || same(typed, present, kind))) {
            return present;
        }
        JsonNode wanted = typed.has("type") ? typed : present;
        List<JsonNode> ofType = TYPES.get(path).stream()
                .filter(tree -> same(tree, wanted, "type"))
                .toList();
        if (ofType.isEmpty()) {
            throw new RecipeException("%s: %s type must be one of %s, got '%s'"
                    .formatted(
                            at(source, lines, path + ".type"),
                            path,
                            TYPES.get(path).stream()
                                    .map(tree -> tree.get("type").asString())
                                    .distinct()
                                    .collect(Collectors.joining(", ")),
                            wanted.get("type").asString()));
        }
        return ofType.stream()
                .filter(tree -> KINDS.stream().allMatch(kind -> !typed.has(kind) || same(tree, typed, kind)))
                .findFirst()
                .orElse(ofType.get(0)) // of a kind there is none of: said when the record is made
                .deepCopy();
    }

    private static boolean same(JsonNode a, JsonNode b, String key) {
        return a.path(key).asString("").equalsIgnoreCase(b.path(key).asString(""));
    }

    private static RecipeException unknown(
            String path,
            String prefix,
            Collection<String> known,
            String source,
            Map<String, Integer> lines,
            ObjectNode owner) {
        var distance = LevenshteinDistance.getDefaultInstance();
        String key = path.substring(prefix.length());
        String nearest = known.stream()
                .min((a, b) -> Integer.compare(distance.apply(a, key), distance.apply(b, key)))
                .orElse("");
        String who = owner.has("type")
                ? owner.get("type").asString()
                : prefix.isEmpty() ? "a recipe" : prefix.substring(0, prefix.length() - 1);
        return new RecipeException("%s: unknown key '%s', did you mean '%s'? %s takes %s"
                .formatted(
                        at(source, lines, path),
                        path,
                        prefix + nearest,
                        who,
                        String.join(
                                ", ",
                                known.stream().filter(k -> !k.equals("type")).toList())));
    }

    private static String at(String source, Map<String, Integer> lines, String path) {
        return lines.containsKey(path) ? source + ":" + lines.get(path) : source;
    }

    /** The line of every key, by its path. */
    private static Map<String, Integer> lines(String text) {
        var lines = new HashMap<String, Integer>();
        var path = new ArrayList<String>();
        try (JsonParser parser = YAML.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT, START_ARRAY -> path.add("");
                    case END_OBJECT, END_ARRAY -> path.remove(path.size() - 1);
                    case PROPERTY_NAME -> {
                        path.set(path.size() - 1, parser.currentName());
                        lines.put(
                                String.join(".", path),
                                parser.currentTokenLocation().getLineNr());
                    }
                    default -> {}
                }
            }
        }
        return lines;
    }

    private static String reason(JacksonException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        String path = String.join(
                ".",
                e.getPath().stream()
                        .map(r -> String.valueOf(r.getPropertyName()))
                        .toList());
        return (path.isEmpty() ? "" : "'" + path + "': ") + firstLine(e);
    }

    private static String firstLine(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("").strip();
    }

    private static List<JsonNode> trees(List<?> values) {
        return values.stream().map(value -> YAML.<JsonNode>valueToTree(value)).toList();
    }
}
