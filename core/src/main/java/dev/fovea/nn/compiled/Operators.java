package dev.fovea.nn.compiled;

import dev.fovea.engine.DType;
import dev.fovea.engine.Op;
import dev.fovea.engine.Program;
import dev.fovea.engine.Program.Ref;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which of libtorch's operators each operation is, with all that its schema asks for. */
final class Operators {

    /** An operation that becomes an operator. */
    record Call(Program.Builder builder, Step step, Ref[] x) {

        /** The operator of that name of the first tensor and these. */
        Ref of(String name, Object... more) {
            return call(name, x[0], more);
        }

        Ref call(String name, Object first, Object... more) {
            Object[] all = new Object[more.length + 1];
            all[0] = first;
            System.arraycopy(more, 0, all, 1, more.length);
            return builder.call("aten::" + name, all);
        }

        /** An attribute; lengths in proportion to the number of images are computed from it. */
        Object at(int index) {
            return length(step.attributes().get(index));
        }

        private Object length(Object attribute) {
            if (attribute instanceof Step.PerImage per) {
                Ref images = builder.size(builder.input(), 0);
                return per.count() == 1 ? images : builder.times(images, per.count());
            }
            return attribute instanceof List<?> list
                    ? list.stream().map(this::length).toList()
                    : attribute;
        }

        /** The second tensor, or the number in its place. */
        Object operand() {
            return x.length == 2 ? x[1] : at(0);
        }
    }

    /** What one operation becomes. */
    @FunctionalInterface
    interface Rule {
        Ref lower(Call call);
    }

    /** Whether oneDNN's fused operators are there. */
    static final boolean POSSIBLE = Stream.of(
                    "mkldnn::_convolution_pointwise",
                    "mkldnn::_convolution_pointwise.binary",
                    "mkldnn::_convolution_pointwise_.binary",
                    "mkldnn::_reorder_convolution_weight",
                    "mkldnn::_linear_pointwise",
                    "mkldnn::_reorder_linear_weight")
            .allMatch(Program::has);

    static final Map<Op, Rule> RULES = new EnumMap<>(Op.class);

    static {
        for (Op op : List.of(
                Op.RELU,
                Op.SIGMOID,
                Op.TANH,
                Op.SILU,
                Op.NEG,
                Op.SIGN,
                Op.ABS,
                Op.SQRT,
                Op.EXP,
                Op.LOG,
                Op.SIN,
                Op.COS,
                Op.ROUND)) {
            RULES.put(op, c -> c.of(op.toString()));
        }
        RULES.put(Op.HARD_SWISH, c -> c.of("hardswish"));
        RULES.put(Op.HARD_SIGMOID, c -> c.of("hardsigmoid"));
        RULES.put(Op.GELU, c -> c.of("gelu", "none"));
        RULES.put(Op.SOFTPLUS, c -> c.of("softplus", 1.0, 20.0));
        RULES.put(Op.LEAKY_RELU, c -> c.of("leaky_relu", c.at(0)));
        RULES.put(Op.SOFTMAX, c -> c.of("softmax", c.at(0), null));
        RULES.put(Op.LOG_SOFTMAX, c -> c.of("log_softmax", c.at(0), null));
        arithmetic();
        shapes();
        layers();
    }

    private Operators() {}

    private static void arithmetic() {
        RULES.put(Op.ADD, c -> c.of("add", c.operand(), 1.0));
        RULES.put(Op.SUB, c -> c.of("sub", c.operand(), 1.0));
        RULES.put(Op.MUL, c -> c.of("mul", c.operand()));
        RULES.put(Op.DIV, c -> c.of("div", c.operand()));
        RULES.put(Op.POW, c -> c.of("pow", c.at(0)));
        RULES.put(Op.MATMUL, c -> c.of("matmul", c.x()[1]));
        RULES.put(Op.CLAMP, c -> c.of("clamp", c.at(0), c.at(1)));
        RULES.put(Op.MAXIMUM, c -> c.of("maximum", c.x()[1]));
        RULES.put(Op.MINIMUM, c -> c.of("minimum", c.x()[1]));
        RULES.put(Op.GE, c -> c.of("ge", c.at(0)));
        RULES.put(Op.EQ, c -> c.of("eq", c.operand()));
        RULES.put(Op.WHERE, c -> c.of("where", c.x()[1], c.x()[2]));
        RULES.put(
                Op.SUM,
                c -> c.step().attributes().isEmpty() ? c.of("sum", (Object) null) : c.of("sum", c.at(0), false, null));
        RULES.put(
                Op.MEAN,
                c -> c.step().attributes().isEmpty()
                        ? c.of("mean", (Object) null)
                        : c.of("mean", c.at(0), false, null));
        RULES.put(Op.ARGMAX, c -> c.of("argmax", c.at(0), false));
        RULES.put(Op.MAX, c -> c.step().attributes().isEmpty() ? c.of("max") : c.of("amax", List.of(c.at(0)), false));
    }

