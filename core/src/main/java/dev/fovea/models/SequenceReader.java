package dev.fovea.models;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Net;
import dev.fovea.nn.Positions;
import dev.fovea.nn.Recurrent;
import dev.fovea.nn.TemporalConv;
import dev.fovea.nn.TransformerBlock;
import java.util.ArrayList;
import java.util.List;

/** Reads sequences: {@code [N, T, D]} to one vector of each, {@code [N, width]}. */
abstract sealed class SequenceReader extends Net implements Layer {

    /** The longest sequence that an option may speak of; 1,048,576. */
    static final int MOST_STEPS = 1 << 20;

    /** Builds one for steps of so many values. */
    interface Of {
        SequenceReader numbers(int count);
    }

    /** The output after a step, [1, width], and the state for the next one. */
    record Step(Tensor output, List<Tensor> state) {}

    /** The length of its output. */
    abstract int width();

    /** Before the first step. */
    List<Tensor> start() {
        throw new IllegalArgumentException(
                "stream: this network must see the whole clip at once; cnn-rnn with bidirectional=false and cnn-tcn need not");
    }

    /** One step more, [1, 1, D]. */
    Step step(Tensor next, List<Tensor> state) {
        throw new IllegalStateException("stream: start said no");
    }

    /** The last output of a recurrent network; of one in both directions, the last of each. */
    static final class RnnReader extends SequenceReader {

        private final Recurrent recurrent;
        private final boolean bidirectional;
        private final int truncate;

        /** @param truncate steps that gradients pass back, or 0 for all of them */
        RnnReader(Recurrent recurrent, boolean bidirectional, int truncate) {
            this.recurrent = add("recurrent", recurrent);
            this.bidirectional = bidirectional;
            this.truncate = truncate;
        }

        @Override
        int width() {
            return recurrent.outputs();
        }

        @Override
        public Tensor apply(Tensor steps) {
            try (var exact = Autocast.off(steps.device())) {
                Tensor exactly = steps.to(DType.FLOAT32).contiguous();
                Tensor outputs = truncate > 0 && state().training()
                        ? recurrent.runTruncated(exactly, truncate).outputs()
                        : recurrent.forward(exactly);
                Tensor last = outputs.select(1, outputs.size(1) - 1);
                if (!bidirectional) {
                    return last;
                }
                long half = outputs.size(2) / 2;
                return Tensor.cat(
                        List.of(last.narrow(1, 0, half), outputs.select(1, 0).narrow(1, half, half)), 1);
            }
        }

        @Override
        List<Tensor> start() {
            return bidirectional ? super.start() : List.of();
        }

        @Override
        Step step(Tensor next, List<Tensor> state) {
            Recurrent.Run run = recurrent.run(next, state.isEmpty() ? recurrent.zeros(next) : state);
            return new Step(run.outputs().select(1, 0), run.state());
        }
    }

    /** The mean over time of a transformer's output. */
    static final class TransformerReader extends SequenceReader {

        private final int width;
        private final Dense in;
        private final Positions positions;
        private final List<TransformerBlock> blocks = new ArrayList<>();
        private final LayerNorm norm;

        /** @param most steps of learned positions, 0 for sines and cosines */
        TransformerReader(int in, int width, int depth, int heads, int most) {
            this.width = width;
            this.in = add("in", new Dense(in, width, true));
            positions = add("positions", new Positions(most, width));
            for (int i = 0; i < depth; i++) {
                blocks.add(add("block" + i, new TransformerBlock(width, heads, false)));
            }
            norm = add("norm", new LayerNorm(1e-5, width));
        }

        @Override
        int width() {
            return width;
        }

        @Override
        public Tensor apply(Tensor steps) {
            Tensor x = positions.forward(in.forward(steps));
            for (TransformerBlock block : blocks) {
                x = block.forward(x);
            }
            return norm.forward(x).mean(1);
        }
    }

    /**
     * The last step of a stack of causal convolutions, each with twice the receptive field of the one below. Only the
     * steps are computed that the last one needs: every second one of those below, so that a stride takes the place of
     * dilation.
     */
    static final class TemporalConvReader extends SequenceReader {

        private static final int KERNEL = 3;

        private final int width;
        private final Dense in;
        private final List<TemporalConv> convs = new ArrayList<>();

        TemporalConvReader(int in, int width, int depth) {
            this.width = width;
            this.in = add("in", new Dense(in, width, true));
            for (int i = 0; i < depth; i++) {
                convs.add(add("conv" + i, new TemporalConv(width, width, KERNEL, 1, 2)));
            }
        }

        @Override
        int width() {
            return width;
        }

        @Override
        public Tensor apply(Tensor steps) {
            Tensor x = in.forward(steps);
            for (TemporalConv conv : convs) {
                x = everySecond(x).add(conv.forward(x).relu());
            }
            return x.select(1, x.size(1) - 1);
        }

        /** Counted back from the last. */
        private static Tensor everySecond(Tensor x) {
            Tensor even = x.size(1) % 2 == 0 ? x : Tensor.cat(List.of(x.narrow(1, 0, 1), x), 1);
            return even.reshape(x.size(0), even.size(1) / 2, 2, x.size(2)).select(2, 1);
        }

        @Override
        List<Tensor> start() {
            return List.of();
        }

        /** The state is the steps so far, as many as the receptive field has. */
        @Override
        Step step(Tensor next, List<Tensor> state) {
            Tensor all = state.isEmpty() ? next : Tensor.cat(List.of(state.get(0), next), 1);
            long seen = 1 + (KERNEL - 1) * ((1L << convs.size()) - 1);
            long kept = Math.min(all.size(1), seen);
            Tensor window = all.narrow(1, all.size(1) - kept, kept);
            return new Step(apply(window), List.of(window));
        }
    }
}
