package dev.fovea.export.quantize;

import dev.fovea.export.OnnxAttribute;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which nodes of a graph are computed in eight bits, and which of its values are rounded to them. */
final class Placement {

    /** Their output has the numbers of their input. */
    private static final Set<String> SAME_NUMBERS = Set.of("MaxPool", "Reshape", "Flatten", "Transpose");

    /** Computed in eight bits where all that goes in is. */
    private static final Set<String> FOLLOWING =
            Set.of("Add", "GlobalAveragePool", "AveragePool", "Concat", "Mul", "Sigmoid");

    /** Joined with the convolution before them. */
    private static final Set<String> JOINED = Set.of("Relu", "Clip");

    private final Weights weights;
    private final GraphLinks links;
    private final Set<OnnxNode> weighted = new LinkedHashSet<>();
    private final Set<String> quantized = new LinkedHashSet<>();
    private final Map<String, String> sameAs = new HashMap<>();

    Placement(OnnxGraph graph) {
        weights = new Weights(graph);
        links = new GraphLinks(graph.nodes(), graph.outputs());
        graph.nodes().stream().filter(this::hasWeights).forEach(node -> {
            weighted.add(node);
            quantized.add(node.inputs().get(0));
        });
        for (OnnxNode node : graph.nodes()) { // each behind those whose outputs it takes
            String output = node.outputs().get(0);
            if (SAME_NUMBERS.contains(node.op())
                    && quantized.contains(node.inputs().get(0))) {
                sameAs.put(output, node.inputs().get(0));
                add(output);
            } else if (node.op().equals("Conv") && weighted.contains(node)) {
                links.onlyTaker(output)
                        .filter(next -> JOINED.contains(next.op()))
                        .ifPresentOrElse(next -> add(next.outputs().get(0)), () -> add(output));
            } else if (FOLLOWING.contains(node.op()) && follows(node)) {
                links.onlyTaker(output)
                        .filter(next -> next.op().equals("Relu"))
                        .ifPresentOrElse(next -> add(next.outputs().get(0)), () -> add(output));
            }
        }
    }

    private void add(String value) {
        if (!links.output(value)) {
            quantized.add(value);
        }
    }

    private boolean follows(OnnxNode node) {
        return node.inputs().stream().allMatch(quantized::contains);
    }

    /** Whether it multiplies what goes in with constants. */
    private boolean hasWeights(OnnxNode node) {
        if (node.inputs().size() < 2
                || weights.has(node.inputs().get(0))
                || !node.inputs().stream()
                        .skip(1)
                        .allMatch(name -> weights.floats(name).isPresent())) {
            return false;
        }
        return switch (node.op()) {
            case "Conv" -> true;
            case "Gemm" -> is(node, "transA", 0) && is(node, "alpha", 1) && is(node, "beta", 1) && biased(node);
            case "MatMul" ->
                weights.floats(node.inputs().get(1)).orElseThrow().dims().size() == 2;
            default -> false;
        };
    }

    /** One number for each column. */
    private boolean biased(OnnxNode node) {
        return node.inputs().size() < 3
                || weights.floats(node.inputs().get(2)).orElseThrow().dims().size() == 1;
    }

    private static boolean is(OnnxNode node, String attribute, int usual) {
        OnnxAttribute value = node.attributes().get(attribute);
        return value == null
                || value instanceof OnnxAttribute.Whole whole && whole.value() == usual
                || value instanceof OnnxAttribute.Real real && real.value() == usual;
    }

    /** Whether a node with weights is computed in eight bits. */
    boolean weighted(OnnxNode node) {
        return weighted.contains(node);
    }

    /** Whether a value is rounded to eight bits. */
    boolean quantized(String value) {
        return quantized.contains(value);
    }

    /** How many nodes with weights are computed in eight bits. */
    int count() {
        return weighted.size();
    }

    /** The value whose range is that of {@code value}. */
    String rangeOf(String value) {
        String same = value;
        while (sameAs.containsKey(same)) {
            same = sameAs.get(same);
        }
        return same;
    }

    /** The values whose ranges must be known. */
    List<String> measured() {
        return quantized.stream().map(this::rangeOf).distinct().toList();
    }
}
