package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Init;
import dev.fovea.nn.Net;
import java.util.ArrayList;
import java.util.List;

/**
 * Dense layers to the code, and the same weights transposed, with biases of their own, back: half the parameters, and
 * with a single layer and a linear code the subspace of principal components (Vincent et al. 2010, section 2).
 */
final class TiedAutoencoder extends Net implements AutoencoderNet {

    private final List<Dense> layers = new ArrayList<>();
    private final List<BatchNorm> norms = new ArrayList<>();
    private final List<BatchNorm> normsBack = new ArrayList<>();
    private final DenseSizes sizes;

    TiedAutoencoder(DenseSizes sizes) {
        this.sizes = sizes;
        int in = sizes.values();
        for (int out : sizes.widths()) {
            int n = layers.size();
            layers.add(add("encoder" + n, new Dense(in, out, true)));
            state().parameter("bias" + n, Tensor.zeros(in));
            if (sizes.batchNorm()) {
                norms.add(add("norm" + n, new BatchNorm(out)));
            }
            if (sizes.batchNorm() && n > 0) {
                normsBack.add(add("norm_back" + n, new BatchNorm(in)));
            }
            in = out;
        }
        Init.GLOROT_UNIFORM.everywhere(state());
    }

    @Override
    public boolean boundedCode() {
        return sizes.activation() == CodeActivation.SIGMOID;
    }

    @Override
    public Tensor encode(Tensor images) {
        Tensor x = images.flatten(1, -1); // (N, CHW)
        for (int n = 0; n < layers.size(); n++) {
            x = layers.get(n).forward(x);
            x = sizes.batchNorm() ? norms.get(n).forward(x) : x;
            x = n < layers.size() - 1 ? x.relu() : sizes.activation().of(x);
        }
        return x; // (N, bottleneck)
    }

    @Override
    public Tensor decode(Tensor codes) {
        Tensor y = codes;
        for (int n = layers.size() - 1; n >= 0; n--) {
            Tensor weight = layers.get(n).state().get("weight").transpose(0, 1); // (in, out)
            y = y.linear(weight, state().get("bias" + n));
            if (n > 0) {
                y = (sizes.batchNorm() ? normsBack.get(n - 1).forward(y) : y).relu();
            }
        }
        return y.sigmoid().reshape(-1, sizes.channels(), sizes.height(), sizes.width());
    }
}
