package dev.fovea.export;

import dev.fovea.engine.DType;
import java.util.List;
import java.util.stream.LongStream;

/** Pooling to a given number of windows, as matrices. */
final class AdaptiveWindows {

    private AdaptiveWindows() {}

    /** The same for a size that may hang on the image's. */
    static String means(Size size, long windows, boolean turned, GraphBuilder graph) {
        if (size.isFixed()) {
            return graph.initializer(means(size.value(), windows, turned));
        }
        long[] numbers = LongStream.range(0, windows).toArray();
        String number = LayoutConversions.unsqueezed(graph.wholes(numbers), graph, 1); // [windows, 1]
        String whole = graph.size(size);
        String count = graph.wholes(windows);
        String from = graph.node("Div", List.of(graph.node("Mul", List.of(number, whole)), count));
        String next = graph.node("Mul", List.of(graph.node("Add", List.of(number, graph.wholes(1))), whole));
        String to = graph.node("Div", List.of(graph.node("Add", List.of(next, graph.wholes(windows - 1))), count));
        String end = graph.node("Squeeze", List.of(whole, graph.wholes(0)));
        String places = graph.node("Range", List.of(graph.number(0, DType.INT64), end, graph.number(1, DType.INT64)));
        String within = graph.node(
                "And",
                List.of(graph.node("GreaterOrEqual", List.of(places, from)), graph.node("Less", List.of(places, to))));
        String ones = graph.cast(within, DType.FLOAT32);
        String sums = graph.node("ReduceSum", List.of(ones, graph.wholes(1)), "keepdims", 1);
        String shares = graph.node("Div", List.of(ones, sums));
        return turned ? LayoutConversions.swapped(shares, 2, 0, 1, graph) : shares;
    }

    /**
     * The matrix [windows, size] whose product with values is the mean of each window, as libtorch cuts them: from {@code
     * floor(i size / windows)} to before {@code ceil((i + 1) size / windows)}.
     *
     * @param turned whether it is [size, windows]
     */
    private static OnnxTensor means(long size, long windows, boolean turned) {
        float[] shares = new float[Math.toIntExact(size * windows)];
        for (long window = 0; window < windows; window++) {
            long from = window * size / windows;
            long to = ((window + 1) * size + windows - 1) / windows;
            for (long i = from; i < to; i++) {
                shares[(int) (turned ? i * windows + window : window * size + i)] = 1f / (to - from);
            }
        }
        String name = "windows_%s_of_%s%s".formatted(windows, size, turned ? "_turned" : "");
        return OnnxTensor.of(name, turned ? List.of(size, windows) : List.of(windows, size), shares);
    }
}
