package dev.fovea.export.runtime;

import dev.fovea.engine.Tensor;
import dev.fovea.models.AutoencoderNet;
import java.util.function.UnaryOperator;

/** An ONNX file that reconstructs images, [N, C, H, W] to the same shape, values 0 to 1; its code stays inside. */
final class OnnxAutoencoder extends OnnxLayer implements AutoencoderNet {

    private static final String CODE =
            "%s: the ONNX file gives reconstructions and no codes. Use the run or package that it was exported from";

    private final UnaryOperator<Tensor> first;

    /** @param first of images with values 0 to 1, to what the file wants */
    OnnxAutoencoder(OnnxFunction function, String output, UnaryOperator<Tensor> first) {
        super(function, output, UnaryOperator.identity());
        this.first = first;
    }

    @Override
    public Tensor apply(Tensor images) {
        return super.apply(first.apply(images));
    }

    @Override
    public Tensor encode(Tensor images) {
        throw new IllegalArgumentException(CODE.formatted("encode"));
    }

    @Override
    public Tensor decode(Tensor codes) {
        throw new IllegalArgumentException(CODE.formatted("decode"));
    }
}
