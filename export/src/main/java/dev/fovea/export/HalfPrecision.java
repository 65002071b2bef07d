package dev.fovea.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph whose weights and operations are in float16; what goes in and comes out stays float32. Factors of resizing stay
 * as they are, their operator takes no others.
 */
final class HalfPrecision {

    private static final float LARGEST = 65504;

    /** The smallest number that is not 0. */
    private static final float SMALLEST = 0x1p-24f;

    private static final String CAST = "Cast";

    private final OnnxGraph graph;
    private final Set<String> exact = new HashSet<>();
    private final Map<String, String> renamed = new HashMap<>();
    private final List<OnnxNode> before = new ArrayList<>();
    private final List<OnnxNode> behind = new ArrayList<>();

    private HalfPrecision(OnnxGraph graph) {
        this.graph = graph;
        graph.nodes().stream()
                .filter(node -> node.op().equals("Resize"))
                .forEach(node ->
                        exact.addAll(node.inputs().subList(1, node.inputs().size())));
    }

    static OnnxGraph of(OnnxGraph graph) {
        return new HalfPrecision(graph).halved();
    }

    private OnnxGraph halved() {
        graph.inputs().stream()
                .filter(input -> input.type() == OnnxType.FLOAT32)
                .forEach(input -> before.add(cast(input.name(), inner(input.name()), OnnxType.FLOAT16)));
        graph.outputs().stream()
                .filter(output -> output.type() == OnnxType.FLOAT32)
                .forEach(output -> behind.add(cast(inner(output.name()), output.name(), OnnxType.FLOAT32)));
        var nodes = new ArrayList<>(before);
        graph.nodes().forEach(node -> nodes.add(halved(node)));
        nodes.addAll(behind);
        List<OnnxTensor> initializers =
                graph.initializers().stream().map(this::halved).toList();
        return new OnnxGraph(graph.name(), nodes, initializers, graph.inputs(), graph.outputs());
    }

    private String inner(String name) {
        return renamed.computeIfAbsent(name, outer -> outer + "_half");
    }

    private static OnnxNode cast(String from, String to, OnnxType type) {
        return new OnnxNode("half/" + to, CAST, "", List.of(from), List.of(to), OnnxAttributes.of("to", type.number()));
    }

    private OnnxNode halved(OnnxNode node) {
        var attributes = new LinkedHashMap<>(node.attributes());
        if (node.op().equals(CAST)
                && attributes.get("to") instanceof OnnxAttribute.Whole to
                && to.value() == OnnxType.FLOAT32.number()) {
            attributes.put("to", new OnnxAttribute.Whole(OnnxType.FLOAT16.number()));
        }
        return new OnnxNode(
                node.name(), node.op(), node.domain(), inner(node.inputs()), inner(node.outputs()), attributes);
    }

    private List<String> inner(List<String> names) {
        return names.stream().map(name -> renamed.getOrDefault(name, name)).toList();
    }

    private OnnxTensor halved(OnnxTensor tensor) {
        if (tensor.type() != OnnxType.FLOAT32 || exact.contains(tensor.name())) {
            return tensor;
        }
        ByteBuffer from = tensor.data().duplicate().rewind().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(from.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
        boolean number = tensor.dims().isEmpty();
        while (from.hasRemaining()) {
            to.putShort(bits(from.getFloat(), number));
        }
        return new OnnxTensor(tensor.name(), OnnxType.FLOAT16, tensor.dims(), to.flip());
    }

    /** @param number a single one, such as what keeps a divisor from 0: it must not become 0 */
    private static short bits(float value, boolean number) {
        float size = Math.abs(value);
        if (Float.isFinite(value) && size > LARGEST) {
            return bits(Math.copySign(LARGEST, value));
        }
        return bits(number && size > 0 && size < SMALLEST ? Math.copySign(SMALLEST, value) : value);
    }

    /** Nearest, halves to even; infinities and NaN stay what they are. */
    static short bits(float value) {
        int all = Float.floatToRawIntBits(value);
        int sign = all >>> 16 & 0x8000;
        int size = all & 0x7fffffff;
        if (size >= 0x7f800000) {
            return (short) (sign | 0x7c00 | (size > 0x7f800000 ? 0x200 : 0));
        }
        if (size >= 0x477ff000) { // rounds to more than the largest
            return (short) (sign | 0x7c00);
        }
        if (size < 0x38800000) { // below the smallest normal number: in steps of 2^-24
            return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
        }
        int rounded = size + 0xfff + (size >>> 13 & 1);
        return (short) (sign | rounded - 0x38000000 >>> 13);
    }
}
