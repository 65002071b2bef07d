package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;

/**
 * Distances from a point to the four edges of a box, each as a distribution over 0, 1, ... {@code bins - 1} strides, of which
 * the mean is taken (Li et al. 2020, <a href="https://arxiv.org/abs/2006.04388">2006.04388</a>); with one bin as a number.
 */
record Distances(int bins) {

    /** The mean distances, [N, P, 4 bins] to [N, P, 4]. */
    Tensor expected(Tensor sides) {
        if (bins == 1) {
            return sides.softplus();
        }
        return sides.reshape(sides.size(0), sides.size(1), 4, bins)
                .softmax(3)
                .mul(Tensor.arange(bins).to(sides.type()).to(sides.device()))
                .sum(3);
    }

    /** Distances [P, 4] that can be said: the last bin is never passed. */
    Tensor sayable(Tensor distances) {
        return distances.clamp(0, bins - 1 - 0.01);
    }

    /**
     * The cross-entropy with the two bins next to each wanted distance, the mean over the four edges.
     *
     * @param sides [P, 4 bins]
     * @param wanted [P, 4], sayable
     * @return [P]
     */
    Tensor loss(Tensor sides, Tensor wanted) {
        Tensor likelihoods = sides.reshape(-1, bins).logSoftmax(1); // [4 P, bins]
        Tensor flat = wanted.reshape(-1, 1);
        Tensor lower = Tensor.call("aten::floor", flat).get(0);
        Tensor share = flat.sub(lower);
        Tensor both = likelihoods
                .gather(1, lower.to(DType.INT64))
                .mul(share.neg().add(1))
                .add(likelihoods.gather(1, lower.add(1).to(DType.INT64)).mul(share));
        return both.neg().reshape(-1, 4).mean(1);
    }
}
