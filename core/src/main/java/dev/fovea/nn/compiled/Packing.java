package dev.fovea.nn.compiled;

import dev.fovea.engine.DType;
import dev.fovea.engine.Op;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Optional;

/** Lays out weights as oneDNN's kernels read them. */
final class Packing {

    /** As the operators take them. */
    record Packed(Tensor weight, Optional<Tensor> bias) {}

    /**
     * Weights of a product in {@code type}.
     *
     * @param input shape of what is multiplied
     */
    Packed of(Part.Product product, List<Long> input, DType type) {
        Step step = product.step();
        Tensor weight = product.weight().to(type);
        Tensor packed = step.op() == Op.LINEAR
                ? call("mkldnn::_reorder_linear_weight", weight.contiguous(), null)
                : call(
                        "mkldnn::_reorder_convolution_weight",
                        weight,
                        step.attributes().get(1),
                        step.attributes().get(0),
                        step.attributes().get(2),
                        step.attributes().get(3),
                        input.stream().mapToLong(Long::longValue).toArray());
        return new Packed(packed, product.bias().map(bias -> bias.to(type)));
    }

    private static Tensor call(String operator, Object... arguments) {
        List<Tensor> made = Tensor.call(operator, arguments);
        return made.get(0);
    }
}
