package dev.fovea.serve.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A type of the Open Inference Protocol that answers have. */
enum TensorType {
    FP32,
    INT64,
    BOOL,
    BYTES;

    /** Values as the binary extension has them: little endian, texts with their length before them. */
    byte[] binary(List<JsonNode> values) {
        return switch (this) {
            case FP32 -> {
                ByteBuffer out = little(4 * values.size());
                values.forEach(value -> out.putFloat(value.floatValue()));
                yield out.array();
            }
            case INT64 -> {
                ByteBuffer out = little(8 * values.size());
                values.forEach(value -> out.putLong(value.longValue()));
                yield out.array();
            }
            case BOOL -> {
                ByteBuffer out = little(values.size());
                values.forEach(value -> out.put((byte) (value.booleanValue() ? 1 : 0)));
                yield out.array();
            }
            case BYTES -> {
                List<byte[]> texts = values.stream()
                        .map(value -> value.stringValue().getBytes(StandardCharsets.UTF_8))
                        .toList();
                ByteBuffer out =
                        little(texts.stream().mapToInt(text -> 4 + text.length).sum());
                texts.forEach(text -> out.putInt(text.length).put(text));
                yield out.array();
            }
        };
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
