package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network that has seen sound pictures and says of others where they are odd. */
public interface Oddness extends Layer {

    /** The network whose maps it looks at. */
    Layer backbone();

    /** Takes in sound pictures [N, C, H, W]; then {@link #finish}. */
    void see(Tensor pictures);

    /** Makes of all that was seen what it judges by. */
    void finish();

    /** How odd each place of a picture is, 0 not at all: [N, C, H, W] to [N, h, w]. */
    Tensor places(Tensor pictures);

    /** How odd a picture is, as its oddest place: [N]. */
    @Override
    default Tensor forward(Tensor pictures) {
        return places(pictures).flatten(1, 2).max(1);
    }
}
