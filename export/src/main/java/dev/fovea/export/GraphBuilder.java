package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Recorder.Value;
import dev.fovea.engine.Tensor;
import dev.fovea.export.SizeFormulas.Formula;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An ONNX graph while it grows, operation by operation of a recorded network. */
final class GraphBuilder {

    private final int opset;
    private final Constants constants;
    private final Map<Integer, String> weights;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Formula, String> sizes = new HashMap<>();
    private final SizeFormulas formulas = new SizeFormulas();
    private final Set<String> taken = new HashSet<>();
    private Step step;

    GraphBuilder(int opset, Recordings recorded, Constants constants) {
        this.opset = opset;
        this.constants = constants;
        weights = recorded.first().weights();
        taken.addAll(weights.values());
    }

    int opset() {
        return opset;
    }

    /** The tensor of that number goes into the graph under {@code name}. */
    void input(int number, String name, List<Size> shape) {
        taken.add(name);
        names.put(number, name);
        formulas.add(name, shape);
    }

    /** All that follows happens in {@code next}. */
    void enter(Step next) {
        step = next;
    }

    // ---- tensors of the recording

    /** The name of an input of the step. */
    String in(int input) {
        return name(step.first().inputs().get(input));
    }

    /** The name of an input, converted to {@code type} if it is of another. */
    String in(int input, DType type) {
        return step.type(input) == type ? in(input) : cast(in(input), type);
    }

    /** The name of an input, or an empty one where it was not given. */
    String optional(int input) {
        return step.present(input) ? in(input) : "";
    }

    private String name(Value value) {
        return name(value.number());
    }

    /** The name of what a tensor of the recording is in the graph. */
    String name(int number) {
        String known = names.get(number);
        if (known != null) {
            return known;
        }
        String weight = weights.get(number);
        String name = initializer(weight == null ? fresh(constants.place(number)) : weight, value(number));
        names.put(number, name);
        return name;
    }

    /**
     * The value of an input that does not hang on what the network is shown.
     *
     * @throws NotExportableException if it does
     */
    Tensor constant(int input) {
        int number = step.first().inputs().get(input).number();
        if (!constants.contains(number)) {
            throw new NotExportableException(
                    "%s: %s needs weights that do not hang on the images".formatted(step.place(), step.op()));
        }
        return constants.value(number);
    }

    private Tensor value(int number) {
        return constants.value(number);
    }

    /** {@code name} is the first output of the step. */
    void out(String name) {
        out(0, name);
    }

    /** {@code name} is that output of the step. */
    void out(int output, String name) {
        names.put(step.first().outputs().get(output).number(), name);
        formulas.add(name, step.made(output));
    }

    // ---- nodes

    /** A new node with one output; gives the name of that. */
    String node(String op, List<String> inputs, Object... attributes) {
        return nodes(op, 1, inputs, attributes).get(0);
    }

    /** A new node with so many outputs; gives their names. */
    List<String> nodes(String op, int outputs, List<String> inputs, Object... attributes) {
        String name = fresh((step == null || step.layer().isEmpty() ? "" : step.layer() + "/") + op);
        var made = new ArrayList<String>();
        for (int i = 0; i < outputs; i++) {
            made.add(fresh(name + "_output" + (outputs > 1 ? i : "")));
        }
        nodes.add(new OnnxNode(name, op, "", inputs, made, OnnxAttributes.of(attributes)));
        return made;
    }

    String cast(String name, DType type) {
        return node("Cast", List.of(name), "to", OnnxType.of(type).number());
    }

    /** A tensor that never changes; gives its name, which may be one of another with the same content. */
    String initializer(String name, Tensor value) {
        var shape = new ArrayList<Long>();
        for (long size : value.shape()) {
            shape.add(size);
        }
        return initializer(new OnnxTensor(name, OnnxType.of(value.type()), shape, value.toBytes()));
    }

    String initializer(OnnxTensor tensor) {
        initializers.putIfAbsent(tensor.name(), tensor);
        return tensor.name();
    }

    /** One number of a type. */
    String number(double value, DType type) {
        String name = "number_%s_%s".formatted(value, type.code().toLowerCase(java.util.Locale.ROOT));
        var data = ByteBuffer.allocate(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT32 -> data.putFloat((float) value);
            case FLOAT64 -> data.putDouble(value);
            case INT64 -> data.putLong((long) value);
            case INT32 -> data.putInt((int) value);
            default ->
                throw new NotExportableException(
                        "%s: numbers of type %s are not written".formatted(step.place(), type));
        }
        return initializer(new OnnxTensor(name, OnnxType.of(type), List.of(), data.flip()));
    }

    /** Whole numbers in a row. */
    String wholes(long... values) {
        List<Long> list = OnnxAttributes.wholes(values);
        String name = "wholes" + list.toString().replace(" ", "");
        return initializer(OnnxTensor.of(name, List.of((long) values.length), values));
    }

    /** Numbers in a row, float32. */
    String reals(float... values) {
        String name = "reals" + java.util.Arrays.toString(values).replace(" ", "");
        return initializer(OnnxTensor.of(name, List.of((long) values.length), values));
    }

    /** One number so many times, float32. */
    String repeated(float value, long count) {
        float[] values = new float[Math.toIntExact(count)];
        java.util.Arrays.fill(values, value);
        return initializer(OnnxTensor.of("repeated_%s_%s".formatted(value, count), List.of(count), values));
    }

    // ---- sizes

    /** One size, as [1]. */
    String size(Size size) {
        var own = new SizeFormulas();
        for (int i = 0; i < step.first().inputs().size(); i++) {
            if (step.present(i)
                    && names.containsKey(step.first().inputs().get(i).number())) {
                own.add(in(i), step.shape(i));
            }
        }
        Formula formula = own.dim(size)
                .or(() -> formulas.find(size))
                .orElseThrow(() -> new SizeDependentException("%s: a size of %s, %s, comes from no size of a tensor"
                        .formatted(step.place(), step.op(), size.each())));
        return size(formula);
    }

    private String size(Formula formula) {
        String known = sizes.get(formula);
        if (known == null) {
            known = made(formula);
            sizes.put(formula, known);
        }
        return known;
    }

    private String made(Formula formula) {
        if (formula instanceof Formula.Number number) {
            return wholes(number.value());
        }
        if (formula instanceof Formula.Of of) {
            return node(of.op(), List.of(size(of.left()), size(of.right())));
        }
        var dim = (Formula.Dim) formula;
        return node("Gather", List.of(node("Shape", List.of(dim.tensor())), wholes(dim.axis())), "axis", 0);
    }

    /** Sizes in a row. */
    String sizes(List<Size> all) {
        if (all.stream().allMatch(Size::isFixed)) {
            return wholes(all.stream().mapToLong(Size::value).toArray());
        }
        return node("Concat", all.stream().map(this::size).toList(), "axis", 0);
    }

    private String fresh(String name) {
        String free = name;
        for (int i = 1; !taken.add(free); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    // ---- the whole

    /** The nodes and initializers that {@code outputs} need; outputs get names of their own. */
    OnnxGraph graph(String name, List<OnnxValue> inputs, List<Integer> numbers, List<OnnxValue> outputs) {
        step = null;
        for (int i = 0; i < outputs.size(); i++) {
            nodes.add(new OnnxNode(
                    fresh(outputs.get(i).name() + "/Identity"),
                    "Identity",
                    "",
                    List.of(name(numbers.get(i))),
                    List.of(outputs.get(i).name()),
                    Map.of()));
        }
        return OnnxPruning.of(new OnnxGraph(name, nodes, List.copyOf(initializers.values()), inputs, outputs));
    }
}
