package dev.fovea.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Leaves out of a graph what none of its outputs needs. */
final class OnnxPruning {

    private OnnxPruning() {}

    static OnnxGraph of(OnnxGraph graph) {
        Set<String> needed = new HashSet<>();
        graph.outputs().forEach(output -> needed.add(output.name()));
        var kept = new ArrayList<OnnxNode>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            OnnxNode node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                kept.add(node);
                needed.addAll(node.inputs());
            }
        }
        Collections.reverse(kept);
        List<OnnxTensor> initializers = graph.initializers().stream()
                .filter(tensor -> needed.contains(tensor.name()))
                .toList();
        return new OnnxGraph(graph.name(), kept, initializers, graph.inputs(), graph.outputs());
    }
}
