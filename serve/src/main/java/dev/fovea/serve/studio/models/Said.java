package dev.fovea.serve.studio.models;

import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the body of a request says, each value checked. */
record Said(ObjectNode body) {

    Optional<String> text(String key) {
        return given(key).map(node -> {
            if (!node.isString()) {
                throw wrong(key, "a text", node);
            }
            return node.asString();
        });
    }

    String required(String key) {
        return text(key)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> Refusal.wrong("%s: is missing from the request".formatted(key)));
    }

    boolean yes(String key) {
        return given(key)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw wrong(key, "true or false", node);
                    }
                    return node.asBoolean();
                })
                .orElse(false);
    }

    int whole(String key, int otherwise, int least, int most) {
        return given(key)
                .map(node -> {
                    if (!node.isIntegralNumber() || node.asLong() < least || node.asLong() > most) {
                        throw wrong(key, "a whole number from %s to %s".formatted(least, most), node);
                    }
                    return node.asInt();
                })
                .orElse(otherwise);
    }

    double number(String key, double otherwise) {
        return given(key).map(node -> number(key, node)).orElse(otherwise);
    }

    private static double number(String key, JsonNode node) {
        if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
            throw wrong(key, "a number", node);
        }
        return node.asDouble();
    }

    /** Numbers by name. */
    Map<String, Double> numbers(String key) {
        var numbers = new LinkedHashMap<String, Double>();
        given(key).ifPresent(node -> {
            if (!(node instanceof ObjectNode object)) {
                throw wrong(key, "numbers by name", node);
            }
            object.properties().forEach(one -> numbers.put(one.getKey(), number(one.getKey(), one.getValue())));
        });
        return numbers;
    }

    /** Rows of numbers, at most so many. */
    List<float[]> rows(String key, int most) {
        JsonNode node = given(key).orElseThrow(() -> Refusal.wrong("%s: is missing from the request".formatted(key)));
        if (!node.isArray() || node.size() > most) {
            throw wrong(key, "a list of at most %s places".formatted(most), node);
        }
        var rows = new ArrayList<float[]>();
        for (JsonNode one : node) {
            if (!one.isArray()) {
                throw wrong(key, "lists of numbers", one);
            }
            float[] row = new float[one.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) number(key, one.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    /** Positions, at most so many; none where nothing is said. */
    List<Integer> positions(String key, int most) {
        var positions = new ArrayList<Integer>();
        given(key).ifPresent(node -> {
            if (!node.isArray() || node.size() > most) {
                throw wrong(key, "a list of at most %s positions".formatted(most), node);
            }
            for (JsonNode one : node) {
                if (!one.isIntegralNumber() || one.asInt() < 0) {
                    throw wrong(key, "positions from 0", one);
                }
                positions.add(one.asInt());
            }
        });
        return positions;
    }

    private Optional<JsonNode> given(String key) {
        return Optional.ofNullable(body.get(key)).filter(node -> !node.isNull());
    }

    private static Refusal wrong(String key, String expected, JsonNode got) {
        String shown = got.toString();
        return Refusal.wrong("%s: expected %s, got %s"
                .formatted(key, expected, Escaped.of(shown.length() > 60 ? shown.substring(0, 60) + "..." : shown)));
    }
}
