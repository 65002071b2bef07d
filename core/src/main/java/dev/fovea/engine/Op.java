package dev.fovea.engine;

import static dev.fovea.engine.Kernels.copied;
import static dev.fovea.engine.Kernels.joined;
import static dev.fovea.engine.Kernels.made;
import static dev.fovea.engine.Kernels.moved;
import static dev.fovea.engine.Kernels.optional;
import static dev.fovea.engine.Kernels.options;
import static dev.fovea.engine.Kernels.owned;
import static dev.fovea.engine.Kernels.random;
import static dev.fovea.engine.Kernels.scalar;
import static dev.fovea.engine.Kernels.sizes;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The operations of {@link dev.fovea.engine.Tensor}, whose methods say what each does: of each the names of its
 * attributes and libtorch's kernel. Those whose name ends in an underscore change their first input.
 */
public enum Op {
    // creation
    ZEROS("type shape", (x, a) -> torch.zeros(a.wholes(1), made(a.get(0, DType.class)))),
    EMPTY("type shape", (x, a) -> torch.empty(a.wholes(1), options(a.get(0, DType.class)), new MemoryFormatOptional())),
    FULL("value shape", (x, a) -> torch.full(a.wholes(1), new Scalar(a.real(0)), made(DType.FLOAT32))),
    RAND("random shape", (x, a) -> torch.rand(a.wholes(1), random(a).optional(), options(random(a)))),
    RANDN("random shape", (x, a) -> torch.randn(a.wholes(1), random(a).optional(), options(random(a)))),
    ARANGE("end", (x, a) -> torch.arange(new Scalar(a.whole(0)), made(DType.INT64))),
    OF("values shape", (x, a) -> copied(a.get(0, Object.class), a.wholes(1))),
    OVER(
            "buffer type shape",
            (x, a) -> torch.from_blob(
                    new BytePointer(a.get(0, ByteBuffer.class)), a.wholes(2), options(a.get(1, DType.class)))),
    CAT("dim", (x, a) -> joined(x, all -> torch.cat(all, a.whole(0)))),
    STACK("dim", (x, a) -> joined(x, all -> torch.stack(all, a.whole(0)))),
    WHERE("", (x, a) -> torch.where(x[0], x[1], x[2])),

    // moving and viewing
    TO_TYPE("type", (x, a) -> x[0].to(a.get(0, DType.class).scalarType)),
    TO_DEVICE("device", (x, a) -> moved(x[0], a.get(0, Device.class))),
    CONTIGUOUS("", (x, a) -> x[0].contiguous()),
    CHANNELS_LAST("", (x, a) -> x[0].contiguous(torch.MemoryFormat.ChannelsLast)),
    COPY("", (x, a) -> x[0].clone()),
    EMPTY_LIKE("", (x, a) -> torch.empty_like(x[0])),
    DETACH("", (x, a) -> x[0].detach()),
    RESHAPE("shape", (x, a) -> x[0].reshape(a.wholes(0))),
    FLATTEN("from to", (x, a) -> x[0].flatten(a.whole(0), a.whole(1))),
    PERMUTE("dims", (x, a) -> x[0].permute(a.wholes(0))),
    TRANSPOSE("a b", (x, a) -> x[0].transpose(a.whole(0), a.whole(1))),
    UNSQUEEZE("dim", (x, a) -> x[0].unsqueeze(a.whole(0))),
    SQUEEZE("dim", (x, a) -> x[0].squeeze(a.whole(0))),
    EXPAND("shape", (x, a) -> x[0].expand(a.wholes(0))),
    NARROW("dim start length", (x, a) -> x[0].narrow(a.whole(0), a.whole(1), a.whole(2))),
    SELECT("dim index", (x, a) -> x[0].select(a.whole(0), a.whole(1))),
    INDEX_SELECT("dim", (x, a) -> x[0].index_select(a.whole(0), x[1])),
    GATHER("dim", (x, a) -> x[0].gather(a.whole(0), x[1])),
    FLIP("dims", (x, a) -> x[0].flip(a.wholes(0))),
    ROLL("shifts dims", (x, a) -> x[0].roll(a.wholes(0), a.wholes(1))),
    DIAGONAL("", (x, a) -> x[0].diagonal()),

