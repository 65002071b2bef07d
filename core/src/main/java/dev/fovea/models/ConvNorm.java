package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A convolution without bias, its norm and its activation, [N, in, H, W] to [N, out, H', W']: what most networks after 2015
 * are made of. Named {@code 0} and {@code 1}, as torchvision's.
 *
 * @param kernel side in pixels, odd; padded so that stride 1 keeps the size
 * @param dilation distance of the kernel's taps
 * @param groups of channels that see nothing of each other; as many as there are channels in a depthwise one
 * @param eps of the norm
 * @param momentum of the norm's running statistics
 * @param activation none for a linear one
 */
record ConvNorm(
        int kernel,
        int stride,
        int dilation,
        int groups,
        double eps,
        double momentum,
        Optional<UnaryOperator<Tensor>> activation) {

    /** Of that kernel, stride 1, with a usual norm and nothing behind it. */
    static ConvNorm of(int kernel) {
        return new ConvNorm(kernel, 1, 1, 1, 1e-5, 0.1, Optional.empty());
    }

    ConvNorm stride(int value) {
        return new ConvNorm(kernel, value, dilation, groups, eps, momentum, activation);
    }

    ConvNorm dilation(int value) {
        return new ConvNorm(kernel, stride, value, groups, eps, momentum, activation);
    }

    ConvNorm groups(int value) {
        return new ConvNorm(kernel, stride, dilation, value, eps, momentum, activation);
    }

    ConvNorm norm(double epsilon, double share) {
        return new ConvNorm(kernel, stride, dilation, groups, epsilon, share, activation);
    }

    ConvNorm activation(UnaryOperator<Tensor> value) {
        return new ConvNorm(kernel, stride, dilation, groups, eps, momentum, Optional.of(value));
    }

    /** One layer of them, for so many channels. */
    Sequential layer(int in, int out) {
        return new Sequential(layers(in, out));
    }

    /** The layers, for so many channels. */
    List<Layer> layers(int in, int out) {
        var layers = new ArrayList<Layer>(List.of(
                new Conv2d(in, out, new Conv2d.Window(kernel, stride, kernel / 2 * dilation, dilation), groups, false),
                new BatchNorm(out, eps, momentum)));
        activation.ifPresent(function -> layers.add(Leaf.of("activation", function)));
        return layers;
    }
}
