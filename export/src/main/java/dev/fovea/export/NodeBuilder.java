package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Nodes and constants of an ONNX graph, one after another, each under a name of its own. */
class NodeBuilder {

    private final int opset;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private String layer = "";

    /** @param taken names that are given already */
    NodeBuilder(int opset, Collection<String> taken) {
        this.opset = opset;
        this.taken.addAll(taken);
    }

    /** Goes on with the nodes of a graph. */
    static NodeBuilder after(OnnxGraph graph, int opset) {
        var builder = new NodeBuilder(
                opset, graph.inputs().stream().map(OnnxValue::name).toList());
        builder.include(graph);
        return builder;
    }

    /** Adds the nodes of a graph; its inputs are tensors that are there already, by their names. */
    final void include(OnnxGraph graph) {
        graph.nodes().forEach(node -> {
            taken.add(node.name());
            taken.addAll(node.outputs());
        });
        nodes.addAll(graph.nodes());
        graph.initializers().forEach(this::initializer);
    }

    final int opset() {
        return opset;
    }

    /** All nodes that follow are those of a layer. */
    final void within(String name) {
        layer = name;
    }

    final void take(String name) {
        taken.add(name);
    }

    /** A new node with one output; gives the name of that. */
    final String node(String op, List<String> inputs, Object... attributes) {
        return nodes(op, 1, inputs, attributes).get(0);
    }

    /** A new node with so many outputs; gives their names. */
    final List<String> nodes(String op, int outputs, List<String> inputs, Object... attributes) {
        String name = fresh((layer.isEmpty() ? "" : layer + "/") + op);
        var made = new ArrayList<String>();
        for (int i = 0; i < outputs; i++) {
            made.add(fresh(name + "_output" + (outputs > 1 ? i : "")));
        }
        nodes.add(new OnnxNode(name, op, "", inputs, made, OnnxAttributes.of(attributes)));
        return made;
    }

    final String cast(String name, DType type) {
        return node("Cast", List.of(name), "to", OnnxType.of(type).number());
    }

    /** A tensor that never changes; gives its name, which may be one of another with the same content. */
    final String initializer(String name, Tensor value) {
        var shape = new ArrayList<Long>();
        for (long size : value.shape()) {
            shape.add(size);
        }
        return initializer(new OnnxTensor(name, OnnxType.of(value.type()), shape, value.toBytes()));
    }

    final String initializer(OnnxTensor tensor) {
        initializers.putIfAbsent(tensor.name(), tensor);
        return tensor.name();
    }

    /** One number of a type. */
    final String number(double value, DType type) {
        String name = "number_%s_%s".formatted(value, type.code().toLowerCase(Locale.ROOT));
        var data = ByteBuffer.allocate(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT32 -> data.putFloat((float) value);
            case FLOAT64 -> data.putDouble(value);
            case INT64 -> data.putLong((long) value);
            case INT32 -> data.putInt((int) value);
            default ->
                throw new NotExportableException("%s: numbers of type %s are not written".formatted(layer, type));
        }
        return initializer(new OnnxTensor(name, OnnxType.of(type), List.of(), data.flip()));
    }

    /** Whole numbers in a row. */
    final String wholes(long... values) {
        List<Long> list = OnnxAttributes.wholes(values);
        String name = "wholes" + list.toString().replace(" ", "");
        return initializer(OnnxTensor.of(name, List.of((long) values.length), values));
    }

    /** Numbers in a row, float32. */
    final String reals(float... values) {
        String name = "reals" + Arrays.toString(values).replace(" ", "");
        return initializer(OnnxTensor.of(name, List.of((long) values.length), values));
    }

    /** One number so many times, float32. */
    final String repeated(float value, long count) {
        float[] values = new float[Math.toIntExact(count)];
        Arrays.fill(values, value);
        return initializer(OnnxTensor.of("repeated_%s_%s".formatted(value, count), List.of(count), values));
    }

    /** The same tensor under a name that somebody outside expects. */
    final void named(String tensor, String name) {
        nodes.add(new OnnxNode(fresh(name + "/Identity"), "Identity", "", List.of(tensor), List.of(name), Map.of()));
    }

    /** A name that nothing has yet. */
    final String fresh(String name) {
        String free = name;
        for (int i = 1; !taken.add(free); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    /** The nodes and initializers that {@code outputs} need. */
    final OnnxGraph graph(String name, List<OnnxValue> inputs, List<OnnxValue> outputs) {
        return OnnxPruning.of(new OnnxGraph(name, nodes, List.copyOf(initializers.values()), inputs, outputs));
    }
}
