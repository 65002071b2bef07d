package dev.fovea.nn.detect;

import dev.fovea.engine.Tensor;

/**
 * Binary cross-entropy in which what is right already counts little (Lin et al. 2017, <a
 * href="https://arxiv.org/abs/1708.02002">1708.02002</a>, equation 5): {@code -alpha (1 - p)^gamma log p} of what is there, with
 * {@code 1 - alpha} and {@code 1 - p} of what is not.
 *
 * @param alpha weight of what is there, 0 to 1
 * @param gamma how much less counts what is right
 */
public record FocalLoss(double alpha, double gamma) {

    /** As in the paper: 0.25 and 2. */
    public static FocalLoss usual() {
        return new FocalLoss(0.25, 2);
    }

    /** Of logits of any shape where 1 is wanted, in the same shape. */
    public Tensor present(Tensor logits) {
        return logits.neg().softplus().mul(logits.neg().sigmoid().pow(gamma)).mul(alpha);
    }

    /** Of logits of any shape where 0 is wanted, in the same shape. */
    public Tensor absent(Tensor logits) {
        return logits.softplus().mul(logits.sigmoid().pow(gamma)).mul(1 - alpha);
    }
}
