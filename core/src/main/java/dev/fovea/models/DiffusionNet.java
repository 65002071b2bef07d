package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Traceable;

/** A network that predicts velocity or noise at any time between noise and image. */
public interface DiffusionNet extends Traceable {

    /**
     * @param x between noise and image, [N, C, H, W], images as -1 to 1
     * @param time 0 (noise) to 1 (image), [N]
     * @param labels classes, [N], int64; {@link #unknown} for no class
     * @return [N, C, H, W]: velocity or noise, as it was trained
     */
    Tensor forward(Tensor x, Tensor time, Tensor labels);

    /** The label that stands for no class: one more than the last. */
    int unknown();

    /** At time 1, without a class. */
    @Override
    default Tensor trace(Tensor x) {
        Tensor labels = Tensor.full(unknown(), x.size(0)).to(DType.INT64).to(x.device());
        return forward(x, Tensor.ones(x.size(0)).to(x.device()), labels);
    }
}
