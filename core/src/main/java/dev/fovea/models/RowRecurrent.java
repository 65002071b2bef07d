package dev.fovea.models;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Net;
import dev.fovea.nn.Recurrent;

/**
 * A picture read as a sequence by a recurrent network whose last state decides (Le et al. 2015, <a
 * href="https://arxiv.org/abs/1504.00941">1504.00941</a>, for pixels).
 */
public final class RowRecurrent extends Net implements Stepping {

    /** What a step is. */
    enum Read {
        /** One row, from the top. */
        ROWS,
        /** One column, from the left. */
        COLUMNS,
        /** One pixel, row by row. */
        PIXELS
    }

    /**
     * @param hidden values of the state
     * @param layers one above the other
     * @param truncate steps that gradients pass back, or 0 for all of them
     */
    record Config(Recurrent.Cell cell, Read read, int hidden, int layers, int truncate) {}

    private final Config config;
    private final Recurrent recurrent;
    private final Dense head;

    RowRecurrent(Config config, int channels, int height, int width, int classes) {
        this.config = config;
        int values = switch (config.read()) {
            case ROWS -> channels * width;
            case COLUMNS -> channels * height;
            case PIXELS -> channels;
        };
        recurrent = add("recurrent", new Recurrent(config.cell(), values, config.hidden(), config.layers(), false, 0));
        head = add("head", new Dense(config.hidden(), classes, true));
    }

    @Override
    public Tensor steps(Tensor x) { // (N, C, H, W)
        return switch (config.read()) {
            case ROWS -> x.permute(0, 2, 3, 1).flatten(2, 3);
            case COLUMNS -> x.permute(0, 3, 2, 1).flatten(2, 3);
            case PIXELS -> x.permute(0, 2, 3, 1).flatten(1, 2);
        };
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor steps = steps(x).contiguous(); // (N, T, values of a step)
        try (var exact = Autocast.off(x.device())) {
            Tensor outputs = config.truncate() > 0 && state().training()
                    ? recurrent.runTruncated(steps, config.truncate()).outputs()
                    : recurrent.forward(steps);
            return head.forward(outputs.select(1, outputs.size(1) - 1)); // (N, classes), logits
        }
    }
}
