package dev.fovea.export;

import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Recurrent layers. ONNX has one operator a layer, with time before the batch, other orders of gates and all directions in
 * one tensor of weights.
 */
final class RecurrentConversion implements Conversion {

    /** How ONNX has one kind: which of libtorch's gates comes where. */
    private enum Kind {
        RNN("RNN", 0),
        LSTM("LSTM", 0, 3, 1, 2),
        GRU("GRU", 1, 0, 2);

        private final String op;
        private final int[] gates;

        Kind(String op, int... gates) {
            this.op = op;
            this.gates = gates;
        }

        static Kind of(String word) {
            return word.equals("lstm") ? LSTM : word.equals("gru") ? GRU : RNN;
        }
    }

    @Override
    public void write(Step step, GraphBuilder graph) {
        Kind kind = Kind.of(step.get(0, String.class));
        int states = kind == Kind.LSTM ? 2 : 1;
        int layers = (int) step.whole(1);
        int directions = step.flag(2) ? 2 : 1;
        long hidden = step.shape(1).get(2).value();
        List<Size> shape = step.made(0);
        if (!step.shape(0).get(2).isFixed()) {
            throw new SizeDependentException(
                    "%s: the values of a step hang on the size of the images".formatted(step.place()));
        }
        String x = LayoutConversions.swapped(graph.in(0), 3, 0, 1, graph); // (T, N, in)
        List<List<String>> last = List.of(new ArrayList<>(), new ArrayList<>());
        for (int layer = 0; layer < layers; layer++) {
            int first = 1 + states + 4 * directions * layer;
            var inputs = new ArrayList<>(List.of(
                    x,
                    weights(graph, step, kind, first, directions, 0),
                    weights(graph, step, kind, first, directions, 1),
                    biases(graph, step, kind, first, directions),
                    ""));
            for (int state = 0; state < states; state++) {
                inputs.add(layers == 1 ? graph.in(1 + state) : slice(graph, graph.in(1 + state), layer, directions));
            }
            List<String> made = graph.nodes(kind.op, 1 + states, inputs, attributes(kind, hidden, directions));
            for (int state = 0; state < states; state++) {
                last.get(state).add(made.get(1 + state));
            }
            String turned = graph.node( // (T, directions, N, hidden) to (T, N, directions, hidden)
                    "Transpose", List.of(made.get(0)), "perm", new long[] {0, 2, 1, 3});
            x = graph.node("Reshape", List.of(turned, graph.wholes(0, 0, directions * hidden)));
        }
        graph.out(0, LayoutConversions.swapped(x, shape.size(), 0, 1, graph));
        for (int state = 0; state < states; state++) {
            List<String> all = last.get(state);
            graph.out(1 + state, all.size() == 1 ? all.get(0) : graph.node("Concat", all, "axis", 0));
        }
    }

    private static Object[] attributes(Kind kind, long hidden, int directions) {
        String direction = directions == 2 ? "bidirectional" : "forward";
        return kind == Kind.GRU
                ? new Object[] {"hidden_size", hidden, "direction", direction, "linear_before_reset", 1}
                : new Object[] {"hidden_size", hidden, "direction", direction};
    }

    private static String slice(GraphBuilder graph, String states, int layer, int directions) {
        long from = (long) layer * directions;
        return graph.node(
                "Slice", List.of(states, graph.wholes(from), graph.wholes(from + directions), graph.wholes(0)));
    }

    /** @param which 0 for those of the input, 1 for those of the state */
    private static String weights(GraphBuilder graph, Step step, Kind kind, int first, int directions, int which) {
        Tensor all = LayerConversions.exactly(() -> {
            var each = new ArrayList<Tensor>();
            for (int direction = 0; direction < directions; direction++) {
                each.add(ordered(kind, graph.constant(first + 4 * direction + which)));
            }
            return Tensor.stack(each, 0);
        });
        return graph.initializer(step.layer() + (which == 0 ? ".W" : ".R") + first, all);
    }

    /** Those of the input, then those of the state. */
    private static String biases(GraphBuilder graph, Step step, Kind kind, int first, int directions) {
        Tensor all = LayerConversions.exactly(() -> {
            var each = new ArrayList<Tensor>();
            for (int direction = 0; direction < directions; direction++) {
                each.add(Tensor.cat(
                        List.of(
                                ordered(kind, graph.constant(first + 4 * direction + 2)),
                                ordered(kind, graph.constant(first + 4 * direction + 3))),
                        0));
            }
            return Tensor.stack(each, 0);
        });
        return graph.initializer(step.layer() + ".B" + first, all);
    }

    /** Rows of gates in ONNX's order. */
    private static Tensor ordered(Kind kind, Tensor rows) {
        long each = rows.size(0) / kind.gates.length;
        var gates = new ArrayList<Tensor>();
        for (int gate : kind.gates) {
            gates.add(rows.narrow(0, gate * each, each));
        }
        return Tensor.cat(gates, 0);
    }
}
