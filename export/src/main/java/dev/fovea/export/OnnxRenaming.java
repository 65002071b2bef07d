package dev.fovea.export;

import java.util.List;
import java.util.function.UnaryOperator;

/** Gives tensors of a graph other names. */
final class OnnxRenaming {

    private OnnxRenaming() {}

    /** With {@code prefix} before each of {@code names}. */
    static OnnxGraph of(OnnxGraph graph, List<String> names, String prefix) {
        UnaryOperator<String> renamed = name -> names.contains(name) ? prefix + name : name;
        List<OnnxNode> nodes = graph.nodes().stream()
                .map(node -> new OnnxNode(
                        node.name(),
                        node.op(),
                        node.domain(),
                        node.inputs().stream().map(renamed).toList(),
                        node.outputs().stream().map(renamed).toList(),
                        node.attributes()))
                .toList();
        List<OnnxValue> outputs = graph.outputs().stream()
                .map(output -> new OnnxValue(renamed.apply(output.name()), output.type(), output.dims()))
                .toList();
        return new OnnxGraph(graph.name(), nodes, graph.initializers(), graph.inputs(), outputs);
    }
}
