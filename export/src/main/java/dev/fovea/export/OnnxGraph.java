package dev.fovea.export;

import java.util.List;

/**
 * A computation.
 *
 * @param nodes each behind those whose outputs it takes
 * @param initializers weights and constants
 * @param inputs without the initializers
 */
public record OnnxGraph(
        String name,
        List<OnnxNode> nodes,
        List<OnnxTensor> initializers,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs) {

    public OnnxGraph {
        nodes = List.copyOf(nodes);
        initializers = List.copyOf(initializers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
