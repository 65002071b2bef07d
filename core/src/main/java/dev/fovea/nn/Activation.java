package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;
import java.util.List;

/** Functions of each value, any shape. */
final class Activation {

    private static final double SLOPE = 0.01;

    static final List<LayerType> TYPES = List.of(
            LayerType.of("relu", Maps.ANY, Tensor::relu),
            LayerType.of("sigmoid", Maps.ANY, Tensor::sigmoid),
            LayerType.of("tanh", Maps.ANY, Tensor::tanh),
            LayerType.of("gelu", Maps.ANY, Tensor::gelu),
            LayerType.of("silu", Maps.ANY, Tensor::silu),
            LayerType.of("softmax", Maps.ANY, x -> x.softmax(1)),
            new LayerType("leakyrelu", LayerArguments.fractions(0, 1), Maps.ANY, (spec, in, classes) -> {
                double slope = spec.values().isEmpty() ? SLOPE : spec.values().get(0);
                return Leaf.of("leakyrelu", x -> x.leakyRelu(slope));
            }));

    private Activation() {}
}
