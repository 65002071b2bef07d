package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operations that move values and leave them what they are, and those that make tensors from nothing. */
final class LayoutConversions {

    static final Map<Op, Conversion> ALL = all();

    private LayoutConversions() {}

    private static Map<Op, Conversion> all() {
        var all = new EnumMap<Op, Conversion>(Op.class);
        List.of(Op.TO_DEVICE, Op.CONTIGUOUS, Op.CHANNELS_LAST, Op.COPY, Op.DETACH)
                .forEach(op -> all.put(op, (step, graph) -> graph.out(graph.in(0))));
        all.put(Op.TO_TYPE, (step, graph) -> graph.out(graph.in(0, step.made())));
        all.put(Op.CAT, LayoutConversions::cat);
        all.put(Op.STACK, LayoutConversions::stack);
        List.of(Op.RESHAPE, Op.FLATTEN)
                .forEach(op -> all.put(
                        op, (step, graph) -> graph.out(reshaped(graph.in(0), step.shape(0), step.made(0), graph))));
        all.put(Op.SQUEEZE, LayoutConversions::squeeze);
        all.put(
                Op.UNSQUEEZE,
                (step, graph) -> graph.out(unsqueezed(graph.in(0), graph, Step.dim(step.whole(0), step.rank(0) + 1))));
        all.put(Op.PERMUTE, LayoutConversions::permute);
        all.put(Op.TRANSPOSE, LayoutConversions::transpose);
        all.put(Op.EXPAND, LayoutConversions::expand);
        all.put(Op.NARROW, LayoutConversions::narrow);
        all.put(Op.SELECT, LayoutConversions::select);
        all.put(
                Op.INDEX_SELECT,
                (step, graph) ->
                        graph.out(graph.node("Gather", List.of(graph.in(0), graph.in(1)), "axis", step.dim(0))));
        all.put(
                Op.GATHER,
                (step, graph) -> graph.out(
                        graph.node("GatherElements", List.of(graph.in(0), graph.in(1)), "axis", step.dim(0))));
        all.put(
                Op.EMBEDDING,
                (step, graph) -> graph.out(graph.node("Gather", List.of(graph.in(1), graph.in(0)), "axis", 0)));
        all.put(Op.FLIP, LayoutConversions::flip);
        all.put(Op.ROLL, LayoutConversions::roll);
        all.put(Op.ZEROS, (step, graph) -> filled(graph.number(0, step.made()), step, graph));
        all.put(Op.FULL, (step, graph) -> filled(graph.number(step.real(0), step.made()), step, graph));
        all.put(Op.ARANGE, LayoutConversions::arange);
        return all;
    }

    private static void cat(Step step, GraphBuilder graph) {
        List<String> inputs = IntStream.range(0, step.first().inputs().size())
                .mapToObj(i -> graph.in(i, step.made()))
                .toList();
        graph.out(graph.node("Concat", inputs, "axis", step.dim(0)));
    }

    private static void stack(Step step, GraphBuilder graph) {
        int dim = Step.dim(step.whole(0), step.rank(0) + 1);
        List<String> inputs = IntStream.range(0, step.first().inputs().size())
                .mapToObj(i -> unsqueezed(graph.in(i, step.made()), graph, dim))
                .toList();
        graph.out(graph.node("Concat", inputs, "axis", dim));
    }

    static String unsqueezed(String x, NodeBuilder graph, long... dims) {
        return graph.node("Unsqueeze", List.of(x, graph.wholes(dims)));
    }

    /** In another shape: sizes that stay are copied, one that hangs on others is left for the runtime to find out. */
    static String reshaped(String x, List<Size> from, List<Size> to, GraphBuilder graph) {
        if (from.equals(to)) {
            return x;
        }
        int open = -1;
        for (int i = 0; i < to.size(); i++) {
            if (!to.get(i).isFixed() && !stays(from, to, i)) {
                open = i;
            }
        }
        var sizes = new ArrayList<Size>();
        for (int i = 0; i < to.size(); i++) {
            int recordings = to.get(i).each().size();
            sizes.add(
                    i == open
                            ? Size.fixed(-1, recordings)
                            : stays(from, to, i) && !to.get(i).isFixed() ? Size.fixed(0, recordings) : to.get(i));
        }
        return graph.node("Reshape", List.of(x, graph.sizes(sizes)));
    }

