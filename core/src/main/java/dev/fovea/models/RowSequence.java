package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sizes;

/**
 * An image read as a sequence, [N, C, H, W] to logits [N, classes] (Le et al. 2015, <a
 * href="https://arxiv.org/abs/1504.00941">1504.00941</a>, for pixels).
 */
public final class RowSequence extends Net implements SequenceNet {

    /** What a step is. */
    enum Read {
        /** One row, from the top. */
        ROWS,
        /** One column, from the left. */
        COLUMNS,
        /** One pixel, row by row. */
        PIXELS;

        int values(int channels, int height, int width) {
            return switch (this) {
                case ROWS -> Sizes.product(channels, width);
                case COLUMNS -> Sizes.product(channels, height);
                case PIXELS -> channels;
            };
        }
    }

    private final Read read;
    private final SequenceReader reader;
    private final Dense head;

    RowSequence(Read read, SequenceReader reader, int classes) {
        this.read = read;
        this.reader = add("reader", reader);
        head = add("head", new Dense(reader.width(), classes, true));
    }

    @Override
    public Tensor steps(Tensor x) { // (N, C, H, W)
        return switch (read) {
            case ROWS -> x.permute(0, 2, 3, 1).flatten(2, 3);
            case COLUMNS -> x.permute(0, 3, 2, 1).flatten(2, 3);
            case PIXELS -> x.permute(0, 2, 3, 1).flatten(1, 2);
        };
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor steps = steps(x).contiguous(); // (N, T, values of a step)
        return head.forward(reader.forward(steps)); // (N, classes), logits
    }
}
