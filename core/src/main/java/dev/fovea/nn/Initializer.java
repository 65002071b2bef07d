package dev.fovea.nn;

import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;

/** How the first values of a tensor are drawn; {@link State#initialize} does it when nobody has loaded others. */
@FunctionalInterface
public interface Initializer {

    Initializer ZEROS = constant(0);

    Initializer ONES = constant(1);

    /** Fills {@code tensor} in place; no gradient is recorded. */
    void fill(Tensor tensor, Random random);

    /** Every element {@code value}. */
    static Initializer constant(double value) {
        return (tensor, random) -> tensor.fill_(value);
    }

    /** Evenly from -limit to limit. */
    static Initializer uniform(double limit) {
        return (tensor, random) -> tensor.uniform_(random, -limit, limit);
    }

    /** Normal of mean 0. */
    static Initializer normal(double deviation) {
        return (tensor, random) -> tensor.normal_(random, 0, deviation);
    }

    /** Orthonormal rows, or columns where there are fewer, of {@code [out, in...]} (Saxe et al. 2013). */
    static Initializer orthogonal() {
        return (tensor, random) -> {
            long rows = tensor.size(0);
            long columns = tensor.elements() / rows;
            var qr = Tensor.randn(random, Math.max(rows, columns), Math.min(rows, columns))
                    .qr();
            Tensor q = qr.get(0).mul(qr.get(1).diagonal().sign()); // else Q is not evenly drawn (Mezzadri 2006)
            tensor.copy_((rows < columns ? q.transpose(0, 1) : q).reshape(tensor.shape()));
        };
    }

    /** One of equal parts of {@code tensor} after the other, along its first dimension. */
    default Initializer inParts(int count) {
        return (tensor, random) -> {
            long size = tensor.size(0) / count;
            for (int part = 0; part < count; part++) {
                fill(tensor.narrow(0, part * size, size), random);
            }
        };
    }
}
