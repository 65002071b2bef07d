package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Module;
import java.util.Optional;

/** A network that encodes images. */
public interface EncoderNet extends Module {

    /** Images [N, C, H, W], values 0 to 1, to codes [N, D]. */
    Tensor encode(Tensor images);

    /** The encoder, if it can be cut at its last feature maps. */
    default Optional<FeatureMaps> maps() {
        return Optional.empty();
    }
}
