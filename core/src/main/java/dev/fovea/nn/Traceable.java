package dev.fovea.nn;

import dev.fovea.engine.Recorder;
import dev.fovea.engine.Tensor;

/**
 * A module that is no function of images alone, and says which computation stands for it in a {@link Summary}, a {@link
 * Graph} and the count of its multiply-adds.
 */
public interface Traceable extends Module {

    /** A typical computation for images [N, C, H, W]; its value is no prediction. */
    Tensor trace(Tensor images);

    /**
     * Runs what stands for {@code net}: the forward pass of a layer, else its trace.
     *
     * @throws IllegalArgumentException if it has neither
     */
    static Tensor run(Module net, Tensor images) {
        if (net instanceof Traceable traceable) {
            return Recorder.within(net, () -> traceable.trace(images));
        }
        return Layer.of(net).forward(images);
    }
}
