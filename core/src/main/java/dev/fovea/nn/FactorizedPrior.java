package dev.fovea.nn;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import dev.fovea.io.FrequencyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A learned distribution of whole numbers for every channel: how probable each value of {@code [N, C, H, W]} is,
 * same shape, values from 1e-9 to 1. Minus its logarithm to base 2 is what coding the value costs in bits.
 *
 * <p>Ballé et al., <a href="https://arxiv.org/abs/1802.01436">Variational image compression with a scale
 * hyperprior</a>, appendix 6.1: the cumulative distribution of a channel is a small network that can only rise.
 * For coding it is written down once as whole frequencies ({@link #freeze}), which are saved with the network, so that
 * no rounding of another machine can make encoder and decoder disagree.
 */
public final class FactorizedPrior extends Leaf {

    /** Numbers from minus this to this have frequencies of their own. */
    public static final int REACH = 64;

    private static final int[] WIDTHS = {1, 3, 3, 3, 1};
    private static final double SPREAD = 10;
    private static final double SMALLEST = 1e-9;

    private final int channels;

    public FactorizedPrior(int channels) {
        super("factorizedprior");
        this.channels = channels;
        int layers = WIDTHS.length - 1;
        double scale = Math.pow(SPREAD, 1.0 / layers);
        for (int k = 0; k < layers; k++) {
            double first = Math.log(Math.expm1(1 / scale / WIDTHS[k + 1]));
            state().parameter("matrix" + k, Tensor.full(first, channels, WIDTHS[k + 1], WIDTHS[k]));
            state().parameter("bias" + k, Initializer.uniform(0.5), channels, WIDTHS[k + 1], 1);
            if (k < layers - 1) {
                state().parameter("factor" + k, Tensor.zeros(channels, WIDTHS[k + 1], 1));
            }
        }
        state().buffer("frequencies", Tensor.zeros(DType.INT64, channels, 2 * REACH + 1));
    }

    @Override
    public Tensor apply(Tensor x) {
        try (var exact = Autocast.off(x.device())) {
            long[] shape = x.shape();
            Tensor rows = x.to(state().get("bias0").type()).transpose(0, 1).reshape(channels, 1, -1); // (C, 1, NHW)
            Tensor p = probability(rows).clamp(SMALLEST, 1);
            return p.reshape(channels, shape[0], shape[2], shape[3]).transpose(0, 1); // (N, C, H, W)
        }
    }

    private Tensor probability(Tensor x) {
        Tensor lower = cumulative(x.sub(0.5));
        Tensor upper = cumulative(x.add(0.5));
        // On the side where the sigmoid is near 0 its values are precise, near 1 they are not.
        Tensor ones = Tensor.ones(x.shape()).to(x.device()).to(x.type());
        Tensor side = Tensor.where(lower.add(upper).detach().ge(0), ones.neg(), ones);
        return upper.mul(side).sigmoid().sub(lower.mul(side).sigmoid()).abs();
    }

    /** The logit of the cumulative distribution: [C, 1, L] to the same, rising in each channel. */
    private Tensor cumulative(Tensor x) {
        Tensor y = x;
        for (int k = 0; k < WIDTHS.length - 1; k++) {
            y = positive(state().get("matrix" + k)).matmul(y).add(state().get("bias" + k));
            if (k < WIDTHS.length - 2) {
                y = y.add(state().get("factor" + k).tanh().mul(y.tanh()));
            }
        }
        return y;
    }

    /** log(1 + e^x), without overflow. */
    private static Tensor positive(Tensor x) {
        return x.relu().add(x.abs().neg().exp().add(1).log());
    }

    /** Writes the distributions down as whole frequencies, for coding with the weights as they are now. */
    public void freeze() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            int count = 2 * REACH + 1;
            Tensor numbers = Tensor.arange(count)
                    .to(DType.FLOAT32)
                    .sub(REACH)
                    .to(state().get("bias0").device())
                    .reshape(1, 1, count)
                    .expand(channels, 1, count);
            double[] probabilities = probability(numbers).toDoubles();
            long[] frequencies = new long[Sizes.product(channels, count)];
            for (int c = 0; c < channels; c++) {
                double[] own = java.util.Arrays.copyOfRange(probabilities, c * count, (c + 1) * count);
                int[] whole = FrequencyTable.of(-REACH, own).frequencies();
                for (int i = 0; i < count; i++) {
                    frequencies[c * count + i] = whole[i];
                }
            }
            state().get("frequencies").copy_(Tensor.of(frequencies, channels, count));
        }
    }

    /**
     * The frozen distributions, one for each channel.
     *
     * @throws IllegalStateException if {@link #freeze} was never called on these weights
     * @throws FormatException if what the weights hold are no frequencies
     */
    public List<FrequencyTable> tables() {
        int count = 2 * REACH + 1;
        long[] frequencies = state().get("frequencies").toLongs();
        if (LongStream.of(frequencies).allMatch(frequency -> frequency == 0)) {
            throw new IllegalStateException("factorized prior: has no frequencies yet, freeze it after training");
        }
        var tables = new ArrayList<FrequencyTable>();
        for (int c = 0; c < channels; c++) {
            int[] own = new int[count];
            for (int i = 0; i < count; i++) {
                long frequency = frequencies[c * count + i];
                own[i] = (int)
                        Math.max(-1, Math.min(Integer.MAX_VALUE, frequency)); // refused below if it is no frequency
            }
            try {
                tables.add(FrequencyTable.ofFrequencies(-REACH, own));
            } catch (IllegalArgumentException e) {
                throw new FormatException("the weights are damaged: of channel %s, %s".formatted(c, e.getMessage()));
            }
        }
        return tables;
    }
}
