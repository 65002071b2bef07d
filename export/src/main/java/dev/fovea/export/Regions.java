package dev.fovea.export;

import dev.fovea.engine.DType;
import java.util.ArrayList;
import java.util.List;

/** Nodes that choose boxes of one image and take what feature maps hold within them. */
final class Regions {

    /** Side and level of the pyramid at which a box the size of ImageNet's images is looked at. */
    private static final double CANONICAL = 224;

    private static final int LEVEL = 4;
    private static final double EPS = 1e-6;

    /** From here on the operator can take half a cell off, which detectors here do not. */
    private static final int HALF_PIXEL = 16;

    /** The score of a box that is left out. */
    private static final float NEVER = -1;

    private final NodeBuilder nodes;
    private final int height;
    private final int width;

    Regions(NodeBuilder nodes, int height, int width) {
        this.nodes = nodes;
        this.height = height;
        this.width = width;
    }

    /** Boxes [..., 4] cut at the image's edges. */
    String inside(String boxes) {
        String edges =
                nodes.initializer(OnnxTensor.of("image_edges", List.of(4L), (float) width, height, width, height));
        return nodes.node("Min", List.of(nodes.node("Max", List.of(boxes, number(0))), edges));
    }

    /** Scores [...] of boxes [..., 4]; of those that are less than {@code least} pixels wide or high, {@link #NEVER}. */
    String large(String boxes, String scores, int rank, double least) {
        String sides = nodes.node("Sub", List.of(part(boxes, rank, 2, 4), part(boxes, rank, 0, 2)));
        String shorter = rank(nodes, sides, rank);
        String small = nodes.node("Less", List.of(shorter, number(least)));
        return nodes.node("Where", List.of(small, number(NEVER), scores));
    }

    private static String rank(NodeBuilder nodes, String sides, int rank) {
        String width = nodes.node("Gather", List.of(sides, nodes.wholes(0)), "axis", rank - 1);
        String height = nodes.node("Gather", List.of(sides, nodes.wholes(1)), "axis", rank - 1);
        return nodes.node("Squeeze", List.of(nodes.node("Min", List.of(width, height)), nodes.wholes(rank - 1)));
    }

    private String part(String boxes, int rank, int from, int to) {
        return nodes.node("Slice", List.of(boxes, nodes.wholes(from), nodes.wholes(to), nodes.wholes(rank - 1)));
    }

    private String number(double value) {
        return nodes.number(value, DType.FLOAT32);
    }

    /** Rows of {@code from} at {@code places}. */
    String at(String from, String places) {
        return nodes.node("Gather", List.of(from, places), "axis", 0);
    }

    /** One column [M] of rows [M, n]. */
    String column(String rows, long column) {
        String narrow = nodes.node("Gather", List.of(rows, nodes.wholes(column)), "axis", 1);
        return nodes.node("Squeeze", List.of(narrow, nodes.wholes(1)));
    }

    /** The places of the best {@code most} of scores [M], the best first. */
    String best(String scores, int most) {
        String all = nodes.node("Concat", List.of(nodes.node("Shape", List.of(scores)), nodes.wholes(most)), "axis", 0);
        String count = ArithmeticConversions.least(all, nodes);
        return nodes.nodes("TopK", 2, List.of(scores, count), "axis", 0).get(1);
    }

    /**
     * What maps hold within boxes, each box at the map that suits its size.
     *
     * @param maps the finest first
     * @param scales cells of each for each pixel
     * @param boxes [R, 4]
     */
    String pooled(List<String> maps, List<Double> scales, String boxes, int side) {
        String levels = levels(boxes, scales);
        String rows = nodes.node("Gather", List.of(nodes.node("Shape", List.of(boxes)), nodes.wholes(0)), "axis", 0);
        String images = nodes.node("Expand", List.of(nodes.number(0, DType.INT64), rows));
        var sum = new ArrayList<String>();
        for (int level = 0; level < maps.size(); level++) {
            var how = new ArrayList<Object>(List.of(
                    "output_height",
                    side,
                    "output_width",
                    side,
                    "sampling_ratio",
                    2,
                    "spatial_scale",
                    scales.get(level)));
            if (nodes.opset() >= HALF_PIXEL) {
                how.addAll(List.of("coordinate_transformation_mode", "output_half_pixel"));
            }
            String all = nodes.node("RoiAlign", List.of(maps.get(level), boxes, images), how.toArray());
            String own = nodes.cast(nodes.node("Equal", List.of(levels, number(level))), DType.FLOAT32);
            sum.add(nodes.node("Mul", List.of(all, LayoutConversions.unsqueezed(own, nodes, 1, 2, 3))));
        }
        return sum.size() == 1 ? sum.get(0) : nodes.node("Sum", sum);
    }

    /** The place of the map that each box belongs to, [R]. */
    private String levels(String boxes, List<Double> scales) {
        double finest = Math.rint(-Math.log(scales.get(0)) / Math.log(2));
        double last = Math.rint(-Math.log(scales.get(scales.size() - 1)) / Math.log(2)) - finest;
        String sides = nodes.node("Sub", List.of(part(boxes, 2, 2, 4), part(boxes, 2, 0, 2)));
        String area = nodes.node("Mul", List.of(column(sides, 0), column(sides, 1)));
        String share = nodes.node("Div", List.of(nodes.node("Sqrt", List.of(area)), number(CANONICAL)));
        String octaves = nodes.node("Div", List.of(nodes.node("Log", List.of(share)), number(Math.log(2))));
        String level = nodes.node("Floor", List.of(nodes.node("Add", List.of(octaves, number(LEVEL + EPS)))));
        String own = nodes.node("Sub", List.of(level, number(finest)));
        return nodes.node("Clip", List.of(own, number(0), number(last)));
    }
}
