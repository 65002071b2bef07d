package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;
import java.util.Arrays;

/**
 * Batch normalisation of {@code [N, C, ...]} per channel (Ioffe and Szegedy 2015,
 * <a href="https://arxiv.org/abs/1502.03167">1502.03167</a>): batch statistics while training, running ones
 * otherwise.
 */
public final class BatchNorm extends Leaf {

    /** In one expression and as text: {@code batchnorm}. */
    static final LayerType TYPE = new LayerType(
            "batchnorm", LayerArguments.none(), Maps.ANY, (spec, in, classes) -> new BatchNorm(in.channels()));

    private static final double EPS = 1e-5;
    private static final double MOMENTUM = 0.1;

    private double eps;
    private final double momentum;

    /** With an eps of 1e-5 and a momentum of 0.1, as in PyTorch. */
    public BatchNorm(int channels) {
        this(channels, EPS);
    }

    /** @param eps added to the variance */
    public BatchNorm(int channels, double eps) {
        this(channels, eps, MOMENTUM);
    }

    /**
     * With another share of the new batch in the running statistics.
     *
     * @param eps added to the variance
     * @param momentum 0 to 1
     */
    public BatchNorm(int channels, double eps, double momentum) {
        super("batchnorm");
        this.eps = eps;
        this.momentum = momentum;
        state().parameter("weight", Tensor.ones(channels));
        state().parameter("bias", Tensor.zeros(channels));
        state().buffer("running_mean", Tensor.zeros(channels));
        state().buffer("running_var", Tensor.ones(channels));
    }

    /**
     * Has all batch norms in {@code module} keep their statistics and factors for good, in training too: these are buffers from now
     * on, which are saved but not trained, as torchvision's {@code FrozenBatchNorm2d} has them in the backbones of its detectors.
     *
     * @param eps added to their variances
     */
    public static void fix(Module module, double eps) {
        if (module instanceof BatchNorm norm) {
            norm.eps = eps;
            norm.state().fix();
        }
        if (module instanceof Net net) {
            net.children().values().forEach(child -> fix(child, eps));
        }
    }

    /** @throws IllegalArgumentException in training, if a channel has one value only, which has no variance */
    @Override
    public Tensor apply(Tensor x) {
        // The variance of one value is 0/0: its estimate would leave NaN in the running statistics for good.
        if (state().training() && x.elements() == x.size(1)) {
            throw new IllegalArgumentException(
                    "batchnorm: needs more than one value per channel in training, got %s. Train on larger batches or images"
                            .formatted(Arrays.toString(x.shape())));
        }
        return x.batchNorm(
                state().get("weight"),
                state().get("bias"),
                state().get("running_mean"),
                state().get("running_var"),
                state().training(),
                state().newShareOr(momentum),
                eps);
    }
}
