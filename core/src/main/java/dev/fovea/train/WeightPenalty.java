package dev.fovea.train;

import dev.fovea.engine.Tensor;
import java.util.Collection;

/** What large weights cost: sums of their absolute values and of their squares; biases and norms are free. */
record WeightPenalty(double l1, double l2) {

    /** The loss with the penalty of {@code weights}. */
    Tensor addedTo(Tensor loss, Collection<Tensor> weights) {
        Tensor sum = loss;
        for (Tensor weight : weights) {
            if (weight.dims() > 1 && l1 > 0) {
                sum = sum.add(weight.abs().sum().mul(l1));
            }
            if (weight.dims() > 1 && l2 > 0) {
                sum = sum.add(weight.mul(weight).sum().mul(l2));
            }
        }
        return sum;
    }
}
