package dev.fovea.train;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * What a section of a recipe may be, by its {@code type}. The trees are made when they are first asked for: whoever loads
 * a model needs those of its task alone.
 */
final class SectionTypes {

    static final String TYPE = "type";

    private final Supplier<List<?>> defaults;
    private volatile List<JsonNode> starts;

    /** @param defaults the values that each type, and each kind of a type, starts from */
    SectionTypes(Supplier<List<?>> defaults) {
        this.defaults = defaults;
    }

    /** What each type and kind starts from, as trees. */
    List<JsonNode> starts() {
        if (starts == null) {
            starts = defaults.get().stream()
                    .map(value -> RecipeFile.YAML.<JsonNode>valueToTree(value))
                    .toList();
        }
        return starts;
    }

    /** What they are called. */
    List<String> words() {
        return starts().stream()
                .map(tree -> tree.get(TYPE).asString())
                .distinct()
                .toList();
    }

    /** Keys whose value decides what the others start from: the type, and words in which the starts of one type differ. */
    List<String> deciding() {
        var keys = new LinkedHashSet<>(List.of(TYPE));
        starts().forEach(one -> starts().stream()
                .filter(other -> same(one, other, TYPE))
                .forEach(other -> one.properties().stream()
                        .filter(entry -> entry.getValue().isString() && !same(one, other, entry.getKey()))
                        .forEach(entry -> keys.add(entry.getKey()))));
        return List.copyOf(keys);
    }

    static boolean same(JsonNode a, JsonNode b, String key) {
        return a.path(key).asString("").equalsIgnoreCase(b.path(key).asString(""));
    }
}
