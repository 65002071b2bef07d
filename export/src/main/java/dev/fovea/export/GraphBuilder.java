package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Recorder.Value;
import dev.fovea.engine.Tensor;
import dev.fovea.export.SizeFormulas.Formula;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An ONNX graph while it grows, operation by operation of a recorded network. */
final class GraphBuilder extends NodeBuilder {

    private final Constants constants;
    private final Map<Integer, String> weights;
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Formula, String> sizes = new HashMap<>();
    private final SizeFormulas formulas = new SizeFormulas();
    private Step step;

    GraphBuilder(int opset, Recordings recorded, Constants constants) {
        super(opset, recorded.first().weights().values());
        this.constants = constants;
        weights = recorded.first().weights();
    }

    /** The tensor of that number goes into the graph under {@code name}. */
    void input(int number, String name, List<Size> shape) {
        take(name);
        names.put(number, name);
        formulas.add(name, shape);
    }

    /** All that follows happens in {@code next}. */
    void enter(Step next) {
        step = next;
        within(step.layer());
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

    // ---- the whole

    /** The nodes and initializers that {@code outputs} need; outputs get names of their own. */
    OnnxGraph graph(String name, List<OnnxValue> inputs, List<Integer> numbers, List<OnnxValue> outputs) {
        within("");
        for (int i = 0; i < outputs.size(); i++) {
            named(name(numbers.get(i)), outputs.get(i).name());
        }
        return graph(name, inputs, outputs);
    }
}
