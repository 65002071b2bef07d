package dev.fovea.nn.compiled;

import dev.fovea.engine.DType;
import dev.fovea.engine.Op;
import dev.fovea.engine.Program;
import dev.fovea.engine.Program.Ref;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a program of libtorch's and oneDNN's operators from the parts of a network. */
final class Lowering {

    private static final long SMALL = 1 << 18;

    private final Trace trace;
    private final List<Part> parts;
    private final Packing packing;
    private final DType type;
    private final Program.Builder builder = new Program.Builder();
    private final Map<Integer, Ref> made = new HashMap<>();
    private final Map<Integer, DType> types = new HashMap<>();
    private final Map<Integer, Integer> lastUse = new HashMap<>();

    /** @param type of products: float32 or bfloat16 */
    private Lowering(Trace trace, Packing packing, DType type) {
        this.trace = trace;
        this.packing = packing;
        this.type = type;
        parts = Fusion.of(trace);
        for (int i = 0; i < parts.size(); i++) {
            for (int input : parts.get(i).inputs()) {
                lastUse.put(input, i);
            }
        }
        lastUse.put(trace.output(), parts.size());
    }

    static Program of(Trace trace, Packing packing, DType type) {
        return new Lowering(trace, packing, type).program();
    }

    private Program program() {
        made.put(trace.input(), builder.input());
        types.put(trace.input(), DType.FLOAT32);
        int last = lastProduct();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part instanceof Part.Product product) {
                // What the classes' scores are computed in, they are rounded to.
                DType in = i == last ? DType.FLOAT32 : type;
                made.put(part.output(), product(product, in, i));
                types.put(part.output(), in);
            } else {
                Step step = ((Part.Plain) part).step();
                made.put(part.output(), plain(step));
                types.put(part.output(), typeOf(step));
            }
        }
        return builder.giving(read(trace.output(), DType.FLOAT32));
    }

    private int lastProduct() {
        int last = -1;
        for (int i = 0; i < parts.size(); i++) {
            last = parts.get(i) instanceof Part.Product ? i : last;
        }
        return last;
    }

    private Ref plain(Step step) {
        Operators.Rule rule = Operators.RULES.get(step.op());
        if (rule == null) {
            throw new NotCompilableException("no rule for " + step.op());
        }
        if (isResize(step.op()) && step.shape().equals(trace.shapes().get(step.input(0)))) {
            return read(step.input(0));
        }
        boolean multiplies = isProduct(step.op());
        Ref[] inputs = new Ref[step.inputs().size()];
        for (int i = 0; i < inputs.length; i++) {
            int input = step.input(i);
            inputs[i] = input < 0 ? null : multiplies ? read(input, type) : read(input);
        }
        return rule.lower(new Operators.Call(builder, step, inputs));
    }

    private static boolean isResize(Op op) {
        return op == Op.UPSAMPLE_NEAREST || op == Op.UPSAMPLE_BILINEAR || op == Op.UPSAMPLE_BICUBIC;
    }

    private static boolean isProduct(Op op) {
        return switch (op) {
            case MATMUL, LINEAR, CONV2D, CONV3D, CONV_TRANSPOSE2D, ATTENTION -> true;
            default -> false;
        };
    }

    /** As libtorch has it: the type of products, else the widest of the tensors. */
    private DType typeOf(Step step) {
        if (step.type() != DType.FLOAT32 || type == DType.FLOAT32 || step.op() == Op.TO_TYPE) {
            return step.type();
        }
        if (isProduct(step.op())) {
            return type;
        }
        boolean isNorm = step.op() == Op.BATCH_NORM || step.op() == Op.LAYER_NORM || step.op() == Op.GROUP_NORM;
        return step.inputs().stream()
                                .limit(isNorm ? 1 : Long.MAX_VALUE)
                                .anyMatch(input -> input >= 0 && typeOf(input) == DType.FLOAT32)
                        || step.inputs().isEmpty()
                ? DType.FLOAT32
                : type;
    }

    private DType typeOf(int number) {
        return trace.constants().containsKey(number)
                ? trace.constants().get(number).type()
                : types.get(number);
    }

    private Ref read(int number) {
        return made.computeIfAbsent(
                number, absent -> builder.weight(trace.constants().get(number)));
    }

    /** The same in another type, if it is of numbers that are not whole. */
    private Ref read(int number, DType wanted) {
        Tensor constant = trace.constants().get(number);
        if (constant != null) {
            return constant.type() == DType.FLOAT32 && wanted != DType.FLOAT32
                    ? builder.weight(constant.to(wanted))
                    : read(number);
        }
        DType own = types.get(number);
        boolean isReal = own == DType.FLOAT32 || own == DType.BFLOAT16;
        return !isReal || own == wanted ? read(number) : Operators.cast(builder, read(number), wanted);
    }

    private Ref product(Part.Product product, DType in, int at) {
        Ref x = read(product.step().input(0), in);
        if (isSmall(product)) {
            return small(product, x, in);
        }
        Packing.Packed packed =
                packing.of(product, trace.shapes().get(product.step().input(0)), in);
        Ref weight = builder.weight(packed.weight());
        Ref bias = packed.bias().map(builder::weight).orElse(null);
        if (product.step().op() == Op.LINEAR) {
            var arguments = new ArrayList<Object>(Arrays.asList(x, weight, bias));
            arguments.addAll(activation(product));
            return builder.call("mkldnn::_linear_pointwise", arguments.toArray());
        }
        Step step = product.step();
        var how = List.of(
                step.attributes().get(1),
                step.attributes().get(0),
                step.attributes().get(2),
                step.attributes().get(3));
        var arguments = new ArrayList<Object>();
        if (product.added().isEmpty()) {
            arguments.addAll(Arrays.asList(x, weight, bias));
            arguments.addAll(how);
            arguments.addAll(activation(product));
            return builder.call("mkldnn::_convolution_pointwise", arguments.toArray());
        }
        int added = product.added().getAsInt();
        Ref other = read(added, in);
        boolean inPlace = isFree(added, at, in);
        arguments.addAll(inPlace ? Arrays.asList(other, x) : Arrays.asList(x, other));
        arguments.addAll(Arrays.asList(weight, bias));
        arguments.addAll(how);
        String unary = product.activation().map(Part.Activation::word).orElse(null);
        arguments.addAll(Arrays.asList("add", 1.0, unary, Program.Numbers.NONE, null));
        return builder.call(
                inPlace ? "mkldnn::_convolution_pointwise_" : "mkldnn::_convolution_pointwise", arguments.toArray());
    }

    /** A convolution of single pixels, as in squeeze and excitation, for which oneDNN prepares longer than it computes. */
    private boolean isSmall(Part.Product product) {
        Step step = product.step();
        List<Long> in = trace.shapes().get(step.input(0));
        return step.op() == Op.CONV2D
                && product.added().isEmpty()
                && step.whole(3) == 1
                && in.get(2) * in.get(3) == 1
                && product.weight().size(2) * product.weight().size(3) == 1
                && product.weight().elements() <= SMALL
                && product.activation()
                        .map(one -> one.numbers().values().isEmpty())
                        .orElse(true);
    }

    private Ref small(Part.Product product, Ref x, DType in) {
        Tensor weight =
                product.weight().flatten(1, 3).transpose(0, 1).contiguous().to(in);
        Ref rows = builder.call("aten::flatten", x, 1L, -1L);
        Ref y = product.bias().isPresent()
                ? builder.call(
                        "aten::addmm",
                        builder.weight(product.bias().get().to(in)),
                        rows,
                        builder.weight(weight),
                        1.0,
                        1.0)
                : builder.call("aten::mm", rows, builder.weight(weight));
        String word = product.activation().map(Part.Activation::word).orElse("");
        Ref active = switch (word) {
            case "" -> y;
            case "swish" -> builder.call("aten::silu", y);
            case "gelu" -> builder.call("aten::gelu", y, "none");
            default -> builder.call("aten::" + word, y);
        };
        return builder.call("aten::reshape", active, new long[] {-1, weight.size(1), 1, 1});
    }

    private static List<Object> activation(Part.Product product) {
        return product.activation()
                .map(one -> Arrays.<Object>asList(one.word(), one.numbers(), one.algorithm()))
                .orElseGet(() -> Arrays.asList("none", Program.Numbers.NONE, null));
    }

    /** Whether a tensor is of no more use after part {@code at}, to the caller either, and no other tensor shares its memory. */
    private boolean isFree(int number, int at, DType in) {
        if (number == trace.input() || lastUse.get(number) != at || types.get(number) != in) {
            return false;
        }
        return parts.stream()
                .filter(part -> part.output() == number || part.inputs().contains(number))
                .allMatch(Part.Product.class::isInstance);
    }
}
