package dev.fovea.nn;

import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;
import java.util.List;

/**
 * Zeroes at random while training and scales the rest by {@code 1 / (1 - p)}; passes through otherwise
 * (Srivastava et al. 2014).
 */
public final class Dropout extends Leaf {

    /** In one expression and as text: {@code dropout 0.5}, {@code dropout2d 0.1} and {@code droppath 0.1}. */
    static final List<LayerType> TYPES =
            List.of(type(Unit.ELEMENT, Maps.ANY), type(Unit.CHANNEL, Maps.MADE), type(Unit.SAMPLE, Maps.ANY));

    private static LayerType type(Unit unit, Maps maps) {
        return new LayerType(
                unit.kind,
                LayerArguments.fraction(),
                maps,
                (spec, in, classes) -> new Dropout(unit, spec.values().get(0)));
    }

    /** What is zeroed together. */
    public enum Unit {
        ELEMENT("dropout", Integer.MAX_VALUE),
        /** Whole channels of {@code [N, C, ...]} (Tompson et al. 2014). */
        CHANNEL("dropout2d", 2),
        /** Whole samples: the branch of a residual block (stochastic depth, Huang et al. 2016). */
        SAMPLE("droppath", 1);

        private final String kind;
        private final int dims;

        /** @param dims the first ones, along which each value has a fate of its own */
        Unit(String kind, int dims) {
            this.kind = kind;
            this.dims = dims;
        }

        /** {@code x} with some zeroed, each with probability {@code p}, and the rest scaled. */
        Tensor drop(Tensor x, double p, Random random) {
            Tensor each = x.detach();
            for (int dim = dims; dim < x.dims(); dim++) {
                each = each.narrow(dim, 0, 1);
            }
            return x.mul(each.emptyLike().bernoulli_(random, 1 - p).mul_(1 / (1 - p)));
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

    /**
     * Stochastic depth that rises linearly from the first block to the last.
     *
     * @param most probability at the last block
     * @param block from 0 on
     */
    public static Dropout path(double most, int block, int blocks) {
        return new Dropout(Unit.SAMPLE, blocks > 1 ? most * block / (blocks - 1) : 0);
    }

    @Override
    public Tensor apply(Tensor x) {
        return active() ? unit.drop(x, p, state().random()) : x;
    }

    /** Whether it zeroes anything now. */
    boolean active() {
        return p > 0 && state().drops();
    }
}
