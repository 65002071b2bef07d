package dev.fovea.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Values with a name, as ONNX files hold weights and constants.
 *
 * @param dims its sizes; none of a scalar
 * @param data its elements in row-major order, little-endian, from the buffer's start to its end; whoever reads takes a
 *     duplicate
 */
public record OnnxTensor(String name, OnnxType type, List<Long> dims, ByteBuffer data) {

    public OnnxTensor {
        dims = List.copyOf(dims);
        data = data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long bytes = dims.stream().reduce(1L, Math::multiplyExact) * type.bytes();
        if (data.limit() != bytes) {
            throw new IllegalArgumentException(
                    "ONNX tensor '%s': %s%s takes %s bytes, got %s".formatted(name, type, dims, bytes, data.limit()));
        }
    }

    /** Whole numbers, int64. */
    public static OnnxTensor of(String name, List<Long> dims, long... values) {
        var data = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            data.putLong(value);
        }
        return new OnnxTensor(name, OnnxType.INT64, dims, data.flip());
    }

    /** Numbers, float32. */
    public static OnnxTensor of(String name, List<Long> dims, float... values) {
        var data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return new OnnxTensor(name, OnnxType.FLOAT32, dims, data.flip());
    }
}
