package dev.fovea.train;

import static dev.fovea.train.SectionTypes.TYPE;
import static dev.fovea.train.SectionTypes.same;

import dev.fovea.data.BatchTransform;
import dev.fovea.data.Transform;
import dev.fovea.io.Nearest;
import dev.fovea.io.Reason;
import dev.fovea.io.RegularFile;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads recipes. Keys left out take the values of a starting recipe; a key that no recipe has is an error that names the
 * nearest one; {@code task}, {@code optimizer}, {@code schedule} and {@code loss} each accept the keys of
 * their {@code type} and no other.
 */
public final class RecipeReader {

    private static final String TASK = "task";
    private static final String TASK_TYPE = "task.type=";
    private static final String SIZE = "input.size";

    private static final String FREEZE = "freeze";

    /** Of these a recipe has any number, in a list. */
    private static final Set<String> LISTS = Set.of("augment", "augmentBatch", "loss.losses");

    private static final Pattern KEY = Pattern.compile("[A-Za-z]\\w*(\\.[A-Za-z]\\w*)*");

    /** Sections that have a {@code type}. */
    private final Map<String, SectionTypes> types;

    private final BiFunction<String, String, Recipe> starting;
    private final YAMLMapper mapper;

    /**
     * A reader of recipes for these tasks.
     *
     * @param tasks settings that a recipe of each task starts from, as {@code defaults} of its type
     * @param starting from a model and the word of a task, empty for that of the model, to the recipe that others are laid
     *     over
     */
    public RecipeReader(List<? extends Task> tasks, BiFunction<String, String, Recipe> starting) {
        this.starting = starting;
        var classes = tasks.stream().map(Object::getClass).distinct().toArray(Class<?>[]::new);
        mapper = RecipeFile.YAML.rebuild().registerSubtypes(classes).build();
        types = Map.of(
                TASK,
                new SectionTypes(() -> tasks),
                "optimizer",
                new SectionTypes(Optimizer::defaults),
                "optimizer.rest",
                new SectionTypes(Optimizer::rests),
                "schedule",
                new SectionTypes(Schedule::defaults),
                "loss",
                new SectionTypes(Loss::defaults),
                "loss.losses",
                new SectionTypes(Loss::defaults),
                "augment",
                new SectionTypes(Transform::defaults),
                "augmentBatch",
                new SectionTypes(BatchTransform::defaults));
    }

    /**
     * Reads a recipe file.
     *
     * @param settings {@code key=value} with dots in the key, as {@code optimizer.lr=0.2}; they win over the file
     * @throws RecipeException if it cannot be read or a value is out of range
     */
    public Recipe read(Path file, List<String> settings) {
        String text;
        try {
            text = RegularFile.text(file);
        } catch (IOException e) {
            throw new RecipeException("%s: cannot be read as a recipe (%s)".formatted(file, Reason.of(e)));
        }
        return parse(text, settings, file.toString());
    }

    /**
     * Reads a recipe's text, as {@link RecipeFile#print} makes it.
     *
     * @param source for messages
     * @throws RecipeException if it is not a recipe or a value is out of range
     */
    public Recipe parse(String text, List<String> settings, String source) {
        JsonNode tree;
        Map<String, Integer> lines;
        try {
            tree = RecipeFile.YAML.readTree(text);
            lines = RecipeLines.of(text, line -> source + ":" + line);
        } catch (JacksonException e) {
            throw new RecipeException(
                    "%s%s: not readable as YAML. Check indentation, brackets, quotes, and the space behind each colon"
                            .formatted(
                                    source,
                                    e.getLocation() == null
                                            ? ""
                                            : ":" + e.getLocation().getLineNr()));
        }
        if (!(tree instanceof ObjectNode object) || !object.has("model")) {
            throw new RecipeException(source + ": not a recipe: expected keys with values, 'model' among them");
        }
        String model = RecipeValue.model(object.get("model"), source);
        String task = task(settings).orElse(object.path(TASK).path(TYPE).asString(""));
        return read(starting.apply(model, task), object.put("model", model), settings, source, lines);
    }

