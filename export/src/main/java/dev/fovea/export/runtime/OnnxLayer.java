package dev.fovea.export.runtime;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import java.util.function.UnaryOperator;

/** One output of an ONNX file, as a function of images [N, C, H, W]. */
class OnnxLayer implements Layer {

    private final OnnxFunction function;
    private final String output;
    private final UnaryOperator<Tensor> last;

    /** @param last of the output, such as from probabilities to logits */
    OnnxLayer(OnnxFunction function, String output, UnaryOperator<Tensor> last) {
        this.function = function;
        this.output = output;
        this.last = last;
    }

    @Override
    public Tensor apply(Tensor images) {
        Tensor value = function.apply(images).get(output);
        return last.apply(value.type() == DType.FLOAT16 ? value.to(DType.FLOAT32) : value);
    }

    @Override
    public boolean differentiable() {
        return false;
    }

    @Override
    public State state() {
        return function.state();
    }
}
