package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Embedding;
import dev.fovea.nn.Net;

/** The embedding of time and class as one vector: [N] and [N] to [N, width]. */
final class TimeEmbedding extends Net {

    private static final double SLOWEST = 10_000;

    /** Times from 0 to 1 are read as 0 to 1000 steps. */
    private static final double STEPS = 1000;

    private final int waves;
    private final Dense in;
    private final Dense out;
    private final Embedding label;

    TimeEmbedding(int waves, int width, int classes) {
        this.waves = waves;
        in = add("in", new Dense(waves, width, true));
        out = add("out", new Dense(width, width, true));
        label = add("label", new Embedding(classes + 1, width));
    }

    Tensor of(Tensor time, Tensor labels) {
        return within(() -> out.forward(in.forward(sinusoids(time)).silu()).add(label.forward(labels)));
    }

    /** Sines and cosines of falling frequency (Vaswani et al. 2017, section 3.5): [N] to [N, waves]. */
    private Tensor sinusoids(Tensor time) {
        int half = waves / 2;
        Tensor frequencies = Tensor.arange(half)
                .to(DType.FLOAT32)
                .mul(-Math.log(SLOWEST) / half)
                .exp()
                .to(time.device());
        Tensor angles = time.mul(STEPS).reshape(-1, 1).mul(frequencies.reshape(1, half));
        return Tensor.cat(java.util.List.of(angles.sin(), angles.cos()), 1);
    }
}
