package dev.fovea.optim;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.Collection;
import java.util.List;

/** Gradients of many parameters seen as one vector. */
public final class Gradients {

    private Gradients() {}

    /**
     * Scales all gradients so that their common Euclidean norm is at most {@code limit}.
     *
     * @return the norm before
     */
    public static double clip(Collection<Tensor> parameters, double limit) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            List<Tensor> gradients = parameters.stream()
                    .filter(Tensor::hasGrad)
                    .map(Tensor::grad)
                    .toList();
            if (gradients.isEmpty()) {
                return 0;
            }
            double norm = Tensor.stack(gradients.stream().map(Tensor::norm).toList(), 0)
                    .norm()
                    .item();
            if (norm > limit) {
                gradients.forEach(gradient -> gradient.mul_(limit / (norm + 1e-6)));
            }
            return norm;
        }
    }
}
