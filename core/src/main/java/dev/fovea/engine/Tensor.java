package dev.fovea.engine;

import static dev.fovea.engine.Attributes.NONE;
import static dev.fovea.engine.Attributes.with;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * An n-dimensional array on a device, with the operations the product needs; a handle on libtorch's own.
 *
 * <p>Shapes are written {@code [N, C, H, W]}: batch, channels, height, width. Dimensions may be counted from
 * the end with negative numbers. Operations return new tensors and are recorded for {@link #backward} unless
 * a {@link NoGrad} is open; those whose name ends in an underscore change this tensor. Native memory is freed
 * by the enclosing {@link Scope}, or with the Java object where there is none.
 *
 * <p>Every operation goes through one method with all that it was called with, its {@link Op}, attributes and tensors, so
 * that a {@link Recorder} sees them all.
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
        return op(Op.ZEROS, with(type, shape));
    }

    /** Every element {@code value}; float32 on the processor. */
    public static Tensor full(double value, long... shape) {
        Engine.load();
        Allowance.check(shape);
        return op(Op.FULL, with(value, shape));
    }

    /** Ones of this shape, float32 on the processor. */
    public static Tensor ones(long... shape) {
        return full(1, shape);
    }

    /** Drawn evenly from [0, 1), float32, on the device of {@code random}. */
    public static Tensor rand(Random random, long... shape) {
        Allowance.check(shape);
        return op(Op.RAND, with(random, shape));
    }

    /** Drawn from the standard normal distribution, float32, on the device of {@code random}. */
    public static Tensor randn(Random random, long... shape) {
        Allowance.check(shape);
        return op(Op.RANDN, with(random, shape));
    }

    /** The whole numbers from 0 to {@code end - 1}, int64, [end]. */
    public static Tensor arange(long end) {
        Engine.load();
        Allowance.check(end);
        return op(Op.ARANGE, with(end));
    }

    /**
     * A copy of {@code values} in row-major order.
     *
     * @throws IllegalArgumentException if the shape does not hold as many elements
     */
    public static Tensor of(float[] values, long... shape) {
        Engine.load();
        checkCount(values.length, shape);
        return op(Op.OF, with(values, shape));
    }

    /**
     * A copy of {@code values} in row-major order.
     *
     * @throws IllegalArgumentException if the shape does not hold as many elements
     */
    public static Tensor of(double[] values, long... shape) {
        Engine.load();
        checkCount(values.length, shape);
        return op(Op.OF, with(values, shape));
    }

    /**
     * A copy of {@code values} in row-major order.
     *
     * @throws IllegalArgumentException if the shape does not hold as many elements
     */
    public static Tensor of(long[] values, long... shape) {
        Engine.load();
        checkCount(values.length, shape);
        return op(Op.OF, with(values, shape));
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
        return op(Op.OVER, with(whole, type, shape));
    }

    /**
     * Writes the elements of a new tensor.
     *
     * @param <E> what may go wrong
     */
    @FunctionalInterface
    public interface Filling<E extends Exception> {
        /** @param bytes the tensor's own memory: row-major elements in the machine's byte order, to be written to the end */
        void into(ByteBuffer bytes) throws E;
    }

    /**
     * A tensor on the processor whose memory {@code filling} writes, so that what is read from a file is not copied again.
     *
     * @throws IllegalArgumentException if it is of more than 2 GB
     */
    public static <E extends Exception> Tensor filled(DType type, Filling<E> filling, long... shape) throws E {
        Engine.load();
        Allowance.check(shape);
        Tensor tensor = op(Op.EMPTY, with(type, shape));
        int bytes = tensor.fitting(Math.multiplyExact(count(shape), (long) type.bytes()));
        if (bytes > 0) {
            ByteBuffer memory = new BytePointer(tensor.handle.data_ptr())
                    .capacity(bytes)
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder());
            filling.into(memory);
            if (memory.hasRemaining()) {
                throw new IllegalStateException("filled: %s bytes were not written".formatted(memory.remaining()));
            }
        }
        return tensor;
    }

    /** Joins tensors along {@code dim}; their other sizes agree. */
    public static Tensor cat(List<Tensor> tensors, long dim) {
        return op(Op.CAT, with(dim), tensors.toArray(Tensor[]::new));
    }

    /** Joins tensors of one shape along a new dimension {@code dim}. */
    public static Tensor stack(List<Tensor> tensors, long dim) {
        return op(Op.STACK, with(dim), tensors.toArray(Tensor[]::new));
    }

    /** {@code yes} where {@code condition} is true, else {@code no}; shapes are broadcast. */
    public static Tensor where(Tensor condition, Tensor yes, Tensor no) {
        return op(Op.WHERE, NONE, condition, yes, no);
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

    /** How often its elements, or those of a view that shares them, were changed in place. */
    public long version() {
        return handle._version();
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
        op(Op.READ);
        return handle.item_double();
    }

    /** All elements in row-major order, as floats. */
    public float[] toFloats() {
        try (var scope = new Scope()) {
            float[] values = new float[fitting(elements())];
            if (values.length > 0) {
                onProcessor(DType.FLOAT32).handle.data_ptr_float().get(values);
            }
            return values;
        }
    }

    /** All elements in row-major order, as doubles. */
    public double[] toDoubles() {
        try (var scope = new Scope()) {
            double[] values = new double[fitting(elements())];
            if (values.length > 0) {
                onProcessor(DType.FLOAT64).handle.data_ptr_double().get(values);
            }
            return values;
        }
    }

    /** All elements in row-major order, as longs; fractions are cut off. */
    public long[] toLongs() {
        try (var scope = new Scope()) {
            long[] values = new long[fitting(elements())];
            if (values.length > 0) {
                onProcessor(DType.INT64).handle.data_ptr_long().get(values);
            }
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

    /**
     * The tensor's own memory, no copy: its elements in row-major order and the machine's byte order. It may be read as long as this
     * tensor is reachable and its scope open.
     *
     * @throws IllegalArgumentException if the tensor is not on the processor, has gaps or another order, see {@link #contiguous}, or
     *     is of more than 2 GB
     */
    public ByteBuffer memory() {
        if (!device().equals(Device.CPU) || !handle.is_contiguous()) {
            throw new IllegalArgumentException(
                    "memory: needs a tensor on the processor in row-major order, got %s".formatted(description()));
        }
        int bytes = fitting(Math.multiplyExact(elements(), (long) type().bytes()));
        op(Op.READ);
        return bytes == 0
                ? ByteBuffer.allocateDirect(0)
                : new BytePointer(handle.data_ptr())
                        .capacity(bytes)
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder());
    }

    // ---- moving and viewing

    /** This tensor with elements of another type; itself if it has that type already. */
    public Tensor to(DType type) {
        return op(Op.TO_TYPE, with(type), this);
    }

    /** This tensor on another device; itself if it is there already. */
    public Tensor to(Device device) {
        return op(Op.TO_DEVICE, with(device), this);
    }

    /** In row-major order without gaps; itself if it is so already. */
    public Tensor contiguous() {
        return op(Op.CONTIGUOUS);
    }

    /**
     * [N, C, H, W] laid out in memory as N, H, W, C, which convolutions run fastest on; other ranks unchanged.
     */
    public Tensor channelsLast() {
        return dims() == 4 ? op(Op.CHANNELS_LAST) : this;
    }

    /** A copy with memory of its own and the same layout. */
    public Tensor copy() {
        return op(Op.COPY);
    }

    /** Memory of the same type, shape, layout and device, whose values are whatever was there. */
    public Tensor emptyLike() {
        return op(Op.EMPTY_LIKE);
    }

    /** The same elements, cut off from the backward pass. */
    public Tensor detach() {
        return op(Op.DETACH);
    }

    /** The same elements in another shape; one size may be -1. */
    public Tensor reshape(long... shape) {
        return op(Op.RESHAPE, with(shape), this);
    }

    /** Dimensions {@code from} to {@code to}, both included, as one. */
    public Tensor flatten(long from, long to) {
        return op(Op.FLATTEN, with(from, to), this);
    }

    /** Dimensions in another order. */
    public Tensor permute(long... dims) {
        return op(Op.PERMUTE, with(dims), this);
    }

    /** Two dimensions swapped. */
    public Tensor transpose(long a, long b) {
        return op(Op.TRANSPOSE, with(a, b), this);
    }

    /** With a new dimension of size 1 at {@code dim}. */
    public Tensor unsqueeze(long dim) {
        return op(Op.UNSQUEEZE, with(dim), this);
    }

    /** Without dimension {@code dim} if its size is 1. */
    public Tensor squeeze(long dim) {
        return op(Op.SQUEEZE, with(dim), this);
    }

    /** Dimensions of size 1 repeated to {@code shape} without a copy; -1 keeps a size. */
    public Tensor expand(long... shape) {
        return op(Op.EXPAND, with(shape), this);
    }

    /** {@code length} elements of {@code dim} from {@code start} on. */
    public Tensor narrow(long dim, long start, long length) {
        return op(Op.NARROW, with(dim, start, length), this);
    }

    /** The slice {@code index} of {@code dim}, which disappears. */
    public Tensor select(long dim, long index) {
        return op(Op.SELECT, with(dim, index), this);
    }

    /** The slices of {@code dim} that {@code indices} [K] (int64) names, in that order. */
    public Tensor indexSelect(long dim, Tensor indices) {
        return op(Op.INDEX_SELECT, with(dim), this, indices);
    }

    /** Along {@code dim}, the elements that {@code indices} (int64, same rank) names. */
    public Tensor gather(long dim, Tensor indices) {
        return op(Op.GATHER, with(dim), this, indices);
    }

    /** The order of {@code dims} turned round. */
    public Tensor flip(long... dims) {
        return op(Op.FLIP, with(dims), this);
    }

    /** Moved along these dimensions by so many places; what leaves at one end comes in at the other. */
    public Tensor roll(long[] shifts, long... dims) {
        return op(Op.ROLL, with(shifts, dims), this);
    }

    // ---- arithmetic; shapes are broadcast

    /** Sum. */
    public Tensor add(Tensor other) {
        return op(Op.ADD, NONE, this, other);
    }

    /** Sum with a number. */
    public Tensor add(double value) {
        return op(Op.ADD, with(value), this);
    }

    /** Difference. */
    public Tensor sub(Tensor other) {
        return op(Op.SUB, NONE, this, other);
    }

    /** Difference with a number. */
    public Tensor sub(double value) {
        return op(Op.SUB, with(value), this);
    }

    /** Product, element by element. */
    public Tensor mul(Tensor other) {
        return op(Op.MUL, NONE, this, other);
    }

    /** Product with a number. */
    public Tensor mul(double value) {
        return op(Op.MUL, with(value), this);
    }

    /** Quotient, element by element. */
    public Tensor div(Tensor other) {
        return op(Op.DIV, NONE, this, other);
    }

    /** Quotient with a number. */
    public Tensor div(double value) {
        return op(Op.DIV, with(value), this);
    }

    /** Matrix product [..., M, K] x [..., K, N] = [..., M, N]. */
    public Tensor matmul(Tensor other) {
        return op(Op.MATMUL, NONE, this, other);
    }

    /** Every element to the power {@code value}. */
    public Tensor pow(double value) {
        return op(Op.POW, with(value), this);
    }

    /** Sign turned round. */
    public Tensor neg() {
        return op(Op.NEG);
    }

    /** -1, 0 or 1. */
    public Tensor sign() {
        return op(Op.SIGN);
    }

    /** Absolute value. */
    public Tensor abs() {
        return op(Op.ABS);
    }

    /** Square root. */
    public Tensor sqrt() {
        return op(Op.SQRT);
    }

    /** e to the element. */
    public Tensor exp() {
        return op(Op.EXP);
    }

    /** Natural logarithm. */
    public Tensor log() {
        return op(Op.LOG);
    }

    /** Sine of radians. */
    public Tensor sin() {
        return op(Op.SIN);
    }

    /** Cosine of radians. */
    public Tensor cos() {
        return op(Op.COS);
    }

    /** The nearest whole number of each value, halves to the even one; its gradient is 0. */
    public Tensor round() {
        return op(Op.ROUND);
    }

    /** {@code log(1 + e^x)} of each value, without overflow. */
    public Tensor softplus() {
        return op(Op.SOFTPLUS);
    }

    /** Elements below {@code low} set to it, above {@code high} to that. */
    public Tensor clamp(double low, double high) {
        return op(Op.CLAMP, with(low, high), this);
    }

    /** The larger of the two, element by element. */
    public Tensor maximum(Tensor other) {
        return op(Op.MAXIMUM, NONE, this, other);
    }

    /** The smaller of the two, element by element. */
    public Tensor minimum(Tensor other) {
        return op(Op.MINIMUM, NONE, this, other);
    }

    /** True where equal. */
    public Tensor eq(Tensor other) {
        return op(Op.EQ, NONE, this, other);
    }

    /** True where at least {@code value}. */
    public Tensor ge(double value) {
        return op(Op.GE, with(value), this);
    }

    /** True where equal to {@code value}. */
    public Tensor eq(double value) {
        return op(Op.EQ, with(value), this);
    }

    /** True where neither infinite nor NaN. */
    public Tensor isFinite() {
        return op(Op.IS_FINITE);
    }

    // ---- reductions

    /** The sum of all elements, a scalar. */
    public Tensor sum() {
        return op(Op.SUM);
    }

    /** The mean of all elements, a scalar. */
    public Tensor mean() {
        return op(Op.MEAN);
    }

    /** The sum over {@code dims}, which disappear. */
    public Tensor sum(long... dims) {
        return op(Op.SUM, with(dims), this);
    }

    /** The mean over {@code dims}, which disappear. */
    public Tensor mean(long... dims) {
        return op(Op.MEAN, with(dims), this);
    }

    /** The largest elements along {@code dim}, which disappears. */
    public Tensor max(long dim) {
        return op(Op.MAX, with(dim), this);
    }

    /** The largest element, a scalar. */
    public Tensor max() {
        return op(Op.MAX);
    }

    /** The smallest element, a scalar. */
    public Tensor min() {
        return op(Op.MIN);
    }

    /** The position of the largest element along {@code dim}, int64. */
    public Tensor argmax(long dim) {
        return op(Op.ARGMAX, with(dim), this);
    }

    /** The Euclidean norm of all elements, a scalar. */
    public Tensor norm() {
        return op(Op.NORM);
    }

    // ---- activations

    /** max(x, 0). */
    public Tensor relu() {
        return op(Op.RELU);
    }

    /** 1 / (1 + e^-x). */
    public Tensor sigmoid() {
        return op(Op.SIGMOID);
    }

    /** Hyperbolic tangent. */
    public Tensor tanh() {
        return op(Op.TANH);
    }

    /** x times the normal distribution function of x, exact form (Hendrycks and Gimpel 2016). */
    public Tensor gelu() {
        return op(Op.GELU);
    }

    /** x sigmoid(x) (Elfwing et al. 2017). */
    public Tensor silu() {
        return op(Op.SILU);
    }

    /** x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019). */
    public Tensor hardSwish() {
        return op(Op.HARD_SWISH);
    }

    /** min(max(x + 3, 0), 6) / 6. */
    public Tensor hardSigmoid() {
        return op(Op.HARD_SIGMOID);
    }

    /** x where positive, else {@code slope} times x. */
    public Tensor leakyRelu(double slope) {
        return op(Op.LEAKY_RELU, with(slope), this);
    }

    /** e^x over its sum along {@code dim}. */
    public Tensor softmax(long dim) {
        return op(Op.SOFTMAX, with(dim), this);
    }

    /** The logarithm of {@link #softmax}, computed stably. */
    public Tensor logSoftmax(long dim) {
        return op(Op.LOG_SOFTMAX, with(dim), this);
    }

    // ---- layers' arithmetic

    /**
     * Eigenvalues, rising, and eigenvectors, as columns, of a symmetric matrix [D, D]: of the sizes [D] and [D, D].
     */
    public List<Tensor> symmetricEigen() {
        return List.of(run(Op.SYMMETRIC_EIGEN, NONE, this));
    }

    /** Q and R of a matrix [R, C] with R at least C: orthonormal columns [R, C], and a triangle [C, C]. */
    public List<Tensor> qr() {
        return List.of(run(Op.QR, NONE, this));
    }

    /** The diagonal of a matrix. */
    public Tensor diagonal() {
        return op(Op.DIAGONAL);
    }

    /** x weight^T + bias: [..., in] to [..., out], weight [out, in], bias [out]. */
    public Tensor linear(Tensor weight, Tensor bias) {
        return op(Op.LINEAR, NONE, this, weight, bias);
    }

    /** With so many zeros more at the right and at the bottom: [N, C, H, W] to [N, C, H + zeros, W + zeros]. */
    public Tensor padEnd(long zeros) {
        return pad(0, zeros, 0, zeros);
    }

    /** With so many zeros around: [N, C, H, W] to [N, C, top + H + bottom, left + W + right]. */
    public Tensor pad(long left, long right, long top, long bottom) {
        return op(Op.PAD, with(new long[] {left, right, top, bottom}), this);
    }

    /** With so many channels of zeros before and behind: [N, C, H, W] to [N, before + C + behind, H, W]. */
    public Tensor padChannels(long before, long behind) {
        return op(Op.PAD, with(new long[] {0, 0, 0, 0, before, behind}), this);
    }

    /**
     * Convolution: [N, C, H, W] with weight [out, C / groups, kh, kw] to [N, out, H', W'], where
     * {@code H' = (H + 2 padding - dilation (kh - 1) - 1) / stride + 1}, rounded down.
     */
    public Tensor conv2d(Tensor weight, Tensor bias, long stride, long padding, long dilation, long groups) {
        return op(Op.CONV2D, with(pair(stride), pair(padding), pair(dilation), groups), this, weight, bias);
    }

    /**
     * Convolution without bias: [N, C, H, W] with weight [out, C, kh, kw] to [N, out, H', W'].
     *
     * @param padding of height and width
     */
    public Tensor conv2d(Tensor weight, long stride, long[] padding) {
        return op(Op.CONV2D, with(pair(stride), padding, pair(1), 1L), this, weight, null);
    }

    /**
     * Convolution over time and space: [N, C, T, H, W] with weight [out, C, kt, kh, kw] to [N, out, T', H', W'].
     *
     * @param stride of time, height and width
     * @param padding of time, height and width
     */
    public Tensor conv3d(Tensor weight, Tensor bias, long[] stride, long[] padding) {
        return op(Op.CONV3D, with(stride, padding, new long[] {1, 1, 1}, 1L), this, weight, bias);
    }

    /**
     * Transposed convolution: weight [C, out / groups, kh, kw], {@code H' = (H - 1) stride - 2 padding + dilation (kh - 1)
     * + outputPadding + 1}.
     */
    public Tensor convTranspose2d(
            Tensor weight, Tensor bias, long stride, long padding, long outputPadding, long dilation, long groups) {
        Attributes window = with(pair(stride), pair(padding), pair(outputPadding), pair(dilation), groups);
        return op(Op.CONV_TRANSPOSE2D, window, this, weight, bias);
    }

    /** The largest of each window: [N, C, H, W] to [N, C, H', W']. */
    public Tensor maxPool2d(long kernel, long stride, long padding, boolean ceil) {
        return op(Op.MAX_POOL2D, with(pair(kernel), pair(stride), pair(padding), ceil), this);
    }

    /** The mean of each window: [N, C, H, W] to [N, C, H', W']; padding counts as zeros. */
    public Tensor avgPool2d(long kernel, long stride, long padding) {
        return op(Op.AVG_POOL2D, with(pair(kernel), pair(stride), pair(padding)), this);
    }

    /** Means of windows chosen so that the result is [N, C, height, width]. */
    public Tensor adaptiveAvgPool2d(long height, long width) {
        return op(Op.ADAPTIVE_AVG_POOL2D, with(height, width), this);
    }

    /** Maxima of windows chosen so that the result is [N, C, height, width]. */
    public Tensor adaptiveMaxPool2d(long height, long width) {
        return op(Op.ADAPTIVE_MAX_POOL2D, with(height, width), this);
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
        return op(Op.BATCH_NORM, with(training, momentum, eps), this, weight, bias, runningMean, runningVar);
    }

    /** Layer normalisation over the last dimensions, whose sizes are those of {@code weight}. */
    public Tensor layerNorm(Tensor weight, Tensor bias, double eps) {
        return op(Op.LAYER_NORM, with(eps), this, weight, bias);
    }

    /** Group normalisation of [N, C, ...] over C / groups channels at a time. */
    public Tensor groupNorm(long groups, Tensor weight, Tensor bias, double eps) {
        return op(Op.GROUP_NORM, with(groups, eps), this, weight, bias);
    }

    /** Rows of {@code weight} [V, D] at these indices (int64): [...] to [..., D]. */
    public Tensor embedding(Tensor weight) {
        return op(Op.EMBEDDING, NONE, this, weight);
    }

    /** [N, C, H, W] to [N, C, height, width] by repetition. */
    public Tensor upsampleNearest(long height, long width) {
        return op(Op.UPSAMPLE_NEAREST, with(height, width), this);
    }

    /** [N, C, H, W] to [N, C, height, width] by bilinear interpolation of pixel centres. */
    public Tensor upsampleBilinear(long height, long width) {
        return op(Op.UPSAMPLE_BILINEAR, with(height, width), this);
    }

    /**
     * [N, C, H, W] to [N, C, height, width] by bicubic interpolation of pixel centres.
     *
     * @param antialias whether the kernel widens where the image shrinks
     */
    public Tensor upsampleBicubic(long height, long width, boolean antialias) {
        return antialias
                ? call("aten::_upsample_bicubic2d_aa", this, new long[] {height, width}, false, null, null)
                        .get(0)
                : op(Op.UPSAMPLE_BICUBIC, with(height, width), this);
    }

    /**
     * Scaled dot-product attention of queries (this) over {@code keys} and {@code values}: [N, heads, L, D].
     */
    public Tensor attention(Tensor keys, Tensor values) {
        return op(Op.ATTENTION, with(false), this, keys, values);
    }

    /** The same, each query seeing only keys up to its own position. */
    public Tensor causalAttention(Tensor keys, Tensor values) {
        return op(Op.ATTENTION, with(true), this, keys, values);
    }

    /** Channels into pixels: [N, C f², H, W] to [N, C, H f, W f] (Shi et al. 2016). */
    public Tensor pixelShuffle(long factor) {
        return op(Op.PIXEL_SHUFFLE, with(factor), this);
    }

    /** Pixels into channels: [N, C, H f, W f] to [N, C f², H, W]. */
    public Tensor pixelUnshuffle(long factor) {
        return op(Op.PIXEL_UNSHUFFLE, with(factor), this);
    }

    /** Row numbers drawn by their weights: [N, K], 0 or more, to int64 [N, count], with repetition. */
    public Tensor multinomial(Random random, long count) {
        if (!random.device().equals(device())) {
            return to(random.device()).multinomial(random, count).to(device());
        }
        return op(Op.MULTINOMIAL, with(random, count), this);
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
        var inputs = new ArrayList<>(List.of(this));
        inputs.addAll(state);
        inputs.addAll(weights);
        Attributes how = with(kind, (long) layers, bidirectional, training);
        return List.of(run(Op.RECURRENT, how, inputs.toArray(Tensor[]::new)));
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
        var inputs = new ArrayList<>(List.of(this, sizes));
        inputs.addAll(state);
        inputs.addAll(weights);
        Attributes how = with(kind, (long) layers, bidirectional, training);
        return List.of(run(Op.RECURRENT_PACKED, how, inputs.toArray(Tensor[]::new)));
    }

    // ---- losses, each the mean over the batch

    /**
     * Cross-entropy of logits [N, K, ...] with class indices [N, ...] (int64) or class probabilities [N, K, ...].
     *
     * @param weight [K] of class weights, or none
     * @param smoothing share of the target spread evenly over all classes, 0 to 1
     */
    public Tensor crossEntropy(Tensor target, List<Tensor> weight, double smoothing) {
        return op(Op.CROSS_ENTROPY, with(smoothing), this, target, weight.isEmpty() ? null : weight.get(0));
    }

    /** Binary cross-entropy of logits with targets from 0 to 1 of the same shape. */
    public Tensor binaryCrossEntropy(Tensor target) {
        return op(Op.BINARY_CROSS_ENTROPY, NONE, this, target);
    }

    /** Mean squared difference. */
    public Tensor mse(Tensor target) {
        return op(Op.MSE, NONE, this, target);
    }

    /** Mean absolute difference. */
    public Tensor mae(Tensor target) {
        return op(Op.MAE, NONE, this, target);
    }

    /** Huber loss: quadratic up to {@code delta}, linear beyond. */
    public Tensor huber(Tensor target, double delta) {
        return op(Op.HUBER, with(delta), this, target);
    }

    // ---- gradients

    /** Marks this leaf for gradients, or not, and returns it. */
    public Tensor requireGrad(boolean on) {
        handle.requires_grad_(on);
        return this;
    }

    /** Adds the gradient of this scalar to {@link #grad} of every leaf it depends on. */
    public void backward() {
        op(Op.BACKWARD);
    }

    /**
     * The gradient of this scalar by {@code input}, itself differentiable, as penalties on gradients need it; nothing
     * is added to {@link #grad}.
     */
    public Tensor gradient(Tensor input) {
        return op(Op.GRADIENT, NONE, this, input);
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
        return op(Op.GRAD);
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
        return op(Op.COPY_, NONE, this, source);
    }

    /** Sets every element. */
    public Tensor fill_(double value) {
        return op(Op.FILL_, with(value), this);
    }

    /** Adds {@code factor} times {@code other}. */
    public Tensor add_(Tensor other, double factor) {
        return op(Op.ADD_, with(factor), this, other);
    }

    /** Adds a number. */
    public Tensor add_(double value) {
        return op(Op.ADD_, with(value), this);
    }

    /** Multiplies by a number. */
    public Tensor mul_(double value) {
        return op(Op.MUL_, with(value), this);
    }

    /** Multiplies element by element. */
    public Tensor mul_(Tensor other) {
        return op(Op.MUL_, NONE, this, other);
    }

    /** Adds {@code factor a b}, element by element. */
    public Tensor addcmul_(Tensor a, Tensor b, double factor) {
        return op(Op.ADDCMUL_, with(factor), this, a, b);
    }

    /** Adds {@code factor a / b}, element by element. */
    public Tensor addcdiv_(Tensor a, Tensor b, double factor) {
        return op(Op.ADDCDIV_, with(factor), this, a, b);
    }

    /** Moves by {@code share} of the way to {@code target}. */
    public Tensor lerp_(Tensor target, double share) {
        return op(Op.LERP_, with(share), this, target);
    }

    /** Fills with numbers drawn evenly from [low, high). */
    public Tensor uniform_(Random random, double low, double high) {
        return drawn(Op.UNIFORM_, random, with(random, low, high));
    }

    /** Fills with normal numbers. */
    public Tensor normal_(Random random, double mean, double deviation) {
        return drawn(Op.NORMAL_, random, with(random, mean, deviation));
    }

    /** Fills with ones, each with probability {@code p}, and zeros. */
    public Tensor bernoulli_(Random random, double p) {
        return drawn(Op.BERNOULLI_, random, with(random, p));
    }

    /** What is drawn depends on where it is drawn, not on where this tensor is. */
    private Tensor drawn(Op op, Random random, Attributes attributes) {
        return random.device().equals(device())
                ? op(op, attributes, this)
                : copy_(zeros(type(), shape()).to(random.device()).drawn(op, random, attributes));
    }

    // ---- the one door

    /**
     * What any operator of libtorch makes, for those that have no method here: {@code call("aten::roll", x, new long[]
     * {1}, new long[] {0})}.
     *
     * @param operator as libtorch's schema has it, with its overload where it has one: {@code aten::sum.dim_IntList}
     * @param arguments all of the schema, in its order: tensors, lists of tensors, numbers, flags, words, {@code long[]},
     *     null for none
     * @return the tensors among the results
     */
    public static List<Tensor> call(String operator, Object... arguments) {
        Engine.load();
        var inputs = new ArrayList<Tensor>();
        Object[] places = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            int first = inputs.size();
            if (arguments[i] instanceof Tensor tensor) {
                inputs.add(tensor);
                places[i] = new Kernels.Place(first, 1, false);
            } else if (arguments[i] instanceof List<?> tensors) {
                tensors.forEach(tensor -> inputs.add((Tensor) tensor));
                places[i] = new Kernels.Place(first, tensors.size(), true);
            } else {
                places[i] = arguments[i];
            }
        }
        return List.of(run(Op.CALL, with(operator, places), inputs.toArray(Tensor[]::new)));
    }

    private Tensor op(Op op) {
        return op(op, NONE, this);
    }

    /** The one tensor that an operation makes. */
    private static Tensor op(Op op, Attributes attributes, Tensor... inputs) {
        return run(op, attributes, inputs)[0];
    }

    /** Runs an operation, before the eyes of a recorder; a C++ exception becomes one line with the shapes. */
    static Tensor[] run(Op op, Attributes attributes, Tensor... inputs) {
        org.bytedeco.pytorch.Tensor[] made;
        try {
            var handles = new org.bytedeco.pytorch.Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                handles[i] = inputs[i] == null ? null : inputs[i].handle;
            }
            made = op.run(handles, attributes);
        } catch (EngineException e) {
            throw e;
        } catch (RuntimeException e) {
            throw EngineException.of(op.toString(), e, inputs);
        }
        var outputs = new Tensor[made.length];
        for (int i = 0; i < made.length; i++) {
            outputs[i] = op.inPlace() ? inputs[0] : new Tensor(made[i]);
        }
        Recorder.saw(op, attributes, inputs, outputs);
        return outputs;
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

    /** @throws IllegalArgumentException if no array of Java is that long */
    private int fitting(long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("%s is more than one array can hold".formatted(description()));
        }
        return (int) length;
    }

    private Tensor onProcessor(DType type) {
        op(Op.READ);
        return detach().to(Device.CPU).to(type).contiguous();
    }

    private static long[] pair(long value) {
        return new long[] {value, value};
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
