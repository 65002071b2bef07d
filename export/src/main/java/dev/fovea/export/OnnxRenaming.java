package dev.fovea.export;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Gives tensors of a graph other names. */
final class OnnxRenaming {

    private OnnxRenaming() {}

    /** With {@code prefix} before each of {@code names}. */
    static OnnxGraph of(OnnxGraph graph, List<String> names, String prefix) {
        return renamed(graph, name -> names.contains(name) ? prefix + name : name, UnaryOperator.identity());
    }

    /** With {@code prefix} before all that {@code kept} does not keep as it is, nodes too. */
    static OnnxGraph within(OnnxGraph graph, String prefix, Predicate<String> kept) {
        return renamed(graph, name -> name.isEmpty() || kept.test(name) ? name : prefix + name, name -> prefix + name);
    }

    private static OnnxGraph renamed(OnnxGraph graph, UnaryOperator<String> tensors, UnaryOperator<String> nodes) {
        return new OnnxGraph(
                graph.name(),
                graph.nodes().stream()
                        .map(node -> new OnnxNode(
                                nodes.apply(node.name()),
                                node.op(),
                                node.domain(),
                                node.inputs().stream().map(tensors).toList(),
                                node.outputs().stream().map(tensors).toList(),
                                node.attributes()))
                        .toList(),
                graph.initializers().stream()
                        .map(one -> new OnnxTensor(tensors.apply(one.name()), one.type(), one.dims(), one.data()))
                        .toList(),
                graph.inputs().stream()
                        .map(one -> new OnnxValue(tensors.apply(one.name()), one.type(), one.dims()))
                        .toList(),
                graph.outputs().stream()
                        .map(one -> new OnnxValue(tensors.apply(one.name()), one.type(), one.dims()))
                        .toList());
    }
}
