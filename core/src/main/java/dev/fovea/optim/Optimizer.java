package dev.fovea.optim;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Map;

/**
 * How gradients become updates: the settings of an optimizer, without its state.
 *
 * <p>Weight decay leaves parameters of one dimension alone: biases, and the scale and shift of norms.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Optimizer.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = Optimizer.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = Optimizer.AdamW.class, name = "adamw"),
    @JsonSubTypes.Type(value = Optimizer.RmsProp.class, name = "rmsprop"),
    @JsonSubTypes.Type(value = Optimizer.Muon.class, name = "muon")
})
public sealed interface Optimizer {

    /** The base learning rate, above 0; the schedule multiplies it. */
    double lr();

    /** The same without weight decay. */
    Optimizer withoutDecay();

    /** The state of this optimizer for {@code parameters}. */
    default Updater updater(Map<String, Tensor> parameters) {
        return updater(parameters, Roles.ALIKE);
    }

    /** The same for parameters that do not all learn alike. */
    Updater updater(Map<String, Tensor> parameters, Roles roles);

    /**
     * Stochastic gradient descent, with momentum where it is above 0 (Sutskever et al. 2013).
     *
     * @param momentum 0 to below 1
     * @param nesterov whether the gradient is taken ahead; needs momentum
     * @param weightDecay L2 factor in the gradient, 0 or more
     * @param biasScale factor of the learning rate of biases and norms, above 0 (Jordan 2024, <a
     *     href="https://arxiv.org/abs/2404.00498">2404.00498</a>, has 64)
     */
    record Sgd(double lr, double momentum, boolean nesterov, double weightDecay, double biasScale)
            implements Optimizer {
        public Sgd {
            Checks.rate(lr);
            Checks.share("momentum", momentum);
            Checks.decay(weightDecay);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException(
                        "optimizer.nesterov needs momentum above 0, got optimizer.momentum=0");
            }
            Checks.factor("biasScale", biasScale);
        }

        /** With one rate for all weights. */
        public Sgd(double lr, double momentum, boolean nesterov, double weightDecay) {
            this(lr, momentum, nesterov, weightDecay, 1);
        }

        @Override
        public Optimizer withoutDecay() {
            return new Sgd(lr, momentum, nesterov, 0, biasScale);
        }

        @Override
        public Updater updater(Map<String, Tensor> parameters, Roles roles) {
            return new SgdUpdater(this, parameters, roles);
        }
    }

    /**
     * Adam (Kingma and Ba 2014, <a href="https://arxiv.org/abs/1412.6980">1412.6980</a>).
     *
     * @param beta1 decay of the mean of gradients, 0 to below 1
     * @param beta2 decay of the mean of their squares, 0 to below 1
     * @param eps added to the root, above 0
     * @param weightDecay L2 factor in the gradient, 0 or more
     */
    record Adam(double lr, double beta1, double beta2, double eps, double weightDecay) implements Optimizer {
        public Adam {
            Checks.rate(lr);
            Checks.share("beta1", beta1);
            Checks.share("beta2", beta2);
            Checks.eps(eps);
            Checks.decay(weightDecay);
        }

        @Override
        public Optimizer withoutDecay() {
            return new Adam(lr, beta1, beta2, eps, 0);
        }

        @Override
        public Updater updater(Map<String, Tensor> parameters, Roles roles) {
            return new AdamUpdater(parameters, roles, false, beta1, beta2, eps, weightDecay);
        }
    }

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter 2017,
     * <a href="https://arxiv.org/abs/1711.05101">1711.05101</a>).
     *
     * @param weightDecay share of the weight taken off per step and unit of lr, 0 or more
     */
    record AdamW(double lr, double beta1, double beta2, double eps, double weightDecay) implements Optimizer {
        public AdamW {
            Checks.rate(lr);
            Checks.share("beta1", beta1);
            Checks.share("beta2", beta2);
            Checks.eps(eps);
            Checks.decay(weightDecay);
        }

        @Override
        public Optimizer withoutDecay() {
            return new AdamW(lr, beta1, beta2, eps, 0);
        }

        @Override
        public Updater updater(Map<String, Tensor> parameters, Roles roles) {
            return new AdamUpdater(parameters, roles, true, beta1, beta2, eps, weightDecay);
        }
    }

    /**
     * RMSprop (Hinton, lecture 6e of Neural Networks for Machine Learning, 2012).
     *
     * @param alpha decay of the mean of squared gradients, 0 to below 1
     * @param momentum 0 to below 1
     */
    record RmsProp(double lr, double alpha, double eps, double momentum, double weightDecay) implements Optimizer {
        public RmsProp {
            Checks.rate(lr);
            Checks.share("alpha", alpha);
            Checks.share("momentum", momentum);
            Checks.eps(eps);
            Checks.decay(weightDecay);
        }

        @Override
        public Optimizer withoutDecay() {
            return new RmsProp(lr, alpha, eps, momentum, 0);
        }

        @Override
        public Updater updater(Map<String, Tensor> parameters, Roles roles) {
            return new RmsPropUpdater(this, parameters, roles);
        }
    }

    /**
     * Muon (Jordan et al. 2024, <a href="https://kellerjordan.github.io/posts/muon/">kellerjordan.github.io/posts/muon</a>):
     * momentum whose matrix is made orthogonal before it becomes a step, for the matrices and kernels between the first and
     * the last block of a network.
     *
     * @param momentum 0 to below 1
     * @param nesterov whether the gradient is taken ahead
     * @param weightDecay share of the weight taken off per step and unit of lr, 0 or more
     * @param steps Newton-Schulz iterations, 1 to 20
     * @param fixedNorm whether each of these weights is scaled before its step to the norm of an orthogonal matrix, the root
     *     of its rows, as in airbench; then it needs no decay
     * @param rest for all other weights: biases, norms, tokens, the first and the last block
     */
    record Muon(
            double lr,
            double momentum,
            boolean nesterov,
            double weightDecay,
            int steps,
            boolean fixedNorm,
            Optimizer rest)
            implements Optimizer {
        public Muon {
            Checks.rate(lr);
            Checks.share("momentum", momentum);
            Checks.decay(weightDecay);
            if (steps < 1 || steps > 20) {
                throw new IllegalArgumentException("optimizer.steps must be 1 to 20, got optimizer.steps=" + steps);
            }
            if (rest instanceof Muon) {
                throw new IllegalArgumentException(
                        "optimizer.rest is for what muon does not change, expected another optimizer than muon");
            }
        }

        @Override
        public Optimizer withoutDecay() {
            return new Muon(lr, momentum, nesterov, 0, steps, fixedNorm, rest.withoutDecay());
        }

        @Override
        public Updater updater(Map<String, Tensor> parameters, Roles roles) {
            return new MuonUpdater(this, parameters, roles, Precision.AUTO); // bfloat16 where the processor has it
        }
    }

    /** SGD with momentum 0.9. */
    static Optimizer sgd(double lr) {
        return new Sgd(lr, 0.9, false, 0);
    }

    /** Adam with PyTorch's defaults. */
    static Optimizer adam(double lr) {
        return new Adam(lr, 0.9, 0.999, 1e-8, 0);
    }

    /** AdamW with PyTorch's defaults. */
    static Optimizer adamW(double lr) {
        return new AdamW(lr, 0.9, 0.999, 1e-8, 1e-2);
    }

    /** RMSprop with PyTorch's defaults. */
    static Optimizer rmsProp(double lr) {
        return new RmsProp(lr, 0.99, 1e-8, 0, 0);
    }

    /** Muon with its author's defaults, AdamW for the rest. */
    static Optimizer muon(double lr) {
        return new Muon(lr, 0.95, true, 0, 5, false, new AdamW(3e-4, 0.9, 0.95, 1e-10, 0));
    }

    /** One of each kind, with its default settings. */
    static List<Optimizer> defaults() {
        return List.of(sgd(0.1), adam(1e-3), adamW(1e-3), rmsProp(1e-2), muon(0.02));
    }

    /** Those of them that can change what muon does not. */
    static List<Optimizer> rests() {
        return List.of(sgd(0.1), adam(1e-3), adamW(1e-3), rmsProp(1e-2));
    }
}
