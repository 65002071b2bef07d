package dev.fovea.explain;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/**
 * RISE (Petsiuk et al. 2018, <a href="https://arxiv.org/abs/1806.07421">1806.07421</a>): the mean of many random masks, each
 * weighted by the probability of the class for what it leaves of the image. What is masked has the mean colour of the image.
 * The masks are the same in every run.
 */
public final class Rise implements Explainer {

    private static final int MASKS = 1024;
    private static final int AT_ONCE = 32;
    private static final int CELLS = 7;
    private static final double KEPT = 0.5;

    @Override
    public String word() {
        return "rise";
    }

    @Override
    public String needs() {
        return "images as its input";
    }

    @Override
    public boolean fits(Layer net) {
        return true;
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        long height = input.size(2);
        long width = input.size(3);
        long cellHeight = (height + CELLS - 1) / CELLS;
        long cellWidth = (width + CELLS - 1) / CELLS;
        var random = Random.of(new Seed(1));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor blank = Blank.of(input);
            Tensor difference = input.sub(blank);
            Tensor sum = Tensor.zeros(height, width).to(input.device());
            Tensor covered = Tensor.zeros(height, width).to(input.device());
            for (int from = 0; from < MASKS; from += AT_ONCE) {
                try (var batch = new Scope()) {
                    Tensor cells =
                            Tensor.zeros(AT_ONCE, 1, CELLS + 1, CELLS + 1).bernoulli_(random, KEPT);
                    Tensor wide = cells.upsampleBilinear((CELLS + 1) * cellHeight, (CELLS + 1) * cellWidth);
                    Tensor masks = wide.narrow(2, (long) (random.next() * cellHeight), height)
                            .narrow(3, (long) (random.next() * cellWidth), width)
                            .to(input.device());
                    Tensor probabilities = net.forward(blank.add(difference.mul(masks)))
                            .softmax(1)
                            .select(1, label);
                    Tensor flat = masks.squeeze(1).flatten(1, 2);
                    sum.add_(probabilities.unsqueeze(0).matmul(flat).reshape(height, width), 1);
                    covered.add_(masks.sum(0, 1), 1);
                }
            }
            Tensor map = sum.div(covered.clamp(1e-6, MASKS));
            return Grid.positive(map.sub(map.min().expand(height, width)));
        }
    }
}
