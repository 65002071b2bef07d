package dev.fovea.nn;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Recorder;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The layers of a network as Keras' {@code summary()} shows them: name, output shape, parameters, multiply-adds.
 *
 * @param rows one per layer without children, in the order of the forward pass
 * @param parameters of the whole network
 */
public record Summary(List<Row> rows, long parameters) {

    /**
     * One layer.
     *
     * @param shape of its output, the batch left out
     * @param macs multiply-adds for one image
     */
    public record Row(String name, String kind, String shape, long parameters, long macs) {}

    /** Runs one empty image through {@code net}. */
    public static Summary of(Module net, int channels, int height, int width) {
        return of(net, channels, 1, height, width);
    }

    /** Runs one empty clip of so many frames through {@code net}; of 1, an image. */
    public static Summary of(Module net, int channels, int frames, int height, int width) {
        boolean training = net.state().training();
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad();
                var recorder = new Recorder()) {
            Tensor image = frames > 1
                    ? Tensor.zeros(1, channels, frames, height, width)
                    : Tensor.zeros(1, channels, height, width);
            net.state().undrawn(() -> Traceable.run(net, image));
            return new Summary(rows(net, recorder), net.state().parameterCount());
        } finally {
            net.state().train(training);
        }
    }

    /** A row for each pass of a leaf, and one for each operation outside of them that costs something. */
    private static List<Row> rows(Module net, Recorder recorder) {
        Map<Object, String> names = names(net);
        var rows = new ArrayList<Row>();
        int done = 0;
        for (Recorder.Pass pass : recorder.passes()) {
            if (pass.layer() instanceof Leaf leaf) {
                between(recorder.calls().subList(done, pass.from()), names, rows);
                rows.add(new Row(
                        names.getOrDefault(leaf, ""),
                        leaf.kind(),
                        shape(pass.output()),
                        leaf.state().parameterCount(),
                        MultiplyAdds.of(recorder.calls().subList(pass.from(), pass.to()))));
                done = pass.to();
            }
        }
        between(recorder.calls().subList(done, recorder.calls().size()), names, rows);
        return List.copyOf(rows);
    }

    private static void between(List<Recorder.Call> calls, Map<Object, String> names, List<Row> rows) {
        calls.stream()
                .filter(call -> MultiplyAdds.of(call) > 0)
                .map(call -> new Row(
                        path(call, names),
                        call.op().toString(),
                        shape(call.outputs().get(0)),
                        0,
                        MultiplyAdds.of(call)))
                .forEach(rows::add);
    }

    private static String shape(Recorder.Value value) {
        return new Shape(value.shape().subList(1, value.shape().size())).toString();
    }

    /** The name of the innermost layer that has one. */
    static String path(Recorder.Call call, Map<Object, String> names) {
        return call.layers().stream().map(names::get).filter(Objects::nonNull).reduce("", (outer, inner) -> inner);
    }

    /** Of all layers of a network, as in its state; its own is empty. */
    static Map<Object, String> names(Module net) {
        var names = new IdentityHashMap<Object, String>();
        name("", net, names);
        return names;
    }

    /** Multiply-adds of the whole network for one image. */
    public long macs() {
        return rows.stream().mapToLong(Row::macs).sum();
    }

    /** The table as text. */
    @Override
    public String toString() {
        int width = Math.max(
                12, rows.stream().mapToInt(row -> label(row).length()).max().orElse(0));
        String line = "-".repeat(width + 50) + System.lineSeparator();
        var out = new StringBuilder(String.format(
                        Locale.ROOT,
                        "%-" + width + "s  %14s %14s %16s%n",
                        "layer",
                        "output shape",
                        "parameters",
                        "multiply-adds"))
                .append(line);
        rows.forEach(row -> out.append(String.format(
                Locale.ROOT,
                "%-" + width + "s  %14s %,14d %,16d%n",
                label(row),
                row.shape(),
                row.parameters(),
                row.macs())));
        return out.append(line)
                .append(String.format(
                        Locale.ROOT, "%-" + width + "s  %14s %,14d %,16d%n", "total", "", parameters, macs()))
                .toString();
    }

    private static String label(Row row) {
        return row.name().isEmpty() ? row.kind() : row.name() + " (" + row.kind() + ")";
    }

    private static void name(String path, Module module, Map<Object, String> names) {
        names.put(module, path);
        if (module instanceof Net net) {
            net.children().forEach((name, child) -> name(path.isEmpty() ? name : path + "." + name, child, names));
        }
    }
}
