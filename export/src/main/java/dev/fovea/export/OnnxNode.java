package dev.fovea.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One operation of an ONNX graph.
 *
 * @param op its operator, such as {@code Conv}
 * @param domain of the operator; empty for ONNX's own
 * @param inputs names of values; empty where one is not given
 * @param outputs names of values; empty where one is not wanted
 */
public record OnnxNode(
        String name,
        String op,
        String domain,
        List<String> inputs,
        List<String> outputs,
        Map<String, OnnxAttribute> attributes) {

    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
}