    private static boolean stays(List<Size> from, List<Size> to, int dim) {
        return dim < from.size() && from.get(dim).equals(to.get(dim));
    }

    private static void squeeze(Step step, GraphBuilder graph) {
        Size size = step.shape(0).get(step.dim(0));
        graph.out(size.is(1) ? graph.node("Squeeze", List.of(graph.in(0), graph.wholes(step.dim(0)))) : graph.in(0));
    }

    private static void permute(Step step, GraphBuilder graph) {
        long[] dims = step.wholes(0);
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Step.dim(dims[i], dims.length);
        }
        graph.out(graph.node("Transpose", List.of(graph.in(0)), "perm", dims));
    }

    private static void transpose(Step step, GraphBuilder graph) {
        int rank = step.rank(0);
        graph.out(swapped(graph.in(0), rank, Step.dim(step.whole(0), rank), Step.dim(step.whole(1), rank), graph));
    }

    static String swapped(String x, int rank, int a, int b, GraphBuilder graph) {
        long[] dims = LongStream.range(0, rank).toArray();
        dims[a] = b;
        dims[b] = a;
        return graph.node("Transpose", List.of(x), "perm", dims);
    }

    /** Sizes that stay need no number: 1 keeps them. */
    private static void expand(Step step, GraphBuilder graph) {
        List<Size> from = step.shape(0);
        List<Size> to = step.made(0);
        int more = to.size() - from.size();
        var sizes = new ArrayList<Size>();
        for (int i = 0; i < to.size(); i++) {
            boolean same = i >= more && from.get(i - more).equals(to.get(i));
            sizes.add(same ? Size.fixed(1, step.recordings()) : to.get(i));
        }
        graph.out(graph.node("Expand", List.of(graph.in(0), graph.sizes(sizes))));
    }

    private static void narrow(Step step, GraphBuilder graph) {
        int dim = step.dim(0);
        Size start = step.size(1);
        Size end = start.plus(step.size(2));
        Size whole = step.shape(0).get(dim);
        if (start.is(0) && end.equals(whole)) {
            graph.out(graph.in(0));
            return;
        }
        String to = end.equals(whole) ? graph.wholes(Long.MAX_VALUE) : graph.size(end);
        graph.out(graph.node("Slice", List.of(graph.in(0), graph.size(start), to, graph.wholes(dim))));
    }

    private static void select(Step step, GraphBuilder graph) {
        int dim = step.dim(0);
        String slice = graph.node("Gather", List.of(graph.in(0), graph.size(step.size(1))), "axis", dim);
        graph.out(graph.node("Squeeze", List.of(slice, graph.wholes(dim))));
    }

    private static void flip(Step step, GraphBuilder graph) {
        long[] dims = step.wholes(0);
        long[] back = new long[dims.length];
        long[] before = new long[dims.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Step.dim(dims[i], step.rank(0));
        }
        Arrays.fill(back, -1);
        Arrays.fill(before, Long.MIN_VALUE);
        graph.out(graph.node(
                "Slice",
                List.of(
                        graph.in(0),
                        graph.wholes(back),
                        graph.wholes(before),
                        graph.wholes(dims),
                        graph.wholes(back))));
    }

    /** What leaves at the end comes in at the start. */
    private static void roll(Step step, GraphBuilder graph) {
        long[] shifts = step.wholes(0);
        long[] dims = step.wholes(1);
        String x = graph.in(0);
        for (int i = 0; i < dims.length; i++) {
            long dim = Step.dim(dims[i], step.rank(0));
            if (shifts[i] == 0) {
                continue;
            }
            String at = graph.wholes(-shifts[i]);
            String behind = graph.node("Slice", List.of(x, at, graph.wholes(Long.MAX_VALUE), graph.wholes(dim)));
            String before = graph.node("Slice", List.of(x, graph.wholes(0), at, graph.wholes(dim)));
            x = graph.node("Concat", List.of(behind, before), "axis", dim);
        }
        graph.out(x);
    }

    private static void filled(String number, Step step, GraphBuilder graph) {
        graph.out(graph.node("Expand", List.of(number, graph.sizes(step.made(0)))));
    }

    private static void arange(Step step, GraphBuilder graph) {
        String end = graph.node("Squeeze", List.of(graph.size(step.size(0)), graph.wholes(0)));
        graph.out(graph.node("Range", List.of(graph.number(0, DType.INT64), end, graph.number(1, DType.INT64))));
    }
}