    // arithmetic; where there is one tensor, the other operand is a number
    ADD("value", (x, a) -> a.isEmpty() ? x[0].add(x[1]) : x[0].add(new Scalar(a.real(0)))),
    SUB("value", (x, a) -> a.isEmpty() ? x[0].sub(x[1]) : x[0].sub(new Scalar(a.real(0)))),
    MUL("value", (x, a) -> a.isEmpty() ? x[0].mul(x[1]) : x[0].mul(new Scalar(a.real(0)))),
    DIV("value", (x, a) -> a.isEmpty() ? x[0].div(x[1]) : x[0].div(new Scalar(a.real(0)))),
    POW("value", (x, a) -> x[0].pow(new Scalar(a.real(0)))),
    MATMUL("", (x, a) -> x[0].matmul(x[1])),
    NEG("", (x, a) -> x[0].neg()),
    SIGN("", (x, a) -> x[0].sign()),
    ABS("", (x, a) -> x[0].abs()),
    SQRT("", (x, a) -> x[0].sqrt()),
    EXP("", (x, a) -> x[0].exp()),
    LOG("", (x, a) -> x[0].log()),
    SIN("", (x, a) -> x[0].sin()),
    COS("", (x, a) -> x[0].cos()),
    ROUND("", (x, a) -> x[0].round()),
    CLAMP("low high", (x, a) -> x[0].clamp(scalar(a.real(0)), scalar(a.real(1)))),
    MAXIMUM("", (x, a) -> x[0].maximum(x[1])),
    MINIMUM("", (x, a) -> x[0].minimum(x[1])),
    EQ("value", (x, a) -> a.isEmpty() ? x[0].eq(x[1]) : x[0].eq(new Scalar(a.real(0)))),
    GE("value", (x, a) -> x[0].ge(new Scalar(a.real(0)))),
    IS_FINITE("", (x, a) -> torch.isfinite(x[0])),

    // reductions; without attributes over all elements
    SUM("dims", (x, a) -> a.isEmpty() ? x[0].sum() : x[0].sum(a.wholes(0), false, new ScalarTypeOptional())),
    MEAN("dims", (x, a) -> a.isEmpty() ? x[0].mean() : x[0].mean(a.wholes(0), false, new ScalarTypeOptional())),
    MAX("dim", (x, a) -> a.isEmpty() ? x[0].max() : x[0].amax(new long[] {a.whole(0)}, false)),
    MIN("", (x, a) -> x[0].min()),
    ARGMAX("dim", (x, a) -> x[0].argmax(new LongOptional(a.whole(0)), false)),
    NORM("", (x, a) -> x[0].norm()),

    // activations
    RELU("", (x, a) -> x[0].relu()),
    SIGMOID("", (x, a) -> x[0].sigmoid()),
    TANH("", (x, a) -> x[0].tanh()),
    GELU("", (x, a) -> torch.gelu(x[0])),
    SILU("", (x, a) -> torch.silu(x[0])),
    HARD_SWISH("", (x, a) -> torch.hardswish(x[0])),
    HARD_SIGMOID("", (x, a) -> torch.hardsigmoid(x[0])),
    SOFTPLUS("", (x, a) -> torch.softplus(x[0])),
    LEAKY_RELU("slope", (x, a) -> torch.leaky_relu(x[0], new Scalar(a.real(0)))),
    SOFTMAX("dim", (x, a) -> x[0].softmax(a.whole(0))),
    LOG_SOFTMAX("dim", (x, a) -> x[0].log_softmax(a.whole(0))),

