package dev.fovea.serve.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.StringNode;

/**
 * The tensors that a model's answers are given as, the same whatever is in an image. Every name of the answers' JSON becomes one,
 * lists of objects one for each name in them ({@code top.label}, {@code top.probability}) and {@code NAME.count}, how long the
 * list of each image is: the shorter ones are filled up with zeros or empty texts. {@code answer} is the whole as JSON text.
 */
final class AnswerSchema {

    /** The tensor of whole answers. */
    static final String WHOLE = "answer";

    /** Of lists of objects where the example has none. */
    private static final String OBJECT = "{\"label\": \"\", \"score\": 0.5, \"box\": [0.5, 0.5, 0.5, 0.5]}";

    /** Where in an answer the values of a tensor are. */
    private enum Place {
        VALUE,
        ITEM,
        PART,
        COUNT
    }

    /**
     * A tensor.
     *
     * @param key in the answer
     * @param part in an object of a list, empty for none
     * @param width of lists of numbers, as boxes are; 0 for single values
     */
    private record Column(Place place, String key, String part, TensorType type, int width) {

        String name() {
            return place == Place.COUNT ? key + ".count" : part.isEmpty() ? key : key + "." + part;
        }
    }

    private final Json json;
    private final List<Column> columns = new ArrayList<>();

    /** @param example of an answer, of each list one item; none of a list that was empty */
    AnswerSchema(Json json, Map<String, Object> example) {
        this.json = json;
        JsonNode tree = json.tree(example);
        for (Map.Entry<String, JsonNode> one : tree.properties()) {
            add(one.getKey(), one.getValue(), tree);
        }
    }

    private void add(String key, JsonNode value, JsonNode example) {
        if (!value.isArray()) {
            columns.add(new Column(Place.VALUE, key, "", type(value), 0));
            return;
        }
        JsonNode item = value.isEmpty() ? unseen(example) : value.get(0);
        if (!item.isObject()) {
            columns.add(new Column(Place.ITEM, key, "", type(item), 0));
            return;
        }
        columns.add(new Column(Place.COUNT, key, "", TensorType.INT64, 0));
        for (Map.Entry<String, JsonNode> part : item.properties()) {
            boolean row = part.getValue().isArray() && numbers(part.getValue());
            columns.add(new Column(
                    Place.PART,
                    key,
                    part.getKey(),
                    type(row ? part.getValue().get(0) : part.getValue()),
                    row ? part.getValue().size() : 0));
        }
    }

    /** What would be in an empty list: the same as in one beside it, or objects that a detector finds. */
    private JsonNode unseen(JsonNode example) {
        for (JsonNode other : example) {
            if (other.isArray() && !other.isEmpty() && other.get(0).isObject()) {
                return other.get(0);
            }
        }
        byte[] object = OBJECT.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return json.object(object, 0, object.length);
    }

    private static boolean numbers(JsonNode list) {
        for (JsonNode one : list) {
            if (!one.isNumber()) {
                return false;
            }
        }
        return !list.isEmpty();
    }

    private static TensorType type(JsonNode value) {
        if (value.isIntegralNumber()) {
            return TensorType.INT64;
        }
        if (value.isNumber() || value.isNull()) { // null is what is no number
            return TensorType.FP32;
        }
        return value.isBoolean() ? TensorType.BOOL : TensorType.BYTES;
    }

    /** The names of all of them. */
    Set<String> names() {
        var names = new LinkedHashSet<String>();
        columns.forEach(column -> names.add(column.name()));
        names.add(WHOLE);
        return names;
    }

    /** @param answers one of each image; without any, what the tensors are called, and their types */
    List<AnswerTensor> tensors(List<JsonNode> answers) {
        var tensors = new ArrayList<AnswerTensor>();
        columns.forEach(column -> tensors.add(tensor(column, answers)));
        List<JsonNode> whole = answers.stream()
                .<JsonNode>map(answer -> StringNode.valueOf(json.text(answer)))
                .toList();
        tensors.add(new AnswerTensor(WHOLE, TensorType.BYTES, List.of(answers.size()), whole));
        return tensors;
    }

    private AnswerTensor tensor(Column column, List<JsonNode> answers) {
        int count = answers.size();
        List<JsonNode> own =
                answers.stream().map(answer -> answer.path(column.key())).toList();
        if (column.place() == Place.VALUE) {
            return filled(column, List.of(count), own);
        }
        if (column.place() == Place.COUNT) {
            return filled(
                    column,
                    List.of(count),
                    own.stream()
                            .<JsonNode>map(list -> IntNode.valueOf(list.size()))
                            .toList());
        }
        int longest = own.stream().mapToInt(JsonNode::size).max().orElse(0);
        List<JsonNode> items = own.stream()
                .flatMap(list -> IntStream.range(0, longest).mapToObj(list::path))
                .map(item -> column.part().isEmpty() ? item : item.path(column.part()))
                .toList();
        int width = column.width();
        if (width == 0) {
            return filled(column, List.of(count, longest), items);
        }
        return filled(
                column,
                List.of(count, longest, width),
                items.stream()
                        .flatMap(item -> IntStream.range(0, width).mapToObj(item::path))
                        .toList());
    }

    private AnswerTensor filled(Column column, List<Integer> shape, List<JsonNode> values) {
        TensorType type = column.type();
        return new AnswerTensor(
                column.name(),
                type,
                shape,
                values.stream().map(value -> filled(type, value)).toList());
    }

    private JsonNode filled(TensorType type, JsonNode value) {
        boolean none = value.isMissingNode() || value.isNull();
        return switch (type) {
            case INT64 -> value.isNumber() ? value : IntNode.valueOf(0);
            case FP32 -> value.isNumber() ? value : DoubleNode.valueOf(value.isNull() ? Double.NaN : 0);
            case BOOL -> value.isBoolean() ? value : BooleanNode.FALSE;
            case BYTES ->
                none ? StringNode.valueOf("") : value.isString() ? value : StringNode.valueOf(json.text(value));
        };
    }
}
