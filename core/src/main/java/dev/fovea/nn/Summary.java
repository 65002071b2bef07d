package dev.fovea.nn;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    public static Summary of(Layer net, int channels, int height, int width) {
        return of(net, channels, 1, height, width);
    }

    /** Runs one empty clip of so many frames through {@code net}; of 1, an image. */
    public static Summary of(Layer net, int channels, int frames, int height, int width) {
        Map<Layer, String> names = new IdentityHashMap<>();
        name("", net, names);
        var rows = new ArrayList<Row>();
        boolean training = net.state().training();
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor image = frames > 1
                    ? Tensor.zeros(1, channels, frames, height, width)
                    : Tensor.zeros(1, channels, height, width);
            Leaf.traced(
                    (leaf, in, out) -> {
                        long[] shape = out.shape();
                        rows.add(new Row(
                                names.getOrDefault(leaf, ""),
                                leaf.kind(),
                                Shape.of(Arrays.copyOfRange(shape, 1, shape.length))
                                        .toString(),
                                leaf.state().parameterCount(),
                                leaf.macs(in, out)));
                    },
                    () -> net.forward(image));
        } finally {
            net.state().train(training);
        }
        return new Summary(List.copyOf(rows), net.state().parameterCount());
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

    private static void name(String path, Layer layer, Map<Layer, String> names) {
        names.put(layer, path);
        if (layer instanceof Net net) {
            net.children().forEach((name, child) -> name(path.isEmpty() ? name : path + "." + name, child, names));
        }
    }
}
