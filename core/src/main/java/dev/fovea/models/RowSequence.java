package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Recurrent;
import dev.fovea.nn.Recurrent.Cell;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.List;

/**
 * An image read as a sequence, [N, C, H, W] to logits [N, classes] (Le et al. 2015, <a
 * href="https://arxiv.org/abs/1504.00941">1504.00941</a>, for pixels).
 */
public final class RowSequence extends Net implements SequenceNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            recurrent("row-rnn", Cell.RNN, "https://doi.org/10.1207/s15516709cog1402_1"),
            recurrent("row-lstm", Cell.LSTM, "https://doi.org/10.1162/neco.1997.9.8.1735"),
            recurrent("row-gru", Cell.GRU, "https://arxiv.org/abs/1406.1078"),
            ModelEntry.row("row-tcn", new TcnConfig(64, 4, Read.ROWS), "https://arxiv.org/abs/1803.01271"),
            ModelEntry.row(
                    "row-transformer",
                    new TransformerConfig(64, 2, 4, 0, Read.ROWS),
                    "https://arxiv.org/abs/1706.03762"));

    private static ModelEntry recurrent(String name, Cell cell, String paper) {
        return ModelEntry.row(name, new RnnConfig(cell, 128, 1, Read.ROWS, 0), paper);
    }

    /**
     * By a recurrent network.
     *
     * @param hidden units of a layer
     * @param read what a step is
     * @param truncate steps that gradients pass back, or 0 for all of them
     */
    record RnnConfig(Cell cell, int hidden, int layers, Read read, int truncate) implements NetConfig {

        RnnConfig {
            NetConfig.positive("hidden", hidden);
            NetConfig.positive("layers", layers);
            NetConfig.range("truncate", truncate, 0, SequenceReader.MOST_STEPS);
        }

        @Override
        public Module create(Shape images, int classes) {
            return of(
                    read,
                    images,
                    numbers -> new SequenceReader.RnnReader(
                            new Recurrent(cell, numbers, hidden, layers, false, 0), false, truncate),
                    classes);
        }
    }

    /**
     * By temporal convolutions.
     *
     * @param width channels
     * @param depth number of them
     * @param read what a step is
     */
    record TcnConfig(int width, int depth, Read read) implements NetConfig {

        TcnConfig {
            NetConfig.positive("width", width);
            NetConfig.positive("depth", depth);
        }

        @Override
        public Module create(Shape images, int classes) {
            return of(read, images, numbers -> new SequenceReader.TemporalConvReader(numbers, width, depth), classes);
        }
    }

    /**
     * By a transformer.
     *
     * @param width of the tokens
     * @param depth number of blocks
     * @param positions learned ones, or 0 for sinusoids
     * @param read what a step is
     */
    record TransformerConfig(int width, int depth, int heads, int positions, Read read) implements NetConfig {

        TransformerConfig {
            NetConfig.positive("width", width);
            NetConfig.positive("depth", depth);
            NetConfig.positive("heads", heads);
            NetConfig.range("positions", positions, 0, SequenceReader.MOST_STEPS);
        }

        @Override
        public Module create(Shape images, int classes) {
            return of(
                    read,
                    images,
                    numbers -> new SequenceReader.TransformerReader(numbers, width, depth, heads, positions),
                    classes);
        }
    }

    private static RowSequence of(Read read, Shape images, SequenceReader.Of reader, int classes) {
        int numbers = read.values(images.channels(), images.height(), images.width());
        return new RowSequence(read, reader.numbers(numbers), classes);
    }

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
