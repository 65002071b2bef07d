package dev.fovea.optim;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.Collection;
import java.util.List;

/** Gradients of many parameters seen as one vector. */
public final class Gradients {

    private Gradients() {}

    /** The common Euclidean norm of the gradients that there are, 0 if there are none. */
    public static double norm(Collection<Tensor> parameters) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return together(of(parameters));
        }
    }

    /**
     * Scales all gradients so that their common Euclidean norm is at most {@code limit}.
     *
     * @return the norm before
     */
    public static double clip(Collection<Tensor> parameters, double limit) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            List<Tensor> gradients = of(parameters);
            double norm = together(gradients);
            if (norm > limit) {
                gradients.forEach(gradient -> gradient.mul_(limit / (norm + 1e-6)));
            }
            return norm;
        }
    }

    private static List<Tensor> of(Collection<Tensor> parameters) {
        return parameters.stream().filter(Tensor::hasGrad).map(Tensor::grad).toList();
    }

    private static double together(List<Tensor> gradients) {
        return gradients.isEmpty()
                ? 0
                : Tensor.stack(gradients.stream().map(Tensor::norm).toList(), 0)
                        .norm()
                        .item();
    }
}
