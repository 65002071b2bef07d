package dev.fovea.export.quantize;

import dev.fovea.export.OnnxAttribute;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxNode;
import dev.fovea.export.OnnxTensor;
import dev.fovea.export.OnnxType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph with pairs of QuantizeLinear and DequantizeLinear around what is to be computed in eight bits, which runtimes join with the
 * operators between them: activations in uint8 with a range each, weights in int8 with a range for each output channel, biases in int32.
 */
final class QuantizedGraph {

    private static final float MOST = 127;

    /** Below the ends of int32, with room for what is added. */
    private static final double MOST_BIAS = 1 << 30;

    private final OnnxGraph graph;
    private final Placement placement;
    private final Map<String, ValueRange> ranges;
    private final Weights weights;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, String> standIns = new HashMap<>();

    private QuantizedGraph(OnnxGraph graph, Placement placement, Map<String, ValueRange> ranges) {
        this.graph = graph;
        this.placement = placement;
        this.ranges = ranges;
        weights = new Weights(graph);
    }

    static OnnxGraph of(OnnxGraph graph, Placement placement, Map<String, ValueRange> ranges) {
        return new QuantizedGraph(graph, placement, ranges).written();
    }

    private OnnxGraph written() {
        graph.inputs().forEach(input -> pair(input.name()));
        for (OnnxNode node : graph.nodes()) {
            nodes.add(placement.weighted(node) ? inEightBits(node) : withInputs(node, standing(node)));
            node.outputs().forEach(this::pair);
        }
        var links = new GraphLinks(nodes, graph.outputs());
        return new OnnxGraph(graph.name(), nodes, weights.usedIn(links), graph.inputs(), graph.outputs());
    }

    private List<String> standing(OnnxNode node) {
        return node.inputs().stream()
                .map(input -> standIns.getOrDefault(input, input))
                .toList();
    }

    private static OnnxNode withInputs(OnnxNode node, List<String> inputs) {
        return new OnnxNode(node.name(), node.op(), node.domain(), inputs, node.outputs(), node.attributes());
    }

    /** Rounds a value to eight bits; all that take it take what comes back. */
    private void pair(String value) {
        if (!placement.quantized(value)) {
            return;
        }
        ValueRange range = ranges.get(placement.rangeOf(value));
        String scale = value + "/scale";
        String zero = value + "/zero";
        weights.put(OnnxTensor.of(scale, List.of(), range.scale()));
        weights.put(new OnnxTensor(zero, OnnxType.UINT8, List.of(), ByteBuffer.wrap(new byte[] {(byte) range.zero()})));
        String bytes = value + "/quantized";
        String back = value + "/dequantized";
        nodes.add(new OnnxNode(bytes, "QuantizeLinear", "", List.of(value, scale, zero), List.of(bytes), Map.of()));
        nodes.add(new OnnxNode(back, "DequantizeLinear", "", List.of(bytes, scale, zero), List.of(back), Map.of()));
        standIns.put(value, back);
    }

    private OnnxNode inEightBits(OnnxNode node) {
        String input = node.inputs().get(0);
        float inputScale = ranges.get(placement.rangeOf(input)).scale();
        OnnxTensor weight = weights.floats(node.inputs().get(1)).orElseThrow();
        boolean matrix = !node.op().equals("Conv");
        boolean turned =
                node.attributes().get("transB") instanceof OnnxAttribute.Whole transposed && transposed.value() == 1;
        OnnxTensor laid = turned ? Weights.transposed(weight, weight.name()) : weight;
        int axis = matrix ? 1 : 0;
        float[] bias = node.inputs().size() > 2
                ? Weights.values(weights.floats(node.inputs().get(2)).orElseThrow())
                : new float[0];
        float[] scales = scales(laid, axis, bias, inputScale);
        var inputs = new ArrayList<>(List.of(standIns.getOrDefault(input, input)));
        inputs.add(weight(node.name(), laid, axis, scales));
        if (bias.length > 0) {
            inputs.add(bias(node.name(), bias, scales, inputScale));
        }
        var attributes = new HashMap<>(node.attributes());
        attributes.remove("transB");
        return new OnnxNode(node.name(), node.op(), "", inputs, node.outputs(), attributes);
    }

    /** One for each output channel; large enough for its bias to fit into int32. */
    private static float[] scales(OnnxTensor weight, int axis, float[] bias, float inputScale) {
        float[] values = Weights.values(weight);
        int channels = Math.toIntExact(weight.dims().get(axis));
        int inner = axis == 0 ? values.length / channels : 1;
        float[] scales = new float[channels];
        for (int i = 0; i < values.length; i++) {
            int channel = i / inner % channels;
            scales[channel] = Math.max(scales[channel], Math.abs(values[i]) / MOST);
        }
        for (int c = 0; c < channels; c++) {
            double least = bias.length > 0 ? Math.abs(bias[c]) / (inputScale * MOST_BIAS) : 0;
            scales[c] = Math.max(scales[c], (float) Math.max(least, Float.MIN_NORMAL));
        }
        return scales;
    }

    private String weight(String node, OnnxTensor weight, int axis, float[] scales) {
        float[] values = Weights.values(weight);
        int inner = axis == 0 ? values.length / scales.length : 1;
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            float steps = values[i] / scales[i / inner % scales.length];
            bytes[i] = (byte) Math.max(-MOST, Math.min(MOST, Math.rint(steps)));
        }
        String name = node + "/weight";
        weights.put(Weights.bytes(name + "/quantized", weight.dims(), bytes));
        return dequantized(name, scales, axis, OnnxType.INT8);
    }

    private String bias(String node, float[] bias, float[] scales, float inputScale) {
        var data = ByteBuffer.allocate(bias.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        float[] products = new float[bias.length];
        for (int c = 0; c < bias.length; c++) {
            products[c] = inputScale * scales[c];
            data.putInt((int) Math.rint(bias[c] / (double) products[c]));
        }
        String name = node + "/bias";
        weights.put(new OnnxTensor(name + "/quantized", OnnxType.INT32, List.of((long) bias.length), data.flip()));
        return dequantized(name, products, 0, OnnxType.INT32);
    }

    private String dequantized(String name, float[] scales, int axis, OnnxType type) {
        List<Long> dims = List.of((long) scales.length);
        weights.put(OnnxTensor.of(name + "/scale", dims, scales));
        weights.put(new OnnxTensor(name + "/zero", type, dims, ByteBuffer.allocate(scales.length * type.bytes())));
        nodes.add(new OnnxNode(
                name,
                "DequantizeLinear",
                "",
                List.of(name + "/quantized", name + "/scale", name + "/zero"),
                List.of(name),
                Collections.singletonMap("axis", new OnnxAttribute.Whole(axis))));
        return name;
    }
}