    /**
     * What a user names to train by: a recipe file, which ends in {@code .yaml} or {@code .yml}, or a model with its
     * own defaults.
     *
     * @param settings as {@link #read} takes them
     */
    public Recipe of(String modelOrFile, List<String> settings) {
        if (!modelOrFile.endsWith(".yaml") && !modelOrFile.endsWith(".yml")) {
            return checked(with(starting.apply(modelOrFile, task(settings).orElse("")), settings), modelOrFile);
        }
        if (!Files.isRegularFile(Path.of(modelOrFile))) {
            throw new IllegalArgumentException(modelOrFile + ": no such recipe file");
        }
        return checked(read(Path.of(modelOrFile), settings), modelOrFile);
    }

    /** The task that settings ask for. */
    public static Optional<String> task(List<String> settings) {
        return settings.stream()
                .filter(setting -> setting.startsWith(TASK_TYPE))
                .reduce((first, last) -> last)
                .map(setting -> setting.substring(TASK_TYPE.length()).strip());
    }

    private static Recipe checked(Recipe recipe, String source) {
        try {
            return recipe.checked();
        } catch (IllegalArgumentException e) {
            throw new RecipeException(source + ": " + e.getMessage());
        }
    }

    /** {@code base} with {@code key=value} settings laid over it. */
    public Recipe with(Recipe base, List<String> settings) {
        return settings.isEmpty() ? base : read(base, RecipeFile.YAML.createObjectNode(), settings, "recipe", Map.of());
    }

    /**
     * The task of such settings; those left out are the usual ones.
     *
     * @param source for messages
     * @throws RecipeException if there is no such task, or it has no such setting
     */
    public Task task(Map<String, Object> values, String source) {
        ObjectNode given = RecipeFile.YAML.valueToTree(values);
        var tree = (ObjectNode) start(TASK, RecipeFile.YAML.createObjectNode(), given, source, Map.of());
        merge(tree, given, TASK + ".", source, Map.of());
        try {
            return mapper.treeToValue(tree, Task.class);
        } catch (JacksonException e) {
            throw new RecipeException(source + ": " + RecipeValue.reason(e));
        }
    }

    private Recipe read(Recipe base, ObjectNode own, List<String> settings, String source, Map<String, Integer> lines) {
        ObjectNode tree = (ObjectNode) RecipeFile.YAML.valueToTree(base);
        merge(tree, own, "", source, lines);
        for (String setting : decidingFirst(settings)) {
            merge(tree, setting(setting), "", named(setting), Map.of());
        }
        try {
            return mapper.treeToValue(tree, Recipe.class);
        } catch (JacksonException e) {
            String path = RecipeValue.path(e);
            throw new RecipeException(settings.stream()
                            .filter(setting -> setting.startsWith(path.replaceFirst("\\[.*", "") + "="))
                            .findFirst()
                            .map(RecipeReader::named)
                            .orElse(at(source, lines, path))
                    + ": " + RecipeValue.reason(e));
        }
    }

    private static String named(String setting) {
        return "setting '" + setting + "'";
    }

    /** {@code key=value} as the tree that a file with this one key would give. */
    private static ObjectNode setting(String setting) {
        int equals = setting.indexOf('=');
        if (equals < 0 || !KEY.matcher(setting.substring(0, equals)).matches()) {
            throw new RecipeException(
                    "%s: expected key=value with a key such as epochs or optimizer.lr".formatted(named(setting)));
        }
        ObjectNode one = RecipeFile.YAML.createObjectNode();
        ObjectNode inner = one;
        String[] path = setting.substring(0, equals).split("\\.");
        for (int i = 0; i < path.length - 1; i++) {
            inner = inner.putObject(path[i]);
        }
        try {
            RecipeLines.of(setting.substring(equals + 1), line -> named(setting)); // refuses a key that is given twice
            inner.set(path[path.length - 1], RecipeFile.YAML.readTree(setting.substring(equals + 1)));
        } catch (JacksonException e) {
            throw new RecipeException(
                    "%s: '%s' is no value: an open bracket or quote, or a character that YAML reserves"
                            .formatted(named(setting), setting.substring(equals + 1)));
        }
        return one;
    }

