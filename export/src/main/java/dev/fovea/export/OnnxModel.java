package dev.fovea.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All of an ONNX file.
 *
 * @param irVersion of the format
 * @param opsets the version of the operators, by domain; ONNX's own is the empty one
 * @param metadata whatever else is to be known, by name
 */
public record OnnxModel(
        long irVersion,
        String producer,
        String producerVersion,
        Map<String, Long> opsets,
        OnnxGraph graph,
        Map<String, String> metadata) {

    public OnnxModel {
        opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
