package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/**
 * A generator and the discriminator it is trained against; names of their weights begin with {@code generator.} and
 * {@code discriminator.}.
 */
public interface Adversaries extends Layer {

    /**
     * Pictures out of noise.
     *
     * @param noise [N, {@link #noiseSize}], standard normal
     * @param labels classes, [N], int64
     * @return [N, C, H, W], values 0 to 1
     */
    Tensor generate(Tensor noise, Tensor labels);

    /** How real pictures [N, C, H, W] of these classes look: [N], any value, more is more real. */
    Tensor judge(Tensor pictures, Tensor labels);

    /** Whether both look at the labels. */
    boolean conditional();

    /**
     * Whether what is said of a picture depends on it alone; batch norms look at the others of the batch too, and then a
     * slope at one picture says nothing.
     */
    boolean judgesEachAlone();

    /** Numbers that a picture is made of. */
    int noiseSize();

    /** What the discriminator says, class 0 taken for granted. */
    @Override
    default Tensor forward(Tensor pictures) {
        Tensor labels =
                Tensor.zeros(dev.fovea.engine.DType.INT64, pictures.size(0)).to(pictures.device());
        return judge(pictures, labels);
    }
}
