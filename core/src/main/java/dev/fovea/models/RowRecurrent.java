package dev.fovea.models;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Net;
import dev.fovea.nn.Recurrent;
import dev.fovea.nn.Recurrent.Cell;

/**
 * A picture read as a sequence, row by row from the top or pixel by pixel, by a recurrent network whose last state
 * decides (Le et al. 2015, <a href="https://arxiv.org/abs/1504.00941">1504.00941</a>, for pixels).
 */
public final class RowRecurrent extends Net {

    private final Recurrent recurrent;
    private final Dense head;
    private final boolean pixels;

    /**
     * @param pixels whether a step is one pixel; otherwise one row
     * @param hidden values of the state
     */
    RowRecurrent(Cell cell, int channels, int width, int hidden, int layers, boolean pixels, int classes) {
        this.pixels = pixels;
        recurrent =
                add("recurrent", new Recurrent(cell, pixels ? channels : channels * width, hidden, layers, false, 0));
        head = add("head", new Dense(hidden, classes, true));
    }

    @Override
    public Tensor forward(Tensor x) { // (N, C, H, W)
        Tensor rows = x.permute(0, 2, 3, 1); // (N, H, W, C)
        Tensor steps = pixels ? rows.flatten(1, 2) : rows.flatten(2, 3); // (N, T, values of a step)
        try (var exact = Autocast.off(x.device())) {
            Tensor outputs = recurrent.forward(steps.contiguous());
            return head.forward(outputs.select(1, outputs.size(1) - 1)); // (N, classes), logits
        }
    }
}
