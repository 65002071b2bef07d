package dev.fovea.engine;

import static dev.fovea.engine.Kernels.optional;
import static dev.fovea.engine.Kernels.sizes;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Dense layers and convolutions by the fastest of several ways to the same numbers (decisions 8 and 12). */
final class Products {

    /** From so many on a dense layer is faster as a convolution. */
    private static final long MANY_ROWS = 256;

    private Products() {}

    /**
     * {@code x weightᵀ + bias}. Many rows go as a convolution of 1x1, which oneDNN spreads over all cores, where OpenBLAS is
     * held to one.
     */
    static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        if (!isFasterAsConvolution(x, weight)) {
            return torch.linear(x, weight, optional(bias));
        }
        long in = weight.size(1);
        long out = weight.size(0);
        long[] one = {1, 1};
        long[] none = {0, 0};
        Tensor row = x.reshape(1, 1, -1, in).permute(0, 3, 1, 2); // (1, in, 1, rows), channels last
        Tensor kernel = weight.reshape(out, 1, 1, in).permute(0, 3, 1, 2); // (out, in, 1, 1), channels last
        long[] shape = sizes(x);
        shape[shape.length - 1] = out;
        return torch.conv2d(row, kernel, optional(bias), one, none, one, 1)
                .permute(0, 2, 3, 1)
                .reshape(shape);
    }

    /** Where the convolution was measured to win: plain float32 numbers of many rows on a processor. */
    static boolean isFasterAsConvolution(Tensor x, Tensor weight) {
        return isPlain(x)
                && isPlain(weight)
                && x.dim() > 1
                && x.size(-1) == weight.size(1)
                && x.numel() >= MANY_ROWS * weight.size(1)
                && !torch.is_autocast_enabled(torch.DeviceType.CPU);
    }

    /**
     * A convolution. Where its kernel has one place only, and most of it lies on the padding there, as on the last maps of a
     * network for photographs that sees small images, it is a dense layer of the weights that meet a pixel.
     */
    static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Attributes a) {
        long[] padding = a.wholes(1);
        if (Processor.AVX2 && learnsFasterChannelsFirst(x, weight, a)) {
            return convolution(x.contiguous(), weight.contiguous(), bias, a);
        }
        if (!meetsPaddingMostly(x, weight, a)) {
            return convolution(x, weight, bias, a);
        }
        Tensor met = weight.permute(0, 2, 3, 1).narrow(1, padding[0], x.size(2)).narrow(2, padding[1], x.size(3));
        Tensor rows = x.permute(0, 2, 3, 1).reshape(x.size(0), -1);
        Tensor y = linear(rows, met.reshape(weight.size(0), -1), bias);
        return y.reshape(x.size(0), weight.size(0), 1, 1);
    }

    private static Tensor convolution(Tensor x, Tensor weight, Tensor bias, Attributes a) {
        return torch.conv2d(x, weight, optional(bias), a.wholes(0), a.wholes(1), a.wholes(2), a.whole(3));
    }

    /** Whether the gradient of the kernel is wanted, of a wide map: with AVX2 alone oneDNN's is several times slower channels last. */
    static boolean learnsFasterChannelsFirst(Tensor x, Tensor weight, Attributes a) {
        return weight.requires_grad()
                && GradMode.is_enabled()
                && isPlain(x)
                && isPlain(weight)
                && x.dim() == 4
                && (isWide(x) || staysChannelsFirst(x, weight))
                && weight.size(2) * weight.size(3) > 1
                && a.whole(3) == 1
                && !torch.is_autocast_enabled(torch.DeviceType.CPU);
    }

    /** From here on the gradient of a kernel takes longer channels last. */
    private static boolean isWide(Tensor x) {
        return x.size(1) >= 32 && x.size(3) >= 96;
    }

    /** What is channels first already stays so while that is no slower: laying it out anew takes time too. */
    private static boolean staysChannelsFirst(Tensor x, Tensor weight) {
        return Math.min(weight.size(0), weight.size(1)) >= 128
                && x.size(3) >= 14
                && x.is_contiguous()
                && !x.is_contiguous(torch.MemoryFormat.ChannelsLast);
    }

    /** Asked once, when the engine is there. */
    private static final class Processor {
        /** Not AVX-512. */
        static final boolean AVX2 = Engine.facts().get("cpuCapability").equals("AVX2");
    }

    /** Whether the kernel has one place, in which it covers all pixels and at least as many zeros around them. */
    static boolean meetsPaddingMostly(Tensor x, Tensor weight, Attributes a) {
        return x.dim() == 4
                && weight.dim() == 4
                && a.whole(3) == 1
                && x.size(1) == weight.size(1)
                && hasOnePlace(x, weight, a, 0)
                && hasOnePlace(x, weight, a, 1)
                && 2 * x.size(2) * x.size(3) <= weight.size(2) * weight.size(3);
    }

    private static boolean hasOnePlace(Tensor x, Tensor weight, Attributes a, int axis) {
        long size = x.size(2 + axis);
        long kernel = weight.size(2 + axis);
        long padding = a.wholes(1)[axis];
        boolean coversAll = padding + size <= kernel;
        boolean isAlone = size + 2 * padding < kernel + a.wholes(0)[axis];
        return a.wholes(2)[axis] == 1 && size > 0 && size + 2 * padding >= kernel && coversAll && isAlone;
    }

    private static boolean isPlain(Tensor x) {
        return x.is_cpu() && x.scalar_type().intern() == torch.ScalarType.Float; // it comes as a new constant each time
    }
}
