package dev.fovea.nn;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d.Window;

/**
 * A convolution whose weight is divided by its largest singular value, found by one power iteration a step: no
 * discriminator made of these can be steep (Miyato et al. 2018, <a href="https://arxiv.org/abs/1802.05957">1802.05957</a>).
 */
public final class SpectralConv2d extends Leaf {

    private static final int FIRST_ITERATIONS = 10;

    private final Window window;

    public SpectralConv2d(int in, int out, Window window) {
        super("spectralconv");
        this.window = window;
        int kernel = window.kernel();
        Tensor weight = Init.PYTORCH.fill(Tensor.zeros(out, in, kernel, kernel));
        state().parameter("weight", weight);
        state().parameter("bias", Tensor.zeros(out));
        state().buffer("u", Tensor.randn(out));
        for (int i = 0; i < FIRST_ITERATIONS; i++) {
            iterate();
        }
    }

    @Override
    protected Tensor apply(Tensor x) {
        if (state().training()) {
            iterate();
        }
        Tensor weight = state().get("weight");
        Tensor divided;
        try (var exact = Autocast.off(x.device())) {
            Tensor matrix = weight.flatten(1, -1);
            Tensor u = state().get("u").copy();
            Tensor v = unit(matrix.detach().transpose(0, 1).matmul(u));
            divided = weight.div(matrix.matmul(v).mul(u).sum());
        }
        return x.conv2d(divided, state().get("bias"), window.stride(), window.padding(), window.dilation(), 1);
    }

    private void iterate() {
        try (var noGrad = new NoGrad();
                var exact = Autocast.off(state().get("u").device())) {
            Tensor matrix = state().get("weight").detach().flatten(1, -1);
            Tensor u = state().get("u");
            u.copy_(unit(matrix.matmul(unit(matrix.transpose(0, 1).matmul(u)))));
        }
    }

    private static Tensor unit(Tensor vector) {
        return vector.div(vector.norm().add(1e-12));
    }

    @Override
    protected long macs(Tensor in, Tensor out) {
        return out.elements() * state().get("weight").elements() / out.size(1);
    }
}
