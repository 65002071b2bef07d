package dev.fovea.export.quantize;

import dev.fovea.export.OnnxAttribute;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxNode;
import dev.fovea.export.OnnxTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Joins what is computed of constants alone: a batch norm behind a convolution with its weights, a transposition of a weight. The
 * numbers stay the same to rounding.
 */
final class NormFolding {

    private static final String WEIGHT = "folded_weight";
    private static final String BIAS = "folded_bias";

    private final OnnxGraph graph;
    private final GraphLinks links;
    private final Weights weights;

    private NormFolding(OnnxGraph graph) {
        this.graph = graph;
        links = new GraphLinks(graph.nodes(), graph.outputs());
        weights = new Weights(graph);
    }

    static OnnxGraph of(OnnxGraph graph) {
        return new NormFolding(graph).folded();
    }

    private OnnxGraph folded() {
        var nodes = new ArrayList<OnnxNode>();
        for (OnnxNode node : graph.nodes()) {
            if (node.op().equals("Transpose") && transposed(node)) {
                continue;
            }
            Optional<OnnxNode> norm = node.op().equals("Conv")
                    ? links.onlyTaker(node.outputs().get(0)).filter(next -> normOf(node, next))
                    : Optional.empty();
            if (norm.isPresent()) {
                nodes.add(joined(node, norm.get()));
            } else if (!isFolded(node)) {
                nodes.add(node);
            }
        }
        var left = new GraphLinks(nodes, graph.outputs());
        return new OnnxGraph(graph.name(), nodes, weights.usedIn(left), graph.inputs(), graph.outputs());
    }

    /** Whether a transposition of a matrix was done beforehand. */
    private boolean transposed(OnnxNode node) {
        Optional<OnnxTensor> matrix = weights.floats(node.inputs().get(0));
        boolean turns = node.attributes().get("perm") instanceof OnnxAttribute.Wholes perm
                && perm.values().equals(List.of(1L, 0L));
        if (!turns || matrix.isEmpty() || links.output(node.outputs().get(0))) {
            return false;
        }
        String name = node.outputs().get(0);
        weights.put(Weights.transposed(matrix.get(), name));
        return true;
    }

    private boolean normOf(OnnxNode convolution, OnnxNode next) {
        return next.op().equals("BatchNormalization")
                && next.inputs().get(0).equals(convolution.outputs().get(0))
                && next.inputs().stream()
                        .skip(1)
                        .allMatch(name -> weights.floats(name).isPresent())
                && convolution.inputs().stream()
                        .skip(1)
                        .allMatch(name -> weights.floats(name).isPresent());
    }

    private boolean isFolded(OnnxNode node) {
        return node.op().equals("BatchNormalization")
                && links.maker(node.inputs().get(0))
                        .filter(maker -> maker.op().equals("Conv")
                                && links.onlyTaker(maker.outputs().get(0)).isPresent()
                                && normOf(maker, node))
                        .isPresent();
    }

    /** {@code (conv(x) - mean) / sqrt(variance + eps) * scale + shift}. */
    private OnnxNode joined(OnnxNode convolution, OnnxNode norm) {
        float[] scale = values(norm, 1);
        float[] shift = values(norm, 2);
        float[] mean = values(norm, 3);
        float[] variance = values(norm, 4);
        double eps = norm.attributes().get("epsilon") instanceof OnnxAttribute.Real real ? real.value() : 1e-5;
        OnnxTensor weight = weights.floats(convolution.inputs().get(1)).orElseThrow();
        float[] folded = Weights.values(weight);
        float[] bias = convolution.inputs().size() > 2 ? values(convolution, 2).clone() : new float[scale.length];
        int each = folded.length / scale.length;
        for (int c = 0; c < scale.length; c++) {
            double factor = scale[c] / Math.sqrt(variance[c] + eps);
            for (int i = 0; i < each; i++) {
                folded[c * each + i] = (float) (folded[c * each + i] * factor);
            }
            bias[c] = (float) ((bias[c] - mean[c]) * factor + shift[c]);
        }
        String output = norm.outputs().get(0);
        weights.put(OnnxTensor.of(output + "/" + WEIGHT, weight.dims(), folded));
        weights.put(OnnxTensor.of(output + "/" + BIAS, List.of((long) bias.length), bias));
        return new OnnxNode(
                convolution.name(),
                "Conv",
                "",
                List.of(convolution.inputs().get(0), output + "/" + WEIGHT, output + "/" + BIAS),
                List.of(output),
                convolution.attributes());
    }

    private float[] values(OnnxNode node, int input) {
        return Weights.values(weights.floats(node.inputs().get(input)).orElseThrow());
    }
}
