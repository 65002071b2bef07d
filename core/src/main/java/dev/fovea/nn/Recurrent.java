package dev.fovea.nn;

import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A recurrent network over sequences: {@code [N, T, in]} to {@code [N, T, directions hidden]}.
 *
 * <p>The vanilla one is the textbook's, {@code h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)} (Elman 1990); the
 * others are LSTM (Hochreiter and Schmidhuber 1997) and GRU (Cho et al. 2014), written as in PyTorch, with its names:
 * {@code weight_ih_l0}, {@code weight_hh_l0}, {@code bias_ih_l0}, {@code bias_hh_l0}, and {@code _reverse} behind those of
 * the way back.
 *
 * <p>First weights: Glorot-uniform of the input, orthogonal of the state in each gate (Saxe et al. 2013), biases 0, of an
 * LSTM's forget gate 1 (Jozefowicz et al. 2015), so that it remembers before it has learned what to forget.
 */
public final class Recurrent extends Leaf {

    /** To find first weights that are orthogonal takes time with the cube of it: of this number about a second a gate. */
    private static final int MOST_HIDDEN = 2048;

    /** What passes from step to step. */
    public enum Cell {
        RNN("rnn_tanh", 1),
        LSTM("lstm", 4),
        GRU("gru", 3);

        private final String kernel;
        private final int gates;

        Cell(String kernel, int gates) {
            this.kernel = kernel;
            this.gates = gates;
        }
    }

    /** What each step gives, [N, T, directions hidden], and the states after the last: a tensor, of an LSTM two. */
    public record Run(Tensor outputs, List<Tensor> state) {}

    private final Cell cell;
    private final int hidden;
    private final int layers;
    private final boolean bidirectional;
    private final double dropout;
    private final List<String> names = new ArrayList<>();

    /**
     * @param in values of a step
     * @param hidden values of the state
     * @param layers one above the other
     * @param bidirectional whether a second network reads from the end, its outputs beside those of the first
     * @param dropout share zeroed between layers while training, 0 to below 1
     */
    public Recurrent(Cell cell, int in, int hidden, int layers, boolean bidirectional, double dropout) {
        super(cell.name().toLowerCase(Locale.ROOT));
        if (in < 1 || hidden < 1 || layers < 1 || dropout < 0 || dropout >= 1) {
            throw new IllegalArgumentException(
                    "recurrent: in, hidden and layers must be positive and dropout 0 to below 1, got %s, %s, %s, %s"
                            .formatted(in, hidden, layers, dropout));
        }
        if (hidden > MOST_HIDDEN) {
            throw new IllegalArgumentException(
                    "recurrent: hidden must be at most %s, got hidden=%s".formatted(MOST_HIDDEN, hidden));
        }
        this.cell = cell;
        this.hidden = hidden;
        this.layers = layers;
        this.bidirectional = bidirectional;
        this.dropout = dropout;
        int directions = bidirectional ? 2 : 1;
        for (int layer = 0; layer < layers; layer++) {
            for (int direction = 0; direction < directions; direction++) {
                String end = "_l" + layer + (direction == 1 ? "_reverse" : "");
                long rows = cell.gates * (long) hidden;
                add("weight_ih" + end, Init.GLOROT_UNIFORM, rows, layer == 0 ? in : directions * (long) hidden);
                add("weight_hh" + end, Initializer.orthogonal().inParts(cell.gates), rows, hidden);
                add("bias_ih" + end, this::forgetting, rows);
                add("bias_hh" + end, Initializer.ZEROS, rows);
            }
        }
    }

    private void add(String name, Initializer initializer, long... shape) {
        state().parameter(name, initializer, shape);
        names.add(name);
    }

    private void forgetting(Tensor bias, Random random) {
        bias.fill_(0);
        if (cell == Cell.LSTM) {
            bias.narrow(0, hidden, hidden).fill_(1);
        }
    }

    /** How many values a step gives. */
    public int outputs() {
        return bidirectional ? 2 * hidden : hidden;
    }

    /** What each step gives, from a state of zeros. */
    @Override
    public Tensor apply(Tensor x) {
        return run(x, zeros(x)).outputs();
    }

    /** The state before the first step. */
    public List<Tensor> zeros(Tensor x) {
        Tensor zeros = Tensor.zeros(layers * (bidirectional ? 2L : 1L), x.size(0), hidden)
                .to(x.type())
                .to(x.device());
        return cell == Cell.LSTM ? List.of(zeros, zeros) : List.of(zeros);
    }

    /** From a given state on; {@link #zeros} for the first. */
    public Run run(Tensor x, List<Tensor> from) {
        return run(
                x,
                from,
                (input, state, weights, count) ->
                        input.recurrent(cell.kernel, state, weights, count, bidirectional, state().training()));
    }

