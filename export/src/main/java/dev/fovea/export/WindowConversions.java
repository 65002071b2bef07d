package dev.fovea.export;

import dev.fovea.engine.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Convolutions, pooling, resizing and what else looks at images by windows. */
final class WindowConversions {

    static final Map<Op, Conversion> ALL = all();

    private WindowConversions() {}

    private static Map<Op, Conversion> all() {
        var all = new EnumMap<Op, Conversion>(Op.class);
        all.put(Op.CONV2D, WindowConversions::conv);
        all.put(Op.CONV3D, WindowConversions::conv);
        all.put(Op.CONV_TRANSPOSE2D, WindowConversions::transposed);
        all.put(Op.PAD, WindowConversions::pad);
        all.put(Op.MAX_POOL2D, WindowConversions::maxPool);
        all.put(Op.AVG_POOL2D, WindowConversions::avgPool);
        all.put(Op.ADAPTIVE_AVG_POOL2D, WindowConversions::adaptiveAvg);
        all.put(Op.ADAPTIVE_MAX_POOL2D, WindowConversions::adaptiveMax);
        all.put(
                Op.UPSAMPLE_NEAREST,
                (step, graph) -> resize(
                        step,
                        graph,
                        "mode",
                        "nearest",
                        "coordinate_transformation_mode",
                        "asymmetric",
                        "nearest_mode",
                        "floor"));
        all.put(
                Op.UPSAMPLE_BILINEAR,
                (step, graph) -> resize(step, graph, "mode", "linear", "coordinate_transformation_mode", "half_pixel"));
        all.put(
                Op.UPSAMPLE_BICUBIC,
                (step, graph) -> resize(
                        step,
                        graph,
                        "mode",
                        "cubic",
                        "coordinate_transformation_mode",
                        "half_pixel",
                        "cubic_coeff_a",
                        -0.75));
        all.put(
                Op.PIXEL_SHUFFLE,
                (step, graph) -> graph.out(
                        graph.node("DepthToSpace", List.of(graph.in(0)), "blocksize", step.whole(0), "mode", "CRD")));
        all.put(Op.PIXEL_UNSHUFFLE, WindowConversions::unshuffle);
        return all;
    }

    /** The same at both ends of each side. */
    private static long[] bothEnds(long[] padding) {
        long[] both = Arrays.copyOf(padding, 2 * padding.length);
        System.arraycopy(padding, 0, both, padding.length, padding.length);
        return both;
    }

    private static List<String> weighted(Step step, GraphBuilder graph) {
        var inputs = new ArrayList<>(List.of(graph.in(0), graph.in(1)));
        if (step.present(2)) {
            inputs.add(graph.in(2));
        }
        return inputs;
    }

    private static void conv(Step step, GraphBuilder graph) {
        graph.out(graph.node(
                "Conv",
                weighted(step, graph),
                "strides",
                step.wholes(0),
                "pads",
                bothEnds(step.wholes(1)),
                "dilations",
                step.wholes(2),
                "group",
                step.whole(3)));
    }

    private static void transposed(Step step, GraphBuilder graph) {
        graph.out(graph.node(
                "ConvTranspose",
                weighted(step, graph),
                "strides",
                step.wholes(0),
                "pads",
                bothEnds(step.wholes(1)),
                "output_padding",
                step.wholes(2),
                "dilations",
                step.wholes(3),
                "group",
                step.whole(4)));
    }

    /** Zeros are given from the last dimension on, before and behind each; ONNX wants all befores first. */
    private static void pad(Step step, GraphBuilder graph) {
        long[] zeros = step.wholes(0);
        int rank = step.rank(0);
        long[] pads = new long[2 * rank];
        for (int i = 0; i < zeros.length / 2; i++) {
            pads[rank - 1 - i] = zeros[2 * i];
            pads[2 * rank - 1 - i] = zeros[2 * i + 1];
        }
        graph.out(graph.node("Pad", List.of(graph.in(0), graph.wholes(pads))));
    }

