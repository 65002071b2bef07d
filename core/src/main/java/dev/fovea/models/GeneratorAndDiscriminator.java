package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Traceable;

/**
 * A generator and the discriminator it is trained against; names of their weights begin with {@code generator.} and
 * {@code discriminator.}.
 */
public interface GeneratorAndDiscriminator extends Traceable {

    /**
     * Images generated from noise.
     *
     * @param noise [N, {@link #noiseSize}], standard normal
     * @param labels classes, [N], int64
     * @return [N, C, H, W], values 0 to 1
     */
    Tensor generate(Tensor noise, Tensor labels);

    /** Logits of the discriminator for images [N, C, H, W] of these classes: [N], larger for more real. */
    Tensor discriminate(Tensor images, Tensor labels);

    /** Whether both are conditioned on the class. */
    boolean classConditional();

    /**
     * Whether the discriminator's output for an image depends on that image alone; with batch norms it depends on the
     * whole batch, and a gradient penalty per image has no meaning.
     */
    boolean batchIndependent();

    /** The length of a noise vector. */
    int noiseSize();

    /** Logits of the discriminator for class 0. */
    @Override
    default Tensor trace(Tensor images) {
        Tensor labels = Tensor.zeros(DType.INT64, images.size(0)).to(images.device());
        return discriminate(images, labels);
    }
}
