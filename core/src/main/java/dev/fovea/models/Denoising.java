package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network that is asked, at any time between noise and picture, which way the picture lies. */
public interface Denoising extends Layer {

    /**
     * @param x between noise and picture, [N, C, H, W], pictures as -1 to 1
     * @param time 0 (noise) to 1 (picture), [N]
     * @param labels classes, [N], int64; {@link #unknown} hides the class
     * @return [N, C, H, W]: velocity or noise, as it was trained
     */
    Tensor forward(Tensor x, Tensor time, Tensor labels);

    /** The label that stands for no class: one more than the last. */
    int unknown();

    /** At the end of the way, without a class. */
    @Override
    default Tensor forward(Tensor x) {
        Tensor labels = Tensor.full(unknown(), x.size(0)).to(DType.INT64).to(x.device());
        return forward(x, Tensor.ones(x.size(0)).to(x.device()), labels);
    }
}
