package dev.fovea.engine;

import java.util.List;

/** Optimizer updates as single kernels over lists of tensors of equal shapes. */
public final class Fused {

    private Fused() {}

    /**
     * One Adam or AdamW step on every parameter (Kingma and Ba 2014; Loshchilov and Hutter 2017).
     *
     * @param decoupled AdamW's weight decay, apart from the gradient; otherwise L2 in the gradient
     * @param steps float32 scalars on the parameters' device: the steps taken so far, this one included. The CUDA kernel
     *     reads them there, as PyTorch's own optimizer makes them where it is fused
     */
    public static void adam(
            boolean decoupled,
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> means,
            List<Tensor> squares,
            List<Tensor> steps,
            double lr,
            double beta1,
            double beta2,
            double weightDecay,
            double eps) {
        try (var scope = new Scope()) {
            Tensor.call(
                    decoupled ? "aten::_fused_adamw_" : "aten::_fused_adam_",
                    parameters,
                    gradients,
                    means,
                    squares,
                    List.of(),
                    steps,
                    lr,
                    beta1,
                    beta2,
                    weightDecay,
                    eps,
                    false,
                    false,
                    null,
                    null);
        }
    }

    /**
     * One step of stochastic gradient descent on every parameter.
     *
     * @param velocities momentum buffers, or none where {@code momentum} is 0
     * @param first whether the buffers are to be filled with the gradients instead of read
     */
    public static void sgd(
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> velocities,
            double weightDecay,
            double momentum,
            double lr,
            boolean nesterov,
            boolean first) {
        try (var scope = new Scope()) {
            Tensor.call(
                    "aten::_fused_sgd_",
                    parameters,
                    gradients,
                    velocities,
                    weightDecay,
                    momentum,
                    lr,
                    0.0,
                    nesterov,
                    false,
                    first,
                    null,
                    null);
        }
    }
}
