package dev.fovea.export.runtime;

import dev.fovea.engine.Tensor;
import dev.fovea.models.RestorationNet;
import java.util.function.UnaryOperator;

/** An ONNX file that restores images, with what its network says of sizes. */
final class OnnxRestorer extends OnnxLayer implements RestorationNet {

    private final RestorationNet original;

    /** @param original the network that was exported, whose weights are not used */
    OnnxRestorer(OnnxFunction function, String output, RestorationNet original) {
        super(function, output, UnaryOperator.identity());
        this.original = original;
    }

    @Override
    public Tensor apply(Tensor degraded) {
        return super.apply(degraded);
    }

    @Override
    public boolean guided() {
        return original.guided();
    }

    @Override
    public int scale() {
        return original.scale();
    }

    @Override
    public int stride() {
        return original.stride();
    }

    @Override
    public int reach() {
        return original.reach();
    }
}
