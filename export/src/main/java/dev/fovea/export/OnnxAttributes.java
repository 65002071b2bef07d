package dev.fovea.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Attributes of nodes from plain values. */
final class OnnxAttributes {

    private OnnxAttributes() {}

    /** Names and values in turn: whole numbers, fractions, words, {@code long[]}. */
    static Map<String, OnnxAttribute> of(Object... namesAndValues) {
        var attributes = new LinkedHashMap<String, OnnxAttribute>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            attributes.put((String) namesAndValues[i], of(namesAndValues[i + 1]));
        }
        return attributes;
    }

    private static OnnxAttribute of(Object value) {
        if (value instanceof Long || value instanceof Integer) {
            return new OnnxAttribute.Whole(((Number) value).longValue());
        }
        if (value instanceof Double real) {
            return new OnnxAttribute.Real(real.floatValue());
        }
        if (value instanceof String text) {
            return new OnnxAttribute.Text(text);
        }
        return new OnnxAttribute.Wholes(wholes((long[]) value));
    }

    static List<Long> wholes(long... values) {
        return LongStream.of(values).boxed().toList();
    }
}
