package dev.fovea.nn;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.util.List;

/** Adds to each step of {@code [N, T, D]} where it stands. */
public final class Positions extends Leaf {

    private static final double SLOWEST = 10_000;

    private final int most;

    /**
     * @param most steps that can be told apart by learned positions, or 0 for fixed sines and cosines of any length
     *     (Vaswani et al. 2017, section 3.5)
     * @param width D, even for sines and cosines
     */
    public Positions(int most, int width) {
        super("positions");
        if (most < 0 || (most == 0 && width % 2 != 0)) {
            throw new IllegalArgumentException(
                    "positions: most must be 0 or more, and width even for sines and cosines, got most=%s, width=%s"
                            .formatted(most, width));
        }
        this.most = most;
        if (most > 0) {
            state().parameter("weight", Initializer.normal(0.02), most, width);
        }
    }

    @Override
    public Tensor apply(Tensor x) {
        if (most == 0) {
            return x.add(waves(x.size(1), x.size(2)).to(x.device()).to(x.type()));
        }
        if (x.size(1) > most) {
            throw new IllegalArgumentException(
                    "positions: %s steps are more than the %s that were learned".formatted(x.size(1), most));
        }
        return x.add(state().get("weight").narrow(0, 0, x.size(1)));
    }

    /** Sines in the first half of each row, cosines in the second: [T, D]. */
    private static Tensor waves(long steps, long width) {
        long half = width / 2;
        Tensor frequencies = Tensor.arange(half)
                .to(DType.FLOAT32)
                .mul(-Math.log(SLOWEST) / half)
                .exp()
                .reshape(1, half);
        Tensor angles = Tensor.arange(steps).to(DType.FLOAT32).reshape(steps, 1).mul(frequencies);
        return Tensor.cat(List.of(angles.sin(), angles.cos()), 1);
    }
}