    private static void shapes() {
        RULES.put(Op.ZEROS, c -> c.builder().filled(0, c.at(1), c.step().type()));
        RULES.put(
                Op.FULL,
                c -> c.builder().filled(c.step().real(0), c.at(1), c.step().type()));
        RULES.put(Op.CAT, c -> c.call("cat", Arrays.asList(c.x()), c.at(0)));
        RULES.put(Op.STACK, c -> c.call("stack", Arrays.asList(c.x()), c.at(0)));
        RULES.put(Op.TO_TYPE, c -> cast(c.builder(), c.x()[0], c.step().type()));
        RULES.put(Op.TO_DEVICE, c -> c.x()[0]);
        RULES.put(Op.COPY, c -> c.x()[0]);
        RULES.put(Op.DETACH, c -> c.x()[0]);
        RULES.put(Op.CONTIGUOUS, c -> c.of("contiguous", 0L));
        RULES.put(Op.CHANNELS_LAST, c -> c.of("contiguous", 2L));
        RULES.put(Op.RESHAPE, c -> c.of("reshape", c.at(0)));
        RULES.put(Op.FLATTEN, c -> c.of("flatten", c.at(0), c.at(1)));
        RULES.put(Op.PERMUTE, c -> c.of("permute", c.at(0)));
        RULES.put(Op.TRANSPOSE, c -> c.of("transpose", c.at(0), c.at(1)));
        RULES.put(Op.UNSQUEEZE, c -> c.of("unsqueeze", c.at(0)));
        RULES.put(Op.SQUEEZE, c -> c.of("squeeze", c.at(0)));
        RULES.put(Op.EXPAND, c -> c.of("expand", c.at(0), false));
        RULES.put(Op.NARROW, c -> c.of("narrow", c.at(0), c.at(1), c.at(2)));
        RULES.put(Op.SELECT, c -> c.of("select", c.at(0), c.at(1)));
        RULES.put(Op.INDEX_SELECT, c -> c.of("index_select", c.at(0), c.x()[1]));
        RULES.put(Op.GATHER, c -> c.of("gather", c.at(0), c.x()[1], false));
        RULES.put(Op.FLIP, c -> c.of("flip", c.at(0)));
        RULES.put(Op.ROLL, c -> c.of("roll", c.at(0), c.at(1)));
        RULES.put(Op.PAD, c -> c.of("constant_pad_nd", c.at(0), 0.0));
        RULES.put(Op.PIXEL_SHUFFLE, c -> c.of("pixel_shuffle", c.at(0)));
        RULES.put(Op.PIXEL_UNSHUFFLE, c -> c.of("pixel_unshuffle", c.at(0)));
        RULES.put(Op.UPSAMPLE_NEAREST, c -> c.of("upsample_nearest2d", List.of(c.at(0), c.at(1)), null, null));
        RULES.put(Op.UPSAMPLE_BILINEAR, c -> c.of("upsample_bilinear2d", List.of(c.at(0), c.at(1)), false, null, null));
        RULES.put(Op.UPSAMPLE_BICUBIC, c -> c.of("upsample_bicubic2d", List.of(c.at(0), c.at(1)), false, null, null));
    }

    private static void layers() {
        RULES.put(Op.LINEAR, c -> c.of("linear", c.x()[1], third(c)));
        RULES.put(Op.CONV2D, c -> c.of("conv2d", c.x()[1], third(c), c.at(0), c.at(1), c.at(2), c.at(3)));
        RULES.put(Op.CONV3D, c -> c.of("conv3d", c.x()[1], third(c), c.at(0), c.at(1), c.at(2), c.at(3)));
        RULES.put(
                Op.CONV_TRANSPOSE2D,
                c -> c.of("conv_transpose2d", c.x()[1], third(c), c.at(0), c.at(1), c.at(2), c.at(4), c.at(3)));
        RULES.put(Op.MAX_POOL2D, c -> c.of("max_pool2d", c.at(0), c.at(1), c.at(2), new long[] {1, 1}, c.at(3)));
        RULES.put(Op.AVG_POOL2D, c -> c.of("avg_pool2d", c.at(0), c.at(1), c.at(2), false, true, null));
        RULES.put(
                Op.ADAPTIVE_MAX_POOL2D,
                c -> c.builder().firstOf(2, "aten::adaptive_max_pool2d", c.x()[0], List.of(c.at(0), c.at(1))));
        RULES.put(Op.ADAPTIVE_AVG_POOL2D, c -> c.of("adaptive_avg_pool2d", List.of(c.at(0), c.at(1))));
        RULES.put(
                Op.BATCH_NORM,
                c -> c.of("batch_norm", c.x()[1], c.x()[2], c.x()[3], c.x()[4], c.at(0), c.at(1), c.at(2), false));
        RULES.put(Op.LAYER_NORM, c -> c.of("layer_norm", normalized(c), c.x()[1], c.x()[2], c.at(0), false));
        RULES.put(Op.GROUP_NORM, c -> c.of("group_norm", c.at(0), c.x()[1], c.x()[2], c.at(1), false));
        RULES.put(Op.EMBEDDING, c -> c.builder().call("aten::embedding", c.x()[1], c.x()[0], -1L, false, false));
        RULES.put(
                Op.ATTENTION,
                c -> c.of("scaled_dot_product_attention", c.x()[1], c.x()[2], null, 0.0, c.at(0), null, false));
    }

    private static Ref third(Call c) {
        return c.x().length > 2 ? c.x()[2] : null;
    }

    /** All layer norms are over the last dimension. */
    private static long[] normalized(Call c) {
        return new long[] {c.step().shape().get(c.step().shape().size() - 1)};
    }

    static Ref cast(Program.Builder builder, Ref x, DType type) {
        return builder.cast(x, type);
    }
}
