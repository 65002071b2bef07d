package dev.fovea.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * An n-dimensional array on a device, with the operations the product needs; a handle on libtorch's own.
 *
 * <p>Shapes are written {@code [N, C, H, W]}: batch, channels, height, width. Dimensions may be counted from
 * the end with negative numbers. Operations return new tensors and are recorded for {@link #backward} unless
 * a {@link NoGrad} is open; those whose name ends in an underscore change this tensor. Native memory is freed
 * by the enclosing {@link Scope}, or with the Java object where there is none.
 *
 * <p>What libtorch refuses becomes an {@link EngineException} that names the operation and the shapes.
 */
public final class Tensor {

    /** Values that a tensor shows as text. */
    private static final int SHOWN_VALUES = 8;

    private static final Set<DType> WHOLE = EnumSet.of(DType.INT64, DType.INT32, DType.UINT8, DType.BOOL);

    private final org.bytedeco.pytorch.Tensor handle;

    Tensor(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
    }

    org.bytedeco.pytorch.Tensor handle() {
        return handle;
    }

    // ---- creation

    /** Zeros of this shape, float32 on the processor. */
    public static Tensor zeros(long... shape) {
        return zeros(DType.FLOAT32, shape);
    }

    /** Zeros of this shape and type, on the processor. */
    public static Tensor zeros(DType type, long... shape) {
        Engine.load();
        Allowance.check(shape);
        return op("zeros", () -> torch.zeros(shape, options(type)));
    }

    /** Every element {@code value}; float32 on the processor. */
    public static Tensor full(double value, long... shape) {
        Engine.load();
        Allowance.check(shape);
        return op("full", () -> torch.full(shape, new Scalar(value), options(DType.FLOAT32)));
    }

    /** Ones of this shape, float32 on the processor. */
    public static Tensor ones(long... shape) {
        return full(1, shape);
    }

    /** Drawn evenly from [0, 1), float32, on the device of {@code random}. */
    public static Tensor rand(Random random, long... shape) {
        Allowance.check(shape);
        return op("rand", () -> torch.rand(shape, random.optional(), options(DType.FLOAT32, random.device())));
    }

    /** Drawn from the standard normal distribution, float32, on the device of {@code random}. */
    public static Tensor randn(Random random, long... shape) {
        Allowance.check(shape);
        return op("randn", () -> torch.randn(shape, random.optional(), options(DType.FLOAT32, random.device())));
    }

    /** The whole numbers from 0 to {@code end - 1}, int64, [end]. */
    public static Tensor arange(long end) {
        Engine.load();
        Allowance.check(end);
        return op("arange", () -> torch.arange(new Scalar(end), options(DType.INT64)));
    }

    /**
     * A copy of {@code values} in row-major order.
     *
     * @throws IllegalArgumentException if the shape does not hold as many elements
     */
    public static Tensor of(float[] values, long... shape) {
        Engine.load();
        checkCount(values.length, shape);
        try (var data = new FloatPointer(values)) {
            return op(
                    "of",
                    () -> torch.from_blob(data, shape, options(DType.FLOAT32)).clone());
        }
    }

    /**
     * A copy of {@code values} in row-major order.
     *
     * @throws IllegalArgumentException if the shape does not hold as many elements
     */
    public static Tensor of(double[] values, long... shape) {
        Engine.load();
        checkCount(values.length, shape);
        try (var data = new DoublePointer(values)) {
            return op(
                    "of",
                    () -> torch.from_blob(data, shape, options(DType.FLOAT64)).clone());
        }
    }

    /**
     * A copy of {@code values} in row-major order.
     *
     * @throws IllegalArgumentException if the shape does not hold as many elements
     */
    public static Tensor of(long[] values, long... shape) {
        Engine.load();
        checkCount(values.length, shape);
        try (var data = new LongPointer(values)) {
            return op(
                    "of",
                    () -> torch.from_blob(data, shape, options(DType.INT64)).clone());
        }
    }

    /**
     * A tensor over the memory of a direct buffer, from its position 0; not a copy, so the buffer must stay reachable and
     * unchanged while the tensor is used.
     *
     * @throws IllegalArgumentException if the buffer is not direct or holds too few bytes
     */
    public static Tensor over(ByteBuffer buffer, DType type, long... shape) {
        Engine.load();
        long bytes = Math.multiplyExact(count(shape), (long) type.bytes());
        if (!buffer.isDirect() || buffer.capacity() < bytes) {
            throw new IllegalArgumentException("over: needs a direct buffer of at least %s bytes, got %s of %s bytes"
                    .formatted(bytes, buffer.isDirect() ? "a direct one" : "a heap one", buffer.capacity()));
        }
        var whole = buffer.duplicate();
        whole.clear();
        return op("over", () -> torch.from_blob(new BytePointer(whole), shape, options(type)));
    }

    /** Joins tensors along {@code dim}; their other sizes agree. */
    public static Tensor cat(List<Tensor> tensors, long dim) {
        try (var all = vector(tensors)) { // until it is closed it holds them all
            return op("cat", () -> torch.cat(all, dim), tensors.toArray(Tensor[]::new));
        }
    }

    /** Joins tensors of one shape along a new dimension {@code dim}. */
    public static Tensor stack(List<Tensor> tensors, long dim) {
        try (var all = vector(tensors)) { // until it is closed it holds them all
            return op("stack", () -> torch.stack(all, dim), tensors.toArray(Tensor[]::new));
        }
    }

    /** {@code yes} where {@code condition} is true, else {@code no}; shapes are broadcast. */
    public static Tensor where(Tensor condition, Tensor yes, Tensor no) {
        return op("where", () -> torch.where(condition.handle, yes.handle, no.handle), condition, yes, no);
    }

    // ---- what it is

    /** The sizes of all dimensions. */
    public long[] shape() {
        long[] shape = new long[(int) handle.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = handle.size(i);
        }
        return shape;
    }

    /** The size of one dimension. */
    public long size(long dim) {
        return handle.size(dim);
    }

    /** The number of dimensions. */
    public int dims() {
        return (int) handle.dim();
    }

    /** The number of elements. */
    public long elements() {
        return handle.numel();
    }

    /** The type of the elements. */
    public DType type() {
        return DType.of(handle.scalar_type());
    }

    /** The device that holds it. */
    public Device device() {
        return Device.of(handle);
    }

    /** Whether gradients are computed for it. */
    public boolean requiresGrad() {
        return handle.requires_grad();
    }

    /** Whether both are handles of one native tensor. */
    public boolean isSame(Tensor other) {
        return handle.is_same(other.handle);
    }

    /**
     * The single element, as a double. Waits for the device.
     *
     * @throws IllegalArgumentException if there is not exactly one element
     */
    public double item() {
        if (elements() != 1) {
            throw new IllegalArgumentException("item: needs exactly one element, got " + description());
        }
        return handle.item_double();
    }

    /** All elements in row-major order, as floats. */
    public float[] toFloats() {
        try (var scope = new Scope()) {
            float[] values = new float[fitting(elements())];
            onProcessor(DType.FLOAT32).handle.data_ptr_float().get(values);
            return values;
        }
    }

    /** All elements in row-major order, as doubles. */
    public double[] toDoubles() {
        try (var scope = new Scope()) {
            double[] values = new double[fitting(elements())];
            onProcessor(DType.FLOAT64).handle.data_ptr_double().get(values);
            return values;
        }
    }

    /** All elements in row-major order, as longs; fractions are cut off. */
    public long[] toLongs() {
        try (var scope = new Scope()) {
            long[] values = new long[fitting(elements())];
            onProcessor(DType.INT64).handle.data_ptr_long().get(values);
            return values;
        }
    }

    /** A copy of the raw elements in row-major order and the machine's byte order. */
    public ByteBuffer toBytes() {
        try (var scope = new Scope()) {
            int bytes = fitting(Math.multiplyExact(elements(), (long) type().bytes()));
            var copy = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
            if (bytes > 0) {
                Pointer data = onProcessor(type()).handle.data_ptr();
                new BytePointer(data).capacity(bytes).get(copy.array());
            }
            return copy;
        }
    }

    // ---- moving and viewing

    /** This tensor with elements of another type; itself if it has that type already. */
    public Tensor to(DType type) {
        return op("to", () -> handle.to(type.scalarType), this);
    }

    /** This tensor on another device; itself if it is there already. */
    public Tensor to(Device device) {
        return op(
                "to",
                () -> handle.to(
                        new ScalarTypeOptional(),
                        new LayoutOptional(),
                        device.optional(),
                        new BoolOptional(),
                        false,
                        false,
                        new MemoryFormatOptional()),
                this);
    }

    /** In row-major order without gaps; itself if it is so already. */
    public Tensor contiguous() {
        return op("contiguous", () -> handle.contiguous(), this);
    }

    /**
     * [N, C, H, W] laid out in memory as N, H, W, C, which convolutions run fastest on; other ranks unchanged.
     */
    public Tensor channelsLast() {
        return dims() == 4 ? op("channelsLast", () -> handle.contiguous(torch.MemoryFormat.ChannelsLast), this) : this;
    }

    /** A copy with memory of its own and the same layout. */
    public Tensor copy() {
        return op("copy", () -> handle.clone(), this);
    }

    /** Memory of the same type, shape, layout and device, whose values are whatever was there. */
    public Tensor emptyLike() {
        return op("emptyLike", () -> torch.empty_like(handle), this);
    }

    /** The same elements, cut off from the backward pass. */
    public Tensor detach() {
        return op("detach", () -> handle.detach(), this);
    }

    /** The same elements in another shape; one size may be -1. */
    public Tensor reshape(long... shape) {
        return op("reshape", () -> handle.reshape(shape), this);
    }

    /** Dimensions {@code from} to {@code to}, both included, as one. */
    public Tensor flatten(long from, long to) {
        return op("flatten", () -> handle.flatten(from, to), this);
    }

    /** Dimensions in another order. */
    public Tensor permute(long... dims) {
        return op("permute", () -> handle.permute(dims), this);
    }

    /** Two dimensions swapped. */
    public Tensor transpose(long a, long b) {
        return op("transpose", () -> handle.transpose(a, b), this);
    }

    /** With a new dimension of size 1 at {@code dim}. */
    public Tensor unsqueeze(long dim) {
        return op("unsqueeze", () -> handle.unsqueeze(dim), this);
    }

    /** Without dimension {@code dim} if its size is 1. */
    public Tensor squeeze(long dim) {
        return op("squeeze", () -> handle.squeeze(dim), this);
    }

    /** Dimensions of size 1 repeated to {@code shape} without a copy; -1 keeps a size. */
    public Tensor expand(long... shape) {
        return op("expand", () -> handle.expand(shape), this);
    }

    /** {@code length} elements of {@code dim} from {@code start} on. */
    public Tensor narrow(long dim, long start, long length) {
        return op("narrow", () -> handle.narrow(dim, start, length), this);
    }

    /** The slice {@code index} of {@code dim}, which disappears. */
    public Tensor select(long dim, long index) {
        return op("select", () -> handle.select(dim, index), this);
    }

    /** The slices of {@code dim} that {@code indices} [K] (int64) names, in that order. */
    public Tensor indexSelect(long dim, Tensor indices) {
        return op("indexSelect", () -> handle.index_select(dim, indices.handle), this, indices);
    }

    /** Along {@code dim}, the elements that {@code indices} (int64, same rank) names. */
    public Tensor gather(long dim, Tensor indices) {
        return op("gather", () -> handle.gather(dim, indices.handle), this, indices);
    }

    /** The order of {@code dims} turned round. */
    public Tensor flip(long... dims) {
        return op("flip", () -> handle.flip(dims), this);
    }

    // ---- arithmetic; shapes are broadcast

    /** Sum. */
    public Tensor add(Tensor other) {
        return op("add", () -> handle.add(other.handle), this, other);
    }

    /** Sum with a number. */
    public Tensor add(double value) {
        return op("add", () -> handle.add(new Scalar(value)), this);
    }

    /** Difference. */
    public Tensor sub(Tensor other) {
        return op("sub", () -> handle.sub(other.handle), this, other);
    }

    /** Difference with a number. */
    public Tensor sub(double value) {
        return op("sub", () -> handle.sub(new Scalar(value)), this);
    }

    /** Product, element by element. */
    public Tensor mul(Tensor other) {
        return op("mul", () -> handle.mul(other.handle), this, other);
    }

    /** Product with a number. */
    public Tensor mul(double value) {
        return op("mul", () -> handle.mul(new Scalar(value)), this);
    }

    /** Quotient, element by element. */
    public Tensor div(Tensor other) {
        return op("div", () -> handle.div(other.handle), this, other);
    }

    /** Quotient with a number. */
    public Tensor div(double value) {
        return op("div", () -> handle.div(new Scalar(value)), this);
    }

    /** Matrix product [..., M, K] x [..., K, N] = [..., M, N]. */
    public Tensor matmul(Tensor other) {
        return op("matmul", () -> handle.matmul(other.handle), this, other);
    }

    /** Every element to the power {@code value}. */
    public Tensor pow(double value) {
        return op("pow", () -> handle.pow(new Scalar(value)), this);
    }

    /** Sign turned round. */
    public Tensor neg() {
        return op("neg", () -> handle.neg(), this);
    }

    /** -1, 0 or 1. */
    public Tensor sign() {
        return op("sign", () -> handle.sign(), this);
    }

    /** Absolute value. */
    public Tensor abs() {
        return op("abs", () -> handle.abs(), this);
    }

    /** Square root. */
    public Tensor sqrt() {
        return op("sqrt", () -> handle.sqrt(), this);
    }

    /** e to the element. */
    public Tensor exp() {
        return op("exp", () -> handle.exp(), this);
    }

    /** Natural logarithm. */
    public Tensor log() {
        return op("log", () -> handle.log(), this);
    }

    /** Sine of radians. */
    public Tensor sin() {
        return op("sin", () -> handle.sin(), this);
    }

    /** Cosine of radians. */
    public Tensor cos() {
        return op("cos", () -> handle.cos(), this);
    }

    /** The nearest whole number of each value, halves to the even one; its gradient is 0. */
    public Tensor round() {
        return op("round", () -> handle.round(), this);
    }

    /** {@code log(1 + e^x)} of each value, without overflow. */
    public Tensor softplus() {
        return op("softplus", () -> torch.softplus(handle), this);
    }

    /** Elements below {@code low} set to it, above {@code high} to that. */
    public Tensor clamp(double low, double high) {
        return op(
                "clamp",
                () -> handle.clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high))),
                this);
    }

    /** The larger of the two, element by element. */
    public Tensor maximum(Tensor other) {
        return op("maximum", () -> handle.maximum(other.handle), this, other);
    }

    /** The smaller of the two, element by element. */
    public Tensor minimum(Tensor other) {
        return op("minimum", () -> handle.minimum(other.handle), this, other);
    }

    /** True where equal. */
    public Tensor eq(Tensor other) {
        return op("eq", () -> handle.eq(other.handle), this, other);
    }

    /** True where at least {@code value}. */
    public Tensor ge(double value) {
        return op("ge", () -> handle.ge(new Scalar(value)), this);
    }

    /** True where equal to {@code value}. */
    public Tensor eq(double value) {
        return op("eq", () -> handle.eq(new Scalar(value)), this);
    }

    /** True where neither infinite nor NaN. */
    public Tensor isFinite() {
        return op("isFinite", () -> torch.isfinite(handle), this);
    }

    // ---- reductions

    /** The sum of all elements, a scalar. */
    public Tensor sum() {
        return op("sum", () -> handle.sum(), this);
    }

    /** The mean of all elements, a scalar. */
    public Tensor mean() {
        return op("mean", () -> handle.mean(), this);
    }

    /** The sum over {@code dims}, which disappear. */
    public Tensor sum(long... dims) {
        return op("sum", () -> handle.sum(dims, false, new ScalarTypeOptional()), this);
    }

    /** The mean over {@code dims}, which disappear. */
    public Tensor mean(long... dims) {
        return op("mean", () -> handle.mean(dims, false, new ScalarTypeOptional()), this);
    }

    /** The largest elements along {@code dim}, which disappears. */
    public Tensor max(long dim) {
        return op("max", () -> handle.amax(new long[] {dim}, false), this);
    }

    /** The largest element, a scalar. */
    public Tensor max() {
        return op("max", () -> handle.max(), this);
    }

    /** The smallest element, a scalar. */
    public Tensor min() {
        return op("min", () -> handle.min(), this);
    }

    /** The position of the largest element along {@code dim}, int64. */
    public Tensor argmax(long dim) {
        return op("argmax", () -> handle.argmax(new LongOptional(dim), false), this);
    }

    /** The Euclidean norm of all elements, a scalar. */
    public Tensor norm() {
        return op("norm", () -> handle.norm(), this);
    }

    // ---- activations

    /** max(x, 0). */
    public Tensor relu() {
        return op("relu", () -> handle.relu(), this);
    }

    /** 1 / (1 + e^-x). */
    public Tensor sigmoid() {
        return op("sigmoid", () -> handle.sigmoid(), this);
    }

    /** Hyperbolic tangent. */
    public Tensor tanh() {
        return op("tanh", () -> handle.tanh(), this);
    }

    /** x times the normal distribution function of x, exact form (Hendrycks and Gimpel 2016). */
    public Tensor gelu() {
        return op("gelu", () -> torch.gelu(handle), this);
    }

    /** x sigmoid(x) (Elfwing et al. 2017). */
    public Tensor silu() {
        return op("silu", () -> torch.silu(handle), this);
    }

    /** x where positive, else {@code slope} times x. */
    public Tensor leakyRelu(double slope) {
        return op("leakyRelu", () -> torch.leaky_relu(handle, new Scalar(slope)), this);
    }

    /** e^x over its sum along {@code dim}. */
    public Tensor softmax(long dim) {
        return op("softmax", () -> handle.softmax(dim), this);
    }

    /** The logarithm of {@link #softmax}, computed stably. */
    public Tensor logSoftmax(long dim) {
        return op("logSoftmax", () -> handle.log_softmax(dim), this);
    }

    // ---- layers' arithmetic

    /**
     * Eigenvalues, rising, and eigenvectors, as columns, of a symmetric matrix [D, D]: of the sizes [D] and [D, D].
     */
    public List<Tensor> symmetricEigen() {
        try (var pair = torch.linalg_eigh(handle)) {
            return List.of(copied(pair.get0()), copied(pair.get1()));
        } catch (RuntimeException e) {
            throw EngineException.of("symmetricEigen", e, this);
        }
    }

    /** Q and R of a matrix [R, C] with R at least C: orthonormal columns [R, C], and a triangle [C, C]. */
    public List<Tensor> qr() {
        try (var pair = torch.linalg_qr(handle)) {
            return List.of(copied(pair.get0()), copied(pair.get1()));
        } catch (RuntimeException e) {
            throw EngineException.of("qr", e, this);
        }
    }

    /** The diagonal of a matrix. */
    public Tensor diagonal() {
        return op("diagonal", () -> handle.diagonal(), this);
    }

    /** x weight^T + bias: [..., in] to [..., out], weight [out, in], bias [out]. */
    public Tensor linear(Tensor weight, Tensor bias) {
        return op("linear", () -> torch.linear(handle, weight.handle, optional(bias)), this, weight);
    }

    /** With so many zeros more at the right and at the bottom: [N, C, H, W] to [N, C, H + zeros, W + zeros]. */
    public Tensor padEnd(long zeros) {
        return op(
                "padEnd", () -> torch.constant_pad_nd(handle, new long[] {0, zeros, 0, zeros}, new Scalar(0.0)), this);
    }

    /**
     * Convolution: [N, C, H, W] with weight [out, C / groups, kh, kw] to [N, out, H', W'], where
     * {@code H' = (H + 2 padding - dilation (kh - 1) - 1) / stride + 1}, rounded down.
     */
    public Tensor conv2d(Tensor weight, Tensor bias, long stride, long padding, long dilation, long groups) {
        return op(
                "conv2d",
                () -> torch.conv2d(
                        handle, weight.handle, optional(bias), pair(stride), pair(padding), pair(dilation), groups),
                this,
                weight);
    }

    /**
     * Convolution without bias: [N, C, H, W] with weight [out, C, kh, kw] to [N, out, H', W'].
     *
     * @param padding of height and width
     */
    public Tensor conv2d(Tensor weight, long stride, long[] padding) {
        return op(
                "conv2d",
                () -> torch.conv2d(handle, weight.handle, optional(null), pair(stride), padding, new long[] {1, 1}, 1),
                this,
                weight);
    }

    /**
     * Convolution over time and space: [N, C, T, H, W] with weight [out, C, kt, kh, kw] to [N, out, T', H', W'].
     *
     * @param stride of time, height and width
     * @param padding of time, height and width
     */
    public Tensor conv3d(Tensor weight, Tensor bias, long[] stride, long[] padding) {
        return op(
                "conv3d",
                () -> torch.conv3d(handle, weight.handle, optional(bias), stride, padding, new long[] {1, 1, 1}, 1),
                this,
                weight);
    }

    /**
     * Transposed convolution: weight [C, out / groups, kh, kw], {@code H' = (H - 1) stride - 2 padding + dilation (kh - 1)
     * + outputPadding + 1}.
     */
    public Tensor convTranspose2d(
            Tensor weight, Tensor bias, long stride, long padding, long outputPadding, long dilation, long groups) {
        return op(
                "convTranspose2d",
                () -> torch.conv_transpose2d(
                        handle,
                        weight.handle,
                        optional(bias),
                        pair(stride),
                        pair(padding),
                        pair(outputPadding),
                        groups,
                        pair(dilation)),
                this,
                weight);
    }

    /** The largest of each window: [N, C, H, W] to [N, C, H', W']. */
    public Tensor maxPool2d(long kernel, long stride, long padding, boolean ceil) {
        return op(
                "maxPool2d",
                () -> torch.max_pool2d(handle, pair(kernel), pair(stride), pair(padding), pair(1), ceil),
                this);
    }

    /** The mean of each window: [N, C, H, W] to [N, C, H', W']; padding counts as zeros. */
    public Tensor avgPool2d(long kernel, long stride, long padding) {
        return op(
                "avgPool2d",
                () -> torch.avg_pool2d(
                        handle, pair(kernel), pair(stride), pair(padding), false, true, new LongOptional()),
                this);
    }

    /** Means of windows chosen so that the result is [N, C, height, width]. */
    public Tensor adaptiveAvgPool2d(long height, long width) {
        return op("adaptiveAvgPool2d", () -> torch.adaptive_avg_pool2d(handle, height, width), this);
    }

    /** Maxima of windows chosen so that the result is [N, C, height, width]. */
    public Tensor adaptiveMaxPool2d(long height, long width) {
        return op(
                "adaptiveMaxPool2d",
                () -> {
                    try (var pair = torch.adaptive_max_pool2d(handle, height, width)) {
                        return owned(pair.get0());
                    }
                },
                this);
    }

    /**
     * Batch normalisation over all dimensions but 1; in training it also updates the running statistics.
     *
     * @param momentum the share of the new batch in the running statistics, 0 to 1
     */
    public Tensor batchNorm(
            Tensor weight,
            Tensor bias,
            Tensor runningMean,
            Tensor runningVar,
            boolean training,
            double momentum,
            double eps) {
        return op(
                "batchNorm",
                () -> torch.batch_norm(
                        handle,
                        optional(weight),
                        optional(bias),
                        optional(runningMean),
                        optional(runningVar),
                        training,
                        momentum,
                        eps,
                        false),
                this,
                weight);
    }

    /** Layer normalisation over the last dimensions, whose sizes are those of {@code weight}. */
    public Tensor layerNorm(Tensor weight, Tensor bias, double eps) {
        return op(
                "layerNorm",
                () -> torch.layer_norm(handle, weight.shape(), optional(weight), optional(bias), eps, false),
                this,
                weight);
    }

    /** Group normalisation of [N, C, ...] over C / groups channels at a time. */
    public Tensor groupNorm(long groups, Tensor weight, Tensor bias, double eps) {
        return op(
                "groupNorm",
                () -> torch.group_norm(handle, groups, optional(weight), optional(bias), eps, false),
                this,
                weight);
    }

    /** Rows of {@code weight} [V, D] at these indices (int64): [...] to [..., D]. */
    public Tensor embedding(Tensor weight) {
        return op("embedding", () -> torch.embedding(weight.handle, handle), this, weight);
    }

    /** [N, C, H, W] to [N, C, height, width] by repetition. */
    public Tensor upsampleNearest(long height, long width) {
        try (var sizes = new LongPointer(height, width)) {
            return op(
                    "upsampleNearest",
                    () -> torch.upsample_nearest2d(
                            handle, new LongArrayRef(sizes, 2), new DoubleOptional(), new DoubleOptional()),
                    this);
        }
    }

    /** [N, C, H, W] to [N, C, height, width] by bilinear interpolation of pixel centres. */
    public Tensor upsampleBilinear(long height, long width) {
        try (var sizes = new LongPointer(height, width)) {
            return op(
                    "upsampleBilinear",
                    () -> torch.upsample_bilinear2d(
                            handle, new LongArrayRef(sizes, 2), false, new DoubleOptional(), new DoubleOptional()),
                    this);
        }
    }

    /**
     * Scaled dot-product attention of queries (this) over {@code keys} and {@code values}: [N, heads, L, D].
     */
    public Tensor attention(Tensor keys, Tensor values) {
        return op(
                "attention",
                () -> torch.scaled_dot_product_attention(handle, keys.handle, values.handle),
                this,
                keys,
                values);
    }

    /** The same, each query seeing only keys up to its own position. */
    public Tensor causalAttention(Tensor keys, Tensor values) {
        return op(
                "causalAttention",
                () -> torch.scaled_dot_product_attention(
                        handle, keys.handle, values.handle, new TensorOptional(), 0, true, new DoubleOptional(), false),
                this,
                keys,
                values);
    }

    /** Channels into pixels: [N, C f², H, W] to [N, C, H f, W f] (Shi et al. 2016). */
    public Tensor pixelShuffle(long factor) {
        return op("pixelShuffle", () -> torch.pixel_shuffle(handle, factor), this);
    }

    /** Pixels into channels: [N, C, H f, W f] to [N, C f², H, W]. */
    public Tensor pixelUnshuffle(long factor) {
        return op("pixelUnshuffle", () -> torch.pixel_unshuffle(handle, factor), this);
    }

    /** Row numbers drawn by their weights: [N, K], 0 or more, to int64 [N, count], with repetition. */
    public Tensor multinomial(Random random, long count) {
        if (!random.device().equals(device())) {
            return to(random.device()).multinomial(random, count).to(device());
        }
        return op("multinomial", () -> torch.multinomial(handle, count, true, random.optional()), this);
    }

    /**
     * A recurrent network over sequences [N, T, in]: first what every step gives, [N, T, directions hidden], then the
     * last state, [layers directions, N, hidden], of an LSTM followed by that of its cells.
     *
     * @param kind {@code rnn_tanh}, {@code lstm} or {@code gru}
     * @param state to begin with, one tensor, of an LSTM two, each [layers directions, N, hidden]
     * @param weights for each layer and direction: of the input, of the state, bias of each, as PyTorch orders them
     */
    public List<Tensor> recurrent(
            String kind,
            List<Tensor> state,
            List<Tensor> weights,
            int layers,
            boolean bidirectional,
            boolean training) {
        try (var parameters = vector(weights)) {
            if (kind.equals("lstm")) {
                try (var states = vector(state);
                        var all = torch.lstm(
                                handle, states, parameters, true, layers, 0, training, bidirectional, true)) {
                    return List.of(copied(all.get0()), copied(all.get1()), copied(all.get2()));
                }
            }
            org.bytedeco.pytorch.Tensor first = state.get(0).handle;
            try (var all = kind.equals("gru")
                    ? torch.gru(handle, first, parameters, true, layers, 0, training, bidirectional, true)
                    : torch.rnn_tanh(handle, first, parameters, true, layers, 0, training, bidirectional, true)) {
                return List.of(copied(all.get0()), copied(all.get1()));
            }
        } catch (RuntimeException e) {
            throw EngineException.of(kind, e, this, weights.get(0));
        }
    }

    /**
     * The same over sequences of different lengths, packed: all first steps, then all second ones of those that have one,
     * and so on, the longest sequence first: [steps in all, in].
     *
     * @param sizes how many sequences have a first step, a second, ...: int64
     */
    public List<Tensor> recurrentPacked(
            String kind,
            Tensor sizes,
            List<Tensor> state,
            List<Tensor> weights,
            int layers,
            boolean bidirectional,
            boolean training) {
        try (var parameters = vector(weights)) {
            if (kind.equals("lstm")) {
                try (var states = vector(state);
                        var all = torch.lstm(
                                handle, sizes.handle, states, parameters, true, layers, 0, training, bidirectional)) {
                    return List.of(copied(all.get0()), copied(all.get1()), copied(all.get2()));
                }
            }
            org.bytedeco.pytorch.Tensor first = state.get(0).handle;
            try (var all = kind.equals("gru")
                    ? torch.gru(handle, sizes.handle, first, parameters, true, layers, 0, training, bidirectional)
                    : torch.rnn_tanh(
                            handle, sizes.handle, first, parameters, true, layers, 0, training, bidirectional)) {
                return List.of(copied(all.get0()), copied(all.get1()));
            }
        } catch (RuntimeException e) {
            throw EngineException.of(kind, e, this, weights.get(0));
        }
    }

    private static Tensor copied(org.bytedeco.pytorch.Tensor held) {
        return new Tensor(owned(held));
    }

    /**
     * A handle of its own on a tensor that a tuple, a vector or another tensor holds: the binding gives but the address
     * inside the holder, which is nothing once that is gone or holds something else.
     */
    private static org.bytedeco.pytorch.Tensor owned(org.bytedeco.pytorch.Tensor held) {
        return new org.bytedeco.pytorch.Tensor(held);
    }

    // ---- losses, each the mean over the batch

    /**
     * Cross-entropy of logits [N, K, ...] with class indices [N, ...] (int64) or class probabilities [N, K, ...].
     *
     * @param weight [K] of class weights, or none
     * @param smoothing share of the target spread evenly over all classes, 0 to 1
     */
    public Tensor crossEntropy(Tensor target, List<Tensor> weight, double smoothing) {
        return op(
                "crossEntropy",
                () -> torch.cross_entropy_loss(
                        handle,
                        target.handle,
                        weight.isEmpty() ? new TensorOptional() : optional(weight.get(0)),
                        1,
                        -100,
                        smoothing),
                this,
                target);
    }

    /** Binary cross-entropy of logits with targets from 0 to 1 of the same shape. */
    public Tensor binaryCrossEntropy(Tensor target) {
        return op(
                "binaryCrossEntropy",
                () -> torch.binary_cross_entropy_with_logits(handle, target.handle),
                this,
                target);
    }

    /** Mean squared difference. */
    public Tensor mse(Tensor target) {
        return op("mse", () -> torch.mse_loss(handle, target.handle), this, target);
    }

    /** Mean absolute difference. */
    public Tensor mae(Tensor target) {
        return op("mae", () -> torch.l1_loss(handle, target.handle), this, target);
    }

    /** Huber loss: quadratic up to {@code delta}, linear beyond. */
    public Tensor huber(Tensor target, double delta) {
        return op("huber", () -> torch.huber_loss(handle, target.handle, 1, delta), this, target);
    }

    // ---- gradients

    /** Marks this leaf for gradients, or not, and returns it. */
    public Tensor requireGrad(boolean on) {
        handle.requires_grad_(on);
        return this;
    }

    /** Adds the gradient of this scalar to {@link #grad} of every leaf it depends on. */
    public void backward() {
        op(
                "backward",
                () -> {
                    handle.backward();
                    return handle;
                },
                this);
    }

    /**
     * The gradient of this scalar by {@code input}, itself differentiable, as penalties on gradients need it; nothing
     * is added to {@link #grad}.
     */
    public Tensor gradient(Tensor input) {
        return op(
                "gradient",
                () -> {
                    try (var outputs = new TensorVector(handle);
                            var inputs = new TensorVector(input.handle);
                            var none = new TensorVector();
                            var gradients = torch.grad(outputs, inputs, none, new BoolOptional(true), true, false)) {
                        return owned(gradients.get(0));
                    }
                },
                this,
                input);
    }

    /**
     * The gradient of the last {@link #backward}.
     *
     * @throws IllegalStateException if there is none
     */
    public Tensor grad() {
        if (!hasGrad()) {
            throw new IllegalStateException(
                    "grad: no gradient has reached this tensor of shape " + Arrays.toString(shape()));
        }
        return op("grad", () -> owned(handle.grad()), this);
    }

    /** Whether a gradient has reached this tensor. */
    public boolean hasGrad() {
        try (var scope = new Scope()) {
            return handle.grad().defined();
        }
    }

    /** Drops the gradient and its memory. */
    public void clearGrad() {
        try (var scope = new Scope()) {
            handle.mutable_grad().reset();
        }
    }

    // ---- in place

    /** Takes over the elements of {@code source}, converted and broadcast. */
    public Tensor copy_(Tensor source) {
        op("copy_", () -> handle.copy_(source.handle), this, source);
        return this;
    }

    /** Sets every element. */
    public Tensor fill_(double value) {
        op("fill_", () -> handle.fill_(new Scalar(value)), this);
        return this;
    }

    /** Adds {@code factor} times {@code other}. */
    public Tensor add_(Tensor other, double factor) {
        op("add_", () -> handle.add_(other.handle, new Scalar(factor)), this, other);
        return this;
    }

    /** Adds a number. */
    public Tensor add_(double value) {
        op("add_", () -> handle.add_(new Scalar(value)), this);
        return this;
    }

    /** Multiplies by a number. */
    public Tensor mul_(double value) {
        op("mul_", () -> handle.mul_(new Scalar(value)), this);
        return this;
    }

    /** Multiplies element by element. */
    public Tensor mul_(Tensor other) {
        op("mul_", () -> handle.mul_(other.handle), this, other);
        return this;
    }

    /** Adds {@code factor a b}, element by element. */
    public Tensor addcmul_(Tensor a, Tensor b, double factor) {
        op("addcmul_", () -> handle.addcmul_(a.handle, b.handle, new Scalar(factor)), this, a, b);
        return this;
    }

    /** Adds {@code factor a / b}, element by element. */
    public Tensor addcdiv_(Tensor a, Tensor b, double factor) {
        op("addcdiv_", () -> handle.addcdiv_(a.handle, b.handle, new Scalar(factor)), this, a, b);
        return this;
    }

    /** Moves by {@code share} of the way to {@code target}. */
    public Tensor lerp_(Tensor target, double share) {
        op("lerp_", () -> handle.lerp_(target.handle, new Scalar(share)), this, target);
        return this;
    }

    /** Fills with numbers drawn evenly from [low, high). */
    public Tensor uniform_(Random random, double low, double high) {
        return drawn(random, "uniform_", x -> x.uniform_(low, high, random.optional()));
    }

    /** Fills with normal numbers. */
    public Tensor normal_(Random random, double mean, double deviation) {
        return drawn(random, "normal_", x -> x.normal_(mean, deviation, random.optional()));
    }

    /** Fills with ones, each with probability {@code p}, and zeros. */
    public Tensor bernoulli_(Random random, double p) {
        return drawn(random, "bernoulli_", x -> x.bernoulli_(p, random.optional()));
    }

    /** What is drawn depends on where it is drawn, not on where this tensor is. */
    private Tensor drawn(Random random, String name, UnaryOperator<org.bytedeco.pytorch.Tensor> drawing) {
        if (!random.device().equals(device())) {
            return copy_(zeros(type(), shape()).to(random.device()).drawn(random, name, drawing));
        }
        op(name, () -> drawing.apply(handle), this);
        return this;
    }

    // ---- plumbing

    /** Type, shape and device, as error messages show it. */
    public String description() {
        return type().name().toLowerCase(java.util.Locale.ROOT) + Arrays.toString(shape());
    }

    @Override
    public String toString() {
        return "Tensor " + description() + " on " + device() + values();
    }

    /** The first values, so that a debugger or a print says what is in it; all of a few. */
    private String values() {
        long count = elements();
        if (count == 0 || device().kind() == Device.Kind.META) {
            return "";
        }
        try (var scope = new Scope()) {
            int shown = (int) Math.min(count, SHOWN_VALUES);
            double[] first = detach().reshape(count).narrow(0, 0, shown).toDoubles();
            return Arrays.stream(first)
                    .mapToObj(value ->
                            WHOLE.contains(type()) ? Long.toString((long) value) : Float.toString((float) value))
                    .collect(Collectors.joining(", ", " [", count > shown ? ", ...]" : "]"));
        }
    }

    /** Runs one native operation; a C++ exception becomes one line with the shapes. */
    static Tensor op(String name, Supplier<org.bytedeco.pytorch.Tensor> operation, Tensor... inputs) {
        try {
            return new Tensor(operation.get());
        } catch (EngineException e) {
            throw e;
        } catch (RuntimeException e) {
            throw EngineException.of(name, e, inputs);
        }
    }

    /** @throws IllegalArgumentException if no array of Java is that long */
    private int fitting(long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("%s is more than one array can hold".formatted(description()));
        }
        return (int) length;
    }

    private Tensor onProcessor(DType type) {
        return detach().to(Device.CPU).to(type).contiguous();
    }

    private static TensorOptional optional(Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor.handle);
    }

    private static TensorOptions options(DType type) {
        return new TensorOptions(type.scalarType);
    }

    private static TensorOptions options(DType type, Device device) {
        return options(type).device(device.optional());
    }

    private static long[] pair(long value) {
        return new long[] {value, value};
    }

    private static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(t -> t.handle).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    /** @throws IllegalArgumentException if a size is negative or there are more elements than can be counted */
    static long count(long... shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0 || (size > 0 && count > Long.MAX_VALUE / Double.BYTES / size)) {
                throw new IllegalArgumentException("no tensor has the shape " + Arrays.toString(shape));
            }
            count *= size;
        }
        return count;
    }

    private static void checkCount(int values, long... shape) {
        if (count(shape) != values) {
            throw new IllegalArgumentException("of: shape %s holds %s elements, got %s values"
                    .formatted(Arrays.toString(shape), count(shape), values));
        }
    }
}
