package dev.fovea.serve.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Answers of any task as tensors: every name of the answers' JSON becomes one, lists of objects one for each name in them
 * ({@code top.label}, {@code top.probability}). Where answers have lists of unequal length, the shorter ones are filled up with
 * zeros or empty texts, and {@code NAME.count} says how long each was. {@code answer} is the whole as JSON text.
 */
final class AnswerTensors {

    /** The tensor of whole answers. */
    static final String WHOLE = "answer";

    private final Json json;
    private final int count;
    private final List<AnswerTensor> tensors = new ArrayList<>();

    private AnswerTensors(Json json, int count) {
        this.json = json;
        this.count = count;
    }

    /** @param answers one of each image, all by the same model */
    static List<AnswerTensor> of(Json json, List<JsonNode> answers) {
        var made = new AnswerTensors(json, answers.size());
        for (String name : names(answers)) {
            made.add(name, answers.stream().map(answer -> answer.path(name)).toList());
        }
        List<JsonNode> whole = answers.stream()
                .<JsonNode>map(answer -> StringNode.valueOf(json.text(answer)))
                .toList();
        made.tensors.add(new AnswerTensor(WHOLE, TensorType.BYTES, List.of(answers.size()), whole));
        return made.tensors;
    }

    private static Set<String> names(List<JsonNode> objects) {
        var names = new LinkedHashSet<String>();
        objects.stream()
                .filter(JsonNode::isObject)
                .forEach(object -> names.addAll(((ObjectNode) object).propertyNames()));
        return names;
    }

    /** @param values one of each image */
    private void add(String name, List<JsonNode> values) {
        if (values.stream().noneMatch(JsonNode::isArray)) {
            addFlat(name, List.of(count), values);
            return;
        }
        int longest = values.stream().mapToInt(JsonNode::size).max().orElse(0);
        if (values.stream().anyMatch(value -> value.size() != longest) || longest == 0) {
            List<JsonNode> counts = values.stream()
                    .<JsonNode>map(value -> IntNode.valueOf(value.size()))
                    .toList();
            tensors.add(new AnswerTensor(name + ".count", TensorType.INT64, List.of(count), counts));
        }
        var items = new ArrayList<JsonNode>();
        for (JsonNode value : values) {
            for (int i = 0; i < longest; i++) {
                items.add(value.path(i));
            }
        }
        List<Integer> shape = List.of(count, longest);
        if (items.stream().noneMatch(JsonNode::isObject)) {
            addFlat(name, shape, items);
            return;
        }
        for (String part : names(items)) {
            addRows(
                    name + "." + part,
                    shape,
                    items.stream().map(item -> item.path(part)).toList());
        }
    }

    /** Values that are single ones, or lists of the same number of numbers, as boxes are. */
    private void addRows(String name, List<Integer> shape, List<JsonNode> values) {
        int width = values.stream().mapToInt(JsonNode::size).max().orElse(0);
        boolean rows = values.stream()
                .allMatch(value -> value.isMissingNode()
                        || (value.isArray() && value.size() == width && all(value, JsonNode::isNumber)));
        if (width == 0 || !rows) {
            addFlat(name, shape, values);
            return;
        }
        var numbers = new ArrayList<JsonNode>();
        for (JsonNode value : values) {
            for (int i = 0; i < width; i++) {
                numbers.add(value.path(i));
            }
        }
        addFlat(name, List.of(shape.get(0), shape.get(1), width), numbers);
    }

    private static boolean all(JsonNode list, java.util.function.Predicate<JsonNode> what) {
        for (JsonNode one : list) {
            if (!what.test(one)) {
                return false;
            }
        }
        return true;
    }

    private void addFlat(String name, List<Integer> shape, List<JsonNode> values) {
        List<JsonNode> known = values.stream()
                .filter(value -> !value.isMissingNode() && !value.isNull())
                .toList();
        boolean whole = !known.isEmpty() && known.stream().allMatch(JsonNode::isIntegralNumber);
        boolean number = !known.isEmpty() && known.stream().allMatch(JsonNode::isNumber);
        boolean truth = !known.isEmpty() && known.stream().allMatch(JsonNode::isBoolean);
        TensorType type =
                whole ? TensorType.INT64 : number ? TensorType.FP32 : truth ? TensorType.BOOL : TensorType.BYTES;
        tensors.add(new AnswerTensor(
                name,
                type,
                shape,
                values.stream().map(value -> filled(type, value)).toList()));
    }

    private JsonNode filled(TensorType type, JsonNode value) {
        boolean none = value.isMissingNode() || value.isNull();
        return switch (type) {
            case INT64 -> none ? IntNode.valueOf(0) : value;
            case FP32 -> none ? DoubleNode.valueOf(value.isNull() ? Double.NaN : 0) : value;
            case BOOL -> none ? BooleanNode.FALSE : value;
            case BYTES ->
                none ? StringNode.valueOf("") : value.isString() ? value : StringNode.valueOf(json.text(value));
        };
    }
}