    /** In their order, but such that {@code task.low=5} counts whether {@code task.degradation=jpeg} stands behind it or before. */
    private List<String> decidingFirst(List<String> settings) {
        var deciding = new LinkedHashSet<>(List.of(TYPE));
        settings.stream()
                .map(setting -> setting.replaceFirst("[.=].*", ""))
                .filter(types::containsKey)
                .forEach(section -> deciding.addAll(types.get(section).deciding()));
        List<String> order = List.copyOf(deciding);
        return settings.stream()
                .sorted(Comparator.comparingInt(setting -> {
                    String key = setting.replaceFirst("=.*", "").replaceFirst(".*\\.", "");
                    return order.contains(key) ? order.indexOf(key) : order.size();
                }))
                .toList();
    }

    private void merge(ObjectNode into, ObjectNode own, String prefix, String source, Map<String, Integer> lines) {
        for (var entry : own.properties()) {
            String key = entry.getKey();
            String path = prefix + key;
            if (!into.has(key)) {
                throw new RecipeException(at(source, lines, path) + ": " + unknown(path, prefix, into));
            }
            if (LISTS.contains(path)) {
                into.set(key, list(path, entry.getValue(), source, lines));
                continue;
            }
            if (types.containsKey(path) && entry.getValue() instanceof ObjectNode typed) {
                into.set(key, start(path, into.get(key), typed, source, lines));
            }
            if (path.equals(SIZE)) { // a number or text, whose own reader says what is wrong with it
                into.set(key, RecipeFile.YAML.getNodeFactory().stringNode(RecipeValue.shown(entry.getValue())));
            } else if (into.get(key) instanceof ObjectNode inner) {
                if (!(entry.getValue() instanceof ObjectNode value)) {
                    throw new RecipeException(
                            at(source, lines, path) + ": " + section(path, inner, RecipeValue.shown(entry.getValue())));
                }
                merge(inner, value, path + ".", source, lines);
            } else if (path.equals(FREEZE) && !(entry.getValue() instanceof ArrayNode)) {
                throw new RecipeException("%s: %s must be a list, such as [conv1, layer1.*], got %s"
                        .formatted(at(source, lines, path), path, RecipeValue.shown(entry.getValue())));
            } else {
                RecipeValue.expected(into.get(key), entry.getValue()).ifPresent(expected -> {
                    throw new RecipeException("%s: %s must be %s, got %s"
                            .formatted(at(source, lines, path), path, expected, RecipeValue.shown(entry.getValue())));
                });
                into.set(key, entry.getValue());
            }
        }
    }

    /** Each of a list from the values of its own type; a word alone is a type. */
    private ArrayNode list(String path, JsonNode given, String source, Map<String, Integer> lines) {
        if (!(given instanceof ArrayNode items)) {
            throw new RecipeException("%s: %s must be a list, such as [{type: %s}], got %s"
                    .formatted(
                            at(source, lines, path),
                            path,
                            words(path).get(0),
                            given.isObject() ? "keys without a type" : RecipeValue.shown(given)));
        }
        ArrayNode list = RecipeFile.YAML.createArrayNode();
        for (int i = 0; i < items.size(); i++) {
            String item = path + "[" + i + "]";
            JsonNode own = items.get(i);
            ObjectNode typed = own instanceof ObjectNode keys ? keys : RecipeFile.YAML.createObjectNode();
            if (own.isString()) {
                typed.put(TYPE, own.asString());
            }
            ObjectNode into = (ObjectNode) start(item, RecipeFile.YAML.createObjectNode(), typed, source, lines);
            if (!into.has(TYPE)) {
                throw new RecipeException("%s: %s needs a type, one of %s"
                        .formatted(at(source, lines, item), item, String.join(", ", words(item))));
            }
            merge(into, typed, item + ".", source, lines);
            list.add(into);
        }
        return list;
    }

    /** What a section, or one of a list, may be; nothing if it has no types. */
    private Optional<SectionTypes> types(String path) {
        return Optional.ofNullable(types.get(path.replaceFirst("\\[\\d+]$", "")));
    }

    /** What to say of {@code optimizer=adam}, where {@code optimizer} is a section. */
    private String section(String path, ObjectNode inner, String got) {
        String meant = types.containsKey(path)
                ? Nearest.to(got, words(path))
                        .map(type -> ". Did you mean %s.type=%s?".formatted(path, type))
                        .orElse("")
                : "";
        return "'%s' holds keys (%s), got %s%s".formatted(path, String.join(", ", inner.propertyNames()), got, meant);
    }

