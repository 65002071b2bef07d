package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Net;

/**
 * One dense layer to the code, and the same weights transposed back: half the parameters, and with a linear code the
 * subspace of principal components (Vincent et al. 2010, section 2).
 */
public final class TiedAutoencoder extends Net implements Coding {

    private final Dense encoder;
    private final int channels;
    private final int height;
    private final int width;

    TiedAutoencoder(int channels, int height, int width, int bottleneck) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        encoder = add("encoder", new Dense(channels * height * width, bottleneck, true));
        state().parameter("bias", Tensor.zeros(channels * height * width));
    }

    @Override
    public Tensor encode(Tensor pictures) {
        return encoder.forward(pictures.flatten(1, -1)).relu(); // (N, bottleneck)
    }

    @Override
    public Tensor decode(Tensor codes) {
        Tensor weight = encoder.state().get("weight").transpose(0, 1); // (CHW, bottleneck)
        return codes.linear(weight, state().get("bias")).sigmoid().reshape(-1, channels, height, width);
    }
}