    private static void maxPool(Step step, GraphBuilder graph) {
        graph.out(graph.node(
                "MaxPool",
                List.of(graph.in(0)),
                "kernel_shape",
                step.wholes(0),
                "strides",
                step.wholes(1),
                "pads",
                bothEnds(step.wholes(2)),
                "ceil_mode",
                step.flag(3) ? 1 : 0));
    }

    private static void avgPool(Step step, GraphBuilder graph) {
        graph.out(graph.node(
                "AveragePool",
                List.of(graph.in(0)),
                "kernel_shape",
                step.wholes(0),
                "strides",
                step.wholes(1),
                "pads",
                bothEnds(step.wholes(2)),
                "count_include_pad",
                1));
    }

    /** To one pixel whatever comes; else as products with matrices of the windows. */
    private static void adaptiveAvg(Step step, GraphBuilder graph) {
        if (step.size(0).is(1) && step.size(1).is(1)) {
            graph.out(ArithmeticConversions.mean(graph.in(0), graph, true, 2, 3));
            return;
        }
        if (step.shape(0).subList(2, 4).equals(step.made(0).subList(2, 4))) {
            graph.out(graph.in(0));
            return;
        }
        String rows = AdaptiveWindows.means(step.shape(0).get(2), step.whole(0), false, graph);
        String columns = AdaptiveWindows.means(step.shape(0).get(3), step.whole(1), true, graph);
        String high = graph.node("MatMul", List.of(rows, graph.in(0)));
        graph.out(graph.node("MatMul", List.of(high, columns)));
    }

    private static void adaptiveMax(Step step, GraphBuilder graph) {
        if (step.size(0).is(1) && step.size(1).is(1)) {
            graph.out(ArithmeticConversions.max(graph.in(0), graph, true, 2, 3));
            return;
        }
        long height = fixed(step, 2);
        long width = fixed(step, 3);
        if (height % step.whole(0) != 0 || width % step.whole(1) != 0) {
            throw new NotExportableException(
                    "%s: the largest of %sx%s windows of %sx%s values has no form in ONNX. Take a size that they divide"
                            .formatted(step.place(), step.whole(0), step.whole(1), height, width));
        }
        long[] window = {height / step.whole(0), width / step.whole(1)};
        graph.out(graph.node("MaxPool", List.of(graph.in(0)), "kernel_shape", window, "strides", window));
    }

    private static long fixed(Step step, int dim) {
        Size size = step.shape(0).get(dim);
        if (!size.isFixed()) {
            throw new SizeDependentException("%s: pools to %sx%s windows, which hang on the size of the images"
                    .formatted(
                            step.place(),
                            step.made(0).get(2).value(),
                            step.made(0).get(3).value()));
        }
        return size.value();
    }

    private static void resize(Step step, GraphBuilder graph, Object... how) {
        List<Size> from = step.shape(0);
        List<Size> to = step.made(0);
        if (from.equals(to)) {
            graph.out(graph.in(0));
            return;
        }
        Size high = to.get(2).with(from.get(2), WindowConversions::times);
        Size wide = to.get(3).with(from.get(3), WindowConversions::times);
        boolean whole = high.isFixed() && wide.isFixed() && high.value() > 0 && wide.value() > 0;
        graph.out(
                whole
                        ? graph.node(
                                "Resize", List.of(graph.in(0), "", graph.reals(1, 1, high.value(), wide.value())), how)
                        : graph.node("Resize", List.of(graph.in(0), "", "", graph.sizes(to)), how));
    }

    private static long times(long large, long small) {
        return large % small == 0 ? large / small : -1;
    }

    /** ONNX has the places of a block outside of the channels, libtorch within. */
    private static void unshuffle(Step step, GraphBuilder graph) {
        long factor = step.whole(0);
        long channels = step.shape(0).get(1).value();
        String outside = graph.node("SpaceToDepth", List.of(graph.in(0)), "blocksize", factor);
        long[] order = LongStream.range(0, channels * factor * factor)
                .map(i -> i % (factor * factor) * channels + i / (factor * factor))
                .toArray();
        graph.out(graph.node("Gather", List.of(outside, graph.wholes(order)), "axis", 1));
    }
}
