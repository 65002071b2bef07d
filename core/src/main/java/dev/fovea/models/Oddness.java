package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network that has seen sound pictures and says of others where they are odd. */
public interface Oddness extends Layer {

    /**
     * What was found in pictures, 0 not odd at all.
     *
     * @param whole how odd each picture is, [N]
     * @param places how odd each of its places is, [N, h, w]
     */
    record Found(Tensor whole, Tensor places) {

        /** A picture as odd as its oddest place. */
        static Found ofPlaces(Tensor places) {
            return new Found(places.flatten(1, 2).max(1), places);
        }
    }

    /** The network whose maps it looks at. */
    Layer backbone();

    /** Takes in sound pictures [N, C, H, W]; then {@link #finish}. */
    void see(Tensor pictures);

    /** Makes of all that was seen what it judges by. */
    void finish();

    /** How odd pictures [N, C, H, W] are. */
    Found look(Tensor pictures);

    /** How odd each picture is: [N]. */
    @Override
    default Tensor forward(Tensor pictures) {
        return look(pictures).whole();
    }
}
