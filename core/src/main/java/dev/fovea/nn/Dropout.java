package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/**
 * Zeroes at random while training and scales the rest by {@code 1 / (1 - p)}; passes through otherwise
 * (Srivastava et al. 2014).
 */
public final class Dropout extends Leaf {

    /** What is zeroed together. */
    public enum Unit {
        ELEMENT("dropout"),
        /** Whole channels of {@code [N, C, ...]} (Tompson et al. 2014). */
        CHANNEL("dropout2d"),
        /** Whole samples: the branch of a residual block (stochastic depth, Huang et al. 2016). */
        SAMPLE("droppath");

        private final String kind;

        Unit(String kind) {
            this.kind = kind;
        }
    }

    private final Unit unit;
    private final double p;

    /** @param p probability of zero, 0 to below 1 */
    public Dropout(Unit unit, double p) {
        super(unit.kind);
        if (p < 0 || p >= 1) {
            throw new IllegalArgumentException("%s: p must be 0 to below 1, got p=%s".formatted(unit.kind, p));
        }
        this.unit = unit;
        this.p = p;
    }

    @Override
    protected Tensor apply(Tensor x) {
        if (!state().drops() || p == 0) {
            return x;
        }
        return switch (unit) {
            case ELEMENT -> x.dropout(p);
            case CHANNEL -> x.dropout2d(p);
            case SAMPLE -> {
                long[] shape = x.shape();
                java.util.Arrays.fill(shape, 1, shape.length, 1);
                yield x.mul(Tensor.rand(shape).to(x.device()).ge(p).to(x.type()).div(1 - p));
            }
        };
    }
}
