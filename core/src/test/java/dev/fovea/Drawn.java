package dev.fovea;

import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.nn.Module;

/** Networks that are the same in every run of a test. */
public final class Drawn {

    private Drawn() {}

    /** {@code net} with its weights, and whatever its forward pass draws, from {@code seed}. */
    public static <M extends Module> M by(long seed, M net) {
        var random = Random.of(new Seed(seed));
        net.state().initialize(random);
        net.state().random(random);
        return net;
    }
}
