package dev.fovea.explain;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.function.UnaryOperator;

/**
 * What is left of an image under random masks: grids of cells, half of which are kept, enlarged without hard edges and shifted by
 * a part of a cell. What is masked has the mean colour of the image. The masks are the same in every run.
 *
 * @param masks how many
 * @param atOnce how many of them the network sees together, at most; a power of two that divides {@code masks}
 * @param cells of a grid in each direction
 */
record RandomMasks(int masks, int atOnce, int cells) {

    private static final double KEPT = 0.5;

    /** Values of the images that a network sees together: it needs some hundred times as much memory. */
    private static final long MOST_VALUES = 12L << 20;

    /**
     * The mean of the masks, each weighted by how well the network still answers.
     *
     * @param input [1, C, H, W]
     * @param weights of what the masks leave of it, [n, C, H, W] to [n]
     * @param progress in masks
     * @return from 0, [H][W]; the largest is 1
     */
    float[][] mean(Tensor input, UnaryOperator<Tensor> weights, Explainer.Progress progress) {
        int seen = together(input);
        long height = input.size(2);
        long width = input.size(3);
        long cellHeight = (height + cells - 1) / cells;
        long cellWidth = (width + cells - 1) / cells;
        var random = Random.of(new Seed(1));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor blank = Blank.of(input);
            Tensor difference = input.sub(blank);
            Tensor sum = Tensor.zeros(height, width).to(input.device());
            Tensor covered = Tensor.zeros(height, width).to(input.device());
            for (int from = 0; from < masks; from += seen) {
                progress.at(from, masks);
                try (var batch = new Scope()) {
                    Tensor grids = Tensor.zeros(seen, 1, cells + 1, cells + 1).bernoulli_(random, KEPT);
                    Tensor wide = grids.upsampleBilinear((cells + 1) * cellHeight, (cells + 1) * cellWidth);
                    Tensor drawn = wide.narrow(2, (long) (random.next() * cellHeight), height)
                            .narrow(3, (long) (random.next() * cellWidth), width)
                            .to(input.device());
                    Tensor weight = weights.apply(blank.add(difference.mul(drawn)));
                    Tensor flat = drawn.squeeze(1).flatten(1, 2);
                    sum.add_(weight.unsqueeze(0).matmul(flat).reshape(height, width), 1);
                    covered.add_(drawn.sum(0, 1), 1);
                }
            }
            Tensor map = sum.div(covered.clamp(1e-6, masks));
            return Grid.positive(map.sub(map.min().expand(height, width)));
        }
    }

    private int together(Tensor input) {
        int together = atOnce;
        while (together > 1 && together * input.elements() > MOST_VALUES) {
            together /= 2;
        }
        return together;
    }
}