    // layers' arithmetic
    LINEAR("", (x, a) -> Products.linear(x[0], x[1], x[2])),
    CONV2D("stride padding dilation groups", (x, a) -> Products.conv2d(x[0], x[1], x[2], a)),
    CONV3D(
            "stride padding dilation groups",
            (x, a) -> torch.conv3d(x[0], x[1], optional(x[2]), a.wholes(0), a.wholes(1), a.wholes(2), a.whole(3))),
    CONV_TRANSPOSE2D(
            "stride padding outputPadding dilation groups",
            (x, a) -> torch.conv_transpose2d(
                    x[0], x[1], optional(x[2]), a.wholes(0), a.wholes(1), a.wholes(2), a.whole(4), a.wholes(3))),
    PAD("zeros", (x, a) -> torch.constant_pad_nd(x[0], a.wholes(0), new Scalar(0.0))),
    MAX_POOL2D(
            "kernel stride padding ceil",
            (x, a) -> torch.max_pool2d(x[0], a.wholes(0), a.wholes(1), a.wholes(2), new long[] {1, 1}, a.flag(3))),
    AVG_POOL2D(
            "kernel stride padding",
            (x, a) -> torch.avg_pool2d(x[0], a.wholes(0), a.wholes(1), a.wholes(2), false, true, new LongOptional())),
    ADAPTIVE_AVG_POOL2D("height width", (x, a) -> torch.adaptive_avg_pool2d(x[0], a.whole(0), a.whole(1))),
    ADAPTIVE_MAX_POOL2D("height width", (x, a) -> {
        try (var pair = torch.adaptive_max_pool2d(x[0], a.whole(0), a.whole(1))) {
            return owned(pair.get0());
        }
    }),
    BATCH_NORM(
            "training momentum eps",
            (x, a) -> torch.batch_norm(
                    x[0],
                    optional(x[1]),
                    optional(x[2]),
                    optional(x[3]),
                    optional(x[4]),
                    a.flag(0),
                    a.real(1),
                    a.real(2),
                    false)),
    LAYER_NORM("eps", (x, a) -> torch.layer_norm(x[0], sizes(x[1]), optional(x[1]), optional(x[2]), a.real(0), false)),
    GROUP_NORM(
            "groups eps",
            (x, a) -> torch.group_norm(x[0], a.whole(0), optional(x[1]), optional(x[2]), a.real(1), false)),
    EMBEDDING("", (x, a) -> torch.embedding(x[1], x[0])),
    UPSAMPLE_NEAREST("height width", (x, a) -> {
        try (var sizes = new LongPointer(a.whole(0), a.whole(1))) {
            return torch.upsample_nearest2d(
                    x[0], new LongArrayRef(sizes, 2), new DoubleOptional(), new DoubleOptional());
        }
    }),
    UPSAMPLE_BILINEAR("height width", (x, a) -> {
        try (var sizes = new LongPointer(a.whole(0), a.whole(1))) {
            return torch.upsample_bilinear2d(
                    x[0], new LongArrayRef(sizes, 2), false, new DoubleOptional(), new DoubleOptional());
        }
    }),
    UPSAMPLE_BICUBIC("height width", (x, a) -> {
        try (var sizes = new LongPointer(a.whole(0), a.whole(1))) {
            return torch.upsample_bicubic2d(
                    x[0], new LongArrayRef(sizes, 2), false, new DoubleOptional(), new DoubleOptional());
        }
    }),
    ATTENTION(
            "causal",
            (x, a) -> torch.scaled_dot_product_attention(
                    x[0], x[1], x[2], new TensorOptional(), 0, a.flag(0), new DoubleOptional(), false)),
    PIXEL_SHUFFLE("factor", (x, a) -> torch.pixel_shuffle(x[0], a.whole(0))),
    PIXEL_UNSHUFFLE("factor", (x, a) -> torch.pixel_unshuffle(x[0], a.whole(0))),
    RECURRENT(Kernels.RECURRENT, "kind layers bidirectional training"),
    RECURRENT_PACKED(Kernels.RECURRENT_PACKED, "kind layers bidirectional training"),
    SYMMETRIC_EIGEN(Kernels.SYMMETRIC_EIGEN, ""),
    QR(Kernels.QR, ""),

    // losses
    CROSS_ENTROPY("smoothing", (x, a) -> torch.cross_entropy_loss(x[0], x[1], optional(x[2]), 1, -100, a.real(0))),
    BINARY_CROSS_ENTROPY("", (x, a) -> torch.binary_cross_entropy_with_logits(x[0], x[1])),
    MSE("", (x, a) -> torch.mse_loss(x[0], x[1])),
    MAE("", (x, a) -> torch.l1_loss(x[0], x[1])),
    HUBER("delta", (x, a) -> torch.huber_loss(x[0], x[1], 1, a.real(0))),

