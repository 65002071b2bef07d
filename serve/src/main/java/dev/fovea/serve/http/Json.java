package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import dev.fovea.io.JsonTree;
import dev.fovea.io.Nearest;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON in and out; what comes in is limited in depth and size. */
public final class Json {

    /** Values of a document: each takes far more memory than its digits. */
    private static final long MOST_TOKENS = 2_000_000;

    private static final int LONGEST_NAME = 1000;
    private static final int LONGEST_NUMBER = 100;

    private final JsonMapper mapper;

    public Json(Limits limits) {
        var constraints = StreamReadConstraints.builder()
                .maxNestingDepth(limits.jsonDepth())
                .maxStringLength(limits.bodyBytes())
                .maxNameLength(LONGEST_NAME)
                .maxNumberLength(LONGEST_NUMBER)
                .maxTokenCount(MOST_TOKENS)
                .build();
        mapper = JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .build();
    }

    /**
     * The object that a body is.
     *
     * @throws Refusal if it is none
     */
    public ObjectNode object(byte[] bytes, int from, int length) {
        JsonNode tree = length == 0 ? mapper.missingNode() : read(bytes, from, length);
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw Refusal.wrong("the body must be a JSON object, as in {\"image\": \"...\"}, got %s"
                .formatted(length == 0 ? "nothing" : kind(tree)));
    }

    private JsonNode read(byte[] bytes, int from, int length) {
        try {
            return mapper.readTree(bytes, from, length);
        } catch (JacksonException e) {
            throw Refusal.wrong(Problem.json(e));
        }
    }

    /** What a value is, for a message. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a text";
            case NUMBER -> "a number " + Escaped.of(node.asString());
            case BOOLEAN -> node.asString();
            default -> "null";
        };
    }

    /** @throws Refusal that names the nearest, if a key is unknown */
    public static void check(ObjectNode object, String what, List<String> known) {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw Refusal.wrong("%s: unknown key '%s'%s known are %s"
                        .formatted(what, Escaped.of(name), Nearest.hint(name, known, ","), String.join(", ", known)));
            }
        }
    }

    /** A value as a tree; what is no number is null, as JSON has neither NaN nor infinity. */
    public JsonNode tree(Object value) {
        return JsonTree.of(mapper, value);
    }

    public byte[] bytes(Object value) {
        return mapper.writeValueAsBytes(tree(value));
    }

    /** In one line. */
    public String line(Object value) {
        return mapper.writeValueAsString(tree(value));
    }

    String text(JsonNode tree) {
        return mapper.writeValueAsString(tree);
    }
}
