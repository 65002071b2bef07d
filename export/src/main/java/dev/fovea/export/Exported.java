package dev.fovea.export;

import java.nio.file.Path;
import java.util.List;

/**
 * An ONNX file that was written, and compared with the network in ONNX Runtime.
 *
 * @param opset the version of its operators
 * @param fixedSize why images of one size alone go in; empty where any do
 * @param difference the largest between its outputs and the network's, relative to the largest output, in float32
 * @param bytes of the file
 */
public record Exported(
        Path file,
        int opset,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs,
        String fixedSize,
        double difference,
        long bytes) {

    public Exported {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