    /** Values that Java reads; what it makes of them no recorder sees. */
    READ("", (x, a) -> x[0]),

    // gradients
    BACKWARD("", (x, a) -> {
        x[0].backward();
        return x[0];
    }),
    GRADIENT("", (x, a) -> {
        try (var outputs = new TensorVector(x[0]);
                var inputs = new TensorVector(x[1]);
                var none = new TensorVector();
                var gradients = torch.grad(outputs, inputs, none, new BoolOptional(true), true, false)) {
            return owned(gradients.get(0));
        }
    }),
    GRAD("", (x, a) -> owned(x[0].grad())),

    // in place
    COPY_("", (x, a) -> x[0].copy_(x[1])),
    FILL_("value", (x, a) -> x[0].fill_(new Scalar(a.real(0)))),
    ADD_("factor", (x, a) -> x.length == 2 ? x[0].add_(x[1], new Scalar(a.real(0))) : x[0].add_(new Scalar(a.real(0)))),
    MUL_("value", (x, a) -> a.isEmpty() ? x[0].mul_(x[1]) : x[0].mul_(new Scalar(a.real(0)))),
    ADDCMUL_("factor", (x, a) -> x[0].addcmul_(x[1], x[2], new Scalar(a.real(0)))),
    ADDCDIV_("factor", (x, a) -> x[0].addcdiv_(x[1], x[2], new Scalar(a.real(0)))),
    LERP_("share", (x, a) -> x[0].lerp_(x[1], new Scalar(a.real(0)))),

    // drawn at random
    MULTINOMIAL(
            "random count",
            (x, a) -> torch.multinomial(x[0], a.whole(1), true, random(a).optional())),
    UNIFORM_(
            "random low high",
            (x, a) -> x[0].uniform_(a.real(1), a.real(2), random(a).optional())),
    NORMAL_(
            "random mean deviation",
            (x, a) -> x[0].normal_(a.real(1), a.real(2), random(a).optional())),
    BERNOULLI_("random p", (x, a) -> x[0].bernoulli_(a.real(1), random(a).optional())),

    /** Any operator of libtorch by its name; an argument that is a tensor, or a list of some, stands as its place. */
    CALL(Kernels.CALL, "operator arguments");

    /** One tensor from some; those that an operation can do without are null where they are not given. */
    @FunctionalInterface
    interface One {
        Tensor run(Tensor[] x, Attributes a);
    }

    /** Several. */
    @FunctionalInterface
    interface Many {
        Tensor[] run(Tensor[] x, Attributes a);
    }

    private final String word = camel(name());
    private final List<String> names;
    private final Many kernel;
    private final boolean inPlace = word.endsWith("_");

    Op(String names, One kernel) {
        this((x, a) -> new Tensor[] {kernel.run(x, a)}, names);
    }

    Op(Many kernel, String names) {
        this.names = names.isEmpty() ? List.of() : List.of(names.split(" "));
        this.kernel = kernel;
    }

    /** The names of the attributes, in their order. */
    public List<String> names() {
        return names;
    }

    /** Whether it changes its first input, and gives it back. */
    public boolean inPlace() {
        return inPlace;
    }

    /** Runs it; an input that it can do without is null where it is not given. */
    public List<dev.fovea.engine.Tensor> call(Attributes attributes, dev.fovea.engine.Tensor... inputs) {
        return List.of(dev.fovea.engine.Tensor.run(this, attributes, inputs));
    }

    Tensor[] run(Tensor[] inputs, Attributes attributes) {
        boolean valueless = inputs.length > 0 && inputs[0] != null && inputs[0].is_meta();
        return valueless
                ? Shapes.rule(this)
                        .map(rule -> rule.run(inputs, attributes))
                        .orElseGet(() -> kernel.run(inputs, attributes))
                : kernel.run(inputs, attributes);
    }

    private static String camel(String name) {
        String[] parts = name.toLowerCase(Locale.ROOT).split("_", -1);
        var word = new StringBuilder(parts[0]);
        Arrays.stream(parts, 1, parts.length)
                .forEach(part -> word.append(
                        part.isEmpty() ? "_" : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1)));
        return word.toString();
    }

    /** As its method is called: {@code convTranspose2d}. */
    @Override
    public String toString() {
        return word;
    }
}
