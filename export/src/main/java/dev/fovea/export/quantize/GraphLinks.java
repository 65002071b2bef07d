package dev.fovea.export.quantize;

import dev.fovea.export.OnnxNode;
import dev.fovea.export.OnnxValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which node makes each value of a graph and which take it. */
final class GraphLinks {

    private final Map<String, OnnxNode> makers = new HashMap<>();
    private final Map<String, List<OnnxNode>> takers = new HashMap<>();
    private final Set<String> outputs = new HashSet<>();

    GraphLinks(List<OnnxNode> nodes, List<OnnxValue> outputs) {
        for (OnnxNode node : nodes) {
            node.outputs().forEach(output -> makers.put(output, node));
            node.inputs()
                    .forEach(input -> takers.computeIfAbsent(input, key -> new ArrayList<>())
                            .add(node));
        }
        outputs.forEach(output -> this.outputs.add(output.name()));
    }

    Optional<OnnxNode> maker(String value) {
        return Optional.ofNullable(makers.get(value));
    }

    List<OnnxNode> takers(String value) {
        return takers.getOrDefault(value, List.of());
    }

    /** Whether it leaves the graph. */
    boolean output(String value) {
        return outputs.contains(value);
    }

    boolean used(String value) {
        return takers.containsKey(value) || output(value);
    }

    /** The only node that takes {@code value}, if there is just one and the graph does not give it. */
    Optional<OnnxNode> onlyTaker(String value) {
        List<OnnxNode> all = takers(value);
        return all.size() == 1 && !output(value) ? Optional.of(all.get(0)) : Optional.empty();
    }
}
