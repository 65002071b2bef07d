package dev.fovea.io;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Values as a tree of JSON. It has no NaN and no infinity: null stands for them, as a reader of numbers could not take a text. */
public final class JsonTree {

    private JsonTree() {}

    public static JsonNode of(JsonMapper mapper, Object value) {
        JsonNode tree = mapper.valueToTree(value);
        nullForNoNumber(tree);
        return tree;
    }

    private static void nullForNoNumber(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                if (noNumber(object.get(name))) {
                    object.putNull(name);
                }
            }
        } else if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (noNumber(array.get(i))) {
                    array.setNull(i);
                }
            }
        }
        tree.forEach(JsonTree::nullForNoNumber);
    }

    private static boolean noNumber(JsonNode node) {
        return node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue());
    }
}
