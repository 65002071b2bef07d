package dev.fovea.export.quantize;

import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxTensor;
import dev.fovea.export.OnnxType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The constants of a graph by name. */
final class Weights {

    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    Weights(OnnxGraph graph) {
        graph.initializers().forEach(this::put);
    }

    void put(OnnxTensor tensor) {
        tensors.put(tensor.name(), tensor);
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** The tensor of that name, if it is a constant of float32. */
    Optional<OnnxTensor> floats(String name) {
        return Optional.ofNullable(tensors.get(name)).filter(tensor -> tensor.type() == OnnxType.FLOAT32);
    }

    /** All that nodes or outputs of {@code graph} take. */
    List<OnnxTensor> usedIn(GraphLinks graph) {
        return tensors.values().stream()
                .filter(tensor -> graph.used(tensor.name()))
                .toList();
    }

    static float[] values(OnnxTensor tensor) {
        float[] values = new float[tensor.data().limit() / Float.BYTES];
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        data.rewind();
        data.asFloatBuffer().get(values);
        return values;
    }

    static OnnxTensor bytes(String name, List<Long> dims, byte... values) {
        return new OnnxTensor(name, OnnxType.INT8, dims, ByteBuffer.wrap(values));
    }

    /** Matrix [rows, columns] to [columns, rows]. */
    static OnnxTensor transposed(OnnxTensor matrix, String name) {
        int rows = Math.toIntExact(matrix.dims().get(0));
        int columns = Math.toIntExact(matrix.dims().get(1));
        float[] values = values(matrix);
        float[] turned = new float[values.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                turned[c * rows + r] = values[r * columns + c];
            }
        }
        return OnnxTensor.of(name, List.of((long) columns, (long) rows), turned);
    }
}