    /** The types that a section may be of. */
    private List<String> words(String path) {
        return types(path).map(SectionTypes::words).orElse(List.of());
    }

    /** The values a typed section starts from: those of its own type and kind, the present ones if it names none. */
    private JsonNode start(String path, JsonNode present, ObjectNode typed, String source, Map<String, Integer> lines) {
        SectionTypes section = types(path).orElseThrow();
        List<String> deciding = section.deciding();
        if (deciding.stream().allMatch(kind -> !typed.has(kind) || same(typed, present, kind))) {
            return present;
        }
        JsonNode wanted = typed.has(TYPE) ? typed : present;
        List<JsonNode> ofType = section.starts().stream()
                .filter(tree -> same(tree, wanted, TYPE))
                .toList();
        if (ofType.isEmpty()) {
            String got = RecipeValue.shown(wanted.get(TYPE));
            throw new RecipeException("%s: %s.type must be one of %s, got '%s'%s"
                    .formatted(
                            at(source, lines, path + ".type"),
                            path,
                            String.join(", ", words(path)),
                            got,
                            Nearest.hint(got, words(path))));
        }
        return ofType.stream()
                .filter(tree -> deciding.stream().allMatch(kind -> !typed.has(kind) || same(tree, typed, kind)))
                .findFirst()
                .orElse(ofType.get(0)) // of a kind there is none of: said when the record is made
                .deepCopy();
    }

    /** A key that {@code owner} lacks: where it belongs, or which key is near. */
    private String unknown(String path, String prefix, ObjectNode owner) {
        String key = path.substring(prefix.length());
        String section = prefix.isEmpty() ? "a recipe" : prefix.substring(0, prefix.length() - 1);
        String who = owner.has(TYPE) ? owner.get(TYPE).asString() : section;
        List<String> others = types(section).map(SectionTypes::starts).orElse(List.of()).stream()
                .filter(tree -> tree.has(key))
                .map(tree -> tree.get(TYPE).asString())
                .distinct()
                .toList();
        String meant = others.isEmpty()
                ? meant(key, prefix, owner)
                        .map(", did you mean '%s'?"::formatted)
                        .orElse(".")
                : ", which only " + String.join(", ", others) + (others.size() == 1 ? " has." : " have.");
        List<String> takes =
                owner.propertyNames().stream().filter(k -> !k.equals(TYPE)).toList();
        return "unknown key '%s'%s %s takes %s"
                .formatted(path, meant, who, takes.isEmpty() ? "no keys" : String.join(", ", takes));
    }

    /** A key beside it that is near, otherwise one of that name in another section: {@code optimizer.lr} for {@code lr}. */
    private Optional<String> meant(String key, String prefix, ObjectNode owner) {
        Optional<String> beside = Nearest.to(key, owner.propertyNames());
        Optional<String> elsewhere =
                beside.filter(near -> distance(key, near) < 2).isPresent()
                        ? Optional.empty()
                        : paths().stream()
                                .filter(path -> distance(key, path.substring(path.lastIndexOf('.') + 1)) < 1)
                                .findFirst();
        return elsewhere.or(() -> beside.map(near -> prefix + near));
    }

    private static double distance(String asked, String name) {
        return Nearest.distance(asked, name).orElse(Double.MAX_VALUE);
    }

    private static String at(String source, Map<String, Integer> lines, String path) {
        return lines.containsKey(path) ? source + ":" + lines.get(path) : source;
    }

    /** All keys that a recipe of some type has, with the sections before them. */
    private List<String> paths() {
        var paths = new LinkedHashSet<String>();
        JsonNode plain = RecipeFile.YAML.valueToTree(Recipe.base("cifar-cnn"));
        plain.properties()
                .forEach(section ->
                        section.getValue().propertyNames().forEach(key -> paths.add(section.getKey() + "." + key)));
        types.forEach((section, its) -> {
            if (!LISTS.contains(section)) {
                its.starts().forEach(tree -> tree.propertyNames().forEach(key -> paths.add(section + "." + key)));
            }
        });
        plain.propertyNames().forEach(paths::add);
        return List.copyOf(paths);
    }
}
