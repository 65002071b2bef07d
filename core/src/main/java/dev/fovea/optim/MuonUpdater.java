package dev.fovea.optim;

import dev.fovea.engine.DType;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Tensor;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Muon for the matrices and kernels between the first and the last layer, another optimizer for all else. */
final class MuonUpdater extends Updater {

    /** Of the polynomial whose repetition drives all singular values towards 1, as its author tuned them. */
    private static final double A = 3.4445;

    private static final double B = -4.7750;
    private static final double C = 2.0315;

    /** A norm nearer to 0 counts as this. */
    private static final double LEAST = 1e-7;

    private final Optimizer.Muon settings;
    private final Set<String> matrices = new LinkedHashSet<>();
    private final Updater rest;
    private final Precision precision;

    /** @param precision of the orthogonalisation */
    MuonUpdater(Optimizer.Muon settings, Map<String, Tensor> parameters, Roles roles, Precision precision) {
        super(parameters, roles);
        this.precision = precision;
        this.settings = settings;
        var others = new LinkedHashMap<String, Tensor>();
        parameters.forEach((name, parameter) -> {
            if (isMatrix(parameter) && !roles.ends().contains(name)) {
                matrices.add(name);
            } else {
                others.put(name, parameter);
            }
        });
        track("momentum", matrices);
        rest = settings.rest().updater(others, roles);
        share(rest);
    }

    /** Of dense layers, and kernels of convolutions over one dimension or more; tokens and positions have three dimensions. */
    private static boolean isMatrix(Tensor parameter) {
        return parameter.dims() == 2 || parameter.dims() > 3;
    }

    @Override
    void update(double lr) {
        rest.update(lr / settings.lr() * settings.rest().lr());
        for (Group group : groups()) {
            for (String name : group.names()) {
                if (matrices.contains(name)) {
                    update(name, lr * group.factor());
                }
            }
        }
    }

    private void update(String name, double lr) {
        Tensor parameter = parameters.get(name);
        Tensor gradient = parameter.grad();
        Tensor momentum = state(name, "momentum").mul_(settings.momentum()).add_(gradient, 1);
        Tensor direction = settings.nesterov() ? gradient.add(momentum.mul(settings.momentum())) : momentum;
        long rows = parameter.size(0);
        Tensor step = orthogonal(direction.reshape(rows, -1), settings.steps(), precision);
        if (settings.fixedNorm()) {
            parameter.mul_(Math.sqrt(rows) / Math.max(LEAST, parameter.norm().item()));
        } else {
            parameter.mul_(1 - lr * settings.weightDecay());
            step = step.mul(Math.sqrt(Math.max(1, (double) rows / step.size(1))));
        }
        parameter.add_(step.reshape(parameter.shape()), -lr);
    }

    /**
     * About the nearest matrix whose singular values are all the same, here between 0.7 and 1.2, by Newton-Schulz
     * iterations.
     *
     * @param matrix [rows, columns]
     */
    static Tensor orthogonal(Tensor matrix, int steps, Precision precision) {
        boolean tall = matrix.size(0) > matrix.size(1);
        boolean isCoarse = precision.resolve(matrix.device()) == Precision.BF16;
        Tensor x = matrix.to(isCoarse ? DType.BFLOAT16 : DType.FLOAT32);
        x = tall ? x.transpose(0, 1) : x;
        x = x.mul(1 / (matrix.norm().item() + LEAST));
        for (int i = 0; i < steps; i++) {
            Tensor square = x.matmul(x.transpose(0, 1));
            Tensor polynomial = square.mul(B).add(square.matmul(square).mul(C));
            x = x.mul(A).add(polynomial.matmul(x));
        }
        return (tall ? x.transpose(0, 1) : x).to(matrix.type());
    }
}
