package dev.fovea.nn;

import java.util.List;
import java.util.Map;

/**
 * The words of a network: eager layers with their sizes given, for models written as classes, and {@link Spec}s
 * with sizes inferred, for networks in one expression.
 */
public final class Layers {

    private Layers() {}

    /** The shape of one input image: channels, height, width. */
    public static Shape shape(int channels, int height, int width) {
        return Shape.of(channels, height, width);
    }

    /** A convolution without bias, padded so that stride 1 keeps the size, as before a norm; kernel odd. */
    public static Conv2d conv(int in, int out, int kernel, int stride) {
        if (kernel % 2 == 0) {
            throw new IllegalArgumentException("conv: kernel must be odd for symmetric padding, got kernel=" + kernel);
        }
        return new Conv2d(in, out, Conv2d.Window.of(kernel, stride, kernel / 2), 1, false);
    }

    /** Batch normalisation. */
    public static BatchNorm batchNorm(int channels) {
        return new BatchNorm(channels);
    }

    /** Fully connected, with bias. */
    public static Dense linear(int in, int out) {
        return new Dense(in, out, true);
    }

    /** A convolution, unpadded unless said otherwise. */
    public static Spec conv(int out, int kernel) {
        return Spec.of("conv", out, kernel);
    }

    /** A transposed convolution. */
    public static Spec deconv(int out, int kernel) {
        return Spec.of("deconv", out, kernel);
    }

    /** The largest of each window of {@code size}; moves by its size unless said otherwise. */
    public static Spec maxPool(int size) {
        return Spec.of("maxpool", size);
    }

    /** The smallest of each window. */
    public static Spec minPool(int size) {
        return Spec.of("minpool", size);
    }

    /** The mean of each window. */
    public static Spec avgPool(int size) {
        return Spec.of("avgpool", size);
    }

    /** Means of windows so chosen that {@code side x side} remain. */
    public static Spec adaptiveAvgPool(int side) {
        return Spec.of("adaptiveavgpool", side);
    }

    /** Maxima of windows so chosen that {@code side x side} remain. */
    public static Spec adaptiveMaxPool(int side) {
        return Spec.of("adaptivemaxpool", side);
    }

    /** The mean of each feature map. */
    public static Spec globalAvgPool() {
        return Spec.of("globalavgpool");
    }

    /** The maximum of each feature map. */
    public static Spec globalMaxPool() {
        return Spec.of("globalmaxpool");
    }

    /** Fully connected to {@code out} values. */
    public static Spec dense(int out) {
        return Spec.of("dense", out);
    }

    public static Spec batchNorm() {
        return Spec.of("batchnorm");
    }

    public static Spec layerNorm() {
        return Spec.of("layernorm");
    }

    public static Spec groupNorm(int groups) {
        return Spec.of("groupnorm", groups);
    }

    /** Zeroes elements with probability {@code p} while training. */
    public static Spec dropout(double p) {
        return Spec.of("dropout", p);
    }

    /** Zeroes whole channels with probability {@code p} while training. */
    public static Spec dropout2d(double p) {
        return Spec.of("dropout2d", p);
    }

    /** Zeroes whole samples with probability {@code p} while training: stochastic depth, inside a residual. */
    public static Spec dropPath(double p) {
        return Spec.of("droppath", p);
    }

    public static Spec relu() {
        return Spec.of("relu");
    }

    public static Spec leakyRelu(double slope) {
        return Spec.of("leakyrelu", slope);
    }

    public static Spec sigmoid() {
        return Spec.of("sigmoid");
    }

    public static Spec tanh() {
        return Spec.of("tanh");
    }

    public static Spec gelu() {
        return Spec.of("gelu");
    }

    public static Spec silu() {
        return Spec.of("silu");
    }

    /** Probabilities over the channels; not before a cross-entropy loss, which takes logits. */
    public static Spec softmax() {
        return Spec.of("softmax");
    }

    /** Everything but the batch as one vector. */
    public static Spec flatten() {
        return Spec.of("flatten");
    }

    /** Another shape for each sample. */
    public static Spec reshape(int... sizes) {
        return Spec.of(
                "reshape", java.util.Arrays.stream(sizes).asDoubleStream().toArray());
    }

    /** Larger by {@code factor}, by repetition, or bilinear with {@code .with("bilinear", 1)}. */
    public static Spec upsample(int factor) {
        return Spec.of("upsample", factor);
    }

    /** {@code x + branch(x)}. */
    public static Spec residual(Spec... branch) {
        return new Spec("residual", List.of(), Map.of(), List.of(List.of(branch)));
    }

    /** Branches joined along the channels. */
    public static Spec concat(List<List<Spec>> branches) {
        return new Spec("concat", List.of(), Map.of(), branches);
    }
}
