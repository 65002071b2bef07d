package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import java.util.function.UnaryOperator;

/**
 * Channel attention, [N, C, H, W] to the same shape: scales each channel by a gate computed from the means of all channels
 * (Hu et al. 2017, <a href="https://arxiv.org/abs/1709.01507">1709.01507</a>, section 3).
 *
 * <p>The two matrices are 1x1 convolutions with bias, {@code fc1} and {@code fc2}, as torchvision's.
 */
final class SqueezeExcitation extends Net implements Layer {

    private final Layer squeeze;
    private final Layer excite;
    private final UnaryOperator<Tensor> activation;
    private final UnaryOperator<Tensor> gate;

    /**
     * With ReLU between and a sigmoid as gate, as in the paper.
     *
     * @param squeezed channels between the two matrices
     */
    SqueezeExcitation(int channels, int squeezed) {
        this(channels, squeezed, Tensor::relu, Tensor::sigmoid);
    }

    /**
     * With other functions.
     *
     * @param squeezed channels between the two matrices
     * @param activation between them
     * @param gate from any number to a factor
     */
    SqueezeExcitation(int channels, int squeezed, UnaryOperator<Tensor> activation, UnaryOperator<Tensor> gate) {
        this.activation = activation;
        this.gate = gate;
        squeeze = add("fc1", new Conv2d(channels, squeezed, Conv2d.Window.of(1, 1, 0), 1, true));
        excite = add("fc2", new Conv2d(squeezed, channels, Conv2d.Window.of(1, 1, 0), 1, true));
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor means = x.adaptiveAvgPool2d(1, 1); // (N, C, 1, 1)
        Tensor squeezed = activation.apply(squeeze.forward(means)); // (N, squeezed, 1, 1)
        return x.mul(gate.apply(excite.forward(squeezed)));
    }
}