    /** libtorch's, of so many layers: outputs, then the states after the last step. */
    @FunctionalInterface
    private interface Kernel {
        List<Tensor> run(Tensor x, List<Tensor> state, List<Tensor> weights, int layers);
    }

    /** All layers at once, or with dropout between them, which the kernel itself would draw from a stream of the process. */
    private Run run(Tensor x, List<Tensor> from, Kernel kernel) {
        List<Tensor> weights = names.stream().map(name -> state().get(name)).toList();
        if (!state().drops() || dropout == 0) {
            List<Tensor> all = kernel.run(x, from, weights, layers);
            return new Run(all.get(0), all.subList(1, all.size()));
        }
        int directions = bidirectional ? 2 : 1;
        int each = weights.size() / layers;
        var states = new ArrayList<List<Tensor>>();
        Tensor y = x;
        for (int layer = 0; layer < layers; layer++) {
            int first = layer * directions;
            y = layer == 0 ? x : Dropout.Unit.ELEMENT.drop(y, dropout, state().random());
            List<Tensor> own =
                    from.stream().map(s -> s.narrow(0, first, directions)).toList();
            List<Tensor> all = kernel.run(y, own, weights.subList(layer * each, (layer + 1) * each), 1);
            y = all.get(0);
            states.add(all.subList(1, all.size()));
        }
        return new Run(
                y,
                IntStream.range(0, from.size())
                        .mapToObj(i ->
                                Tensor.cat(states.stream().map(s -> s.get(i)).toList(), 0))
                        .toList());
    }

    /**
     * From zeros, over sequences of different lengths: a step beyond its sequence's length changes nothing, its output is
     * 0, and the state of a sequence is that after its own last step.
     *
     * @param lengths of each sequence, 1 to T
     */
    public Run run(Tensor x, int[] lengths) {
        int count = Math.toIntExact(x.size(0));
        int steps = Math.toIntExact(x.size(1));
        if (lengths.length != count || Arrays.stream(lengths).anyMatch(l -> l < 1 || l > steps)) {
            throw new IllegalArgumentException("recurrent: lengths must be %s numbers from 1 to %s, got %s"
                    .formatted(count, steps, Arrays.toString(lengths)));
        }
        int[] order = IntStream.range(0, count)
                .boxed()
                .sorted((a, b) -> lengths[b] - lengths[a])
                .mapToInt(Integer::intValue)
                .toArray();
        int longest = lengths[order[0]];
        var sizes = new long[longest];
        var rows = new ArrayList<Long>();
        long[] place = new long[Sizes.product(count, steps)];
        Arrays.fill(place, Arrays.stream(lengths).sum()); // a row of zeros behind the last
        for (int t = 0; t < longest; t++) {
            for (int n : order) {
                if (t < lengths[n]) {
                    sizes[t]++;
                    place[n * steps + t] = rows.size();
                    rows.add((long) n * steps + t);
                }
            }
        }
        long[] packed = rows.stream().mapToLong(Long::longValue).toArray();
        Tensor data = x.reshape((long) count * steps, -1)
                .indexSelect(0, Tensor.of(packed, packed.length).to(x.device()));
        Tensor together = Tensor.of(sizes, longest);
        Run run = run(
                data,
                zeros(x),
                (input, state, weights, some) -> input.recurrentPacked(
                        cell.kernel, together, state, weights, some, bidirectional, state().training()));
        Tensor padded = Tensor.cat(
                List.of(
                        run.outputs(),
                        Tensor.zeros(1, outputs()).to(run.outputs().type()).to(x.device())),
                0);
        Tensor outputs = padded.indexSelect(0, Tensor.of(place, place.length).to(x.device()))
                .reshape(count, steps, outputs());
        long[] back = new long[count];
        for (int rank = 0; rank < count; rank++) {
            back[order[rank]] = rank;
        }
        Tensor unsorted = Tensor.of(back, count).to(x.device());
        return new Run(
                outputs,
                run.state().stream()
                        .map(state -> state.indexSelect(1, unsorted))
                        .toList());
    }

    /**
     * From zeros, the gradient passing back at most {@code steps} steps: the sequence is cut into such parts, the state
     * goes on from part to part, its gradient does not (truncated backpropagation through time, Williams and Peng 1990).
     */
    public Run runTruncated(Tensor x, int steps) {
        if (bidirectional || steps < 1) {
            throw new IllegalArgumentException(
                    "recurrent: truncation wants one direction and at least 1 step, got steps=" + steps);
        }
        var outputs = new ArrayList<Tensor>();
        List<Tensor> state = zeros(x);
        for (long from = 0; from < x.size(1); from += steps) {
            Run part = run(x.narrow(1, from, Math.min(steps, x.size(1) - from)), state);
            outputs.add(part.outputs());
            state = part.state().stream().map(Tensor::detach).toList();
        }
        return new Run(Tensor.cat(outputs, 1), state);
    }
}
