package dev.fovea.nn.detect;

import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The anchors of SSD (Liu et al. 2015, <a href="https://arxiv.org/abs/1512.02325">1512.02325</a>, section 2.2): of each map a square
 * of its scale, one between its scale and the next map's, and for each proportion a wide and a tall box.
 *
 * @param ratios of each map: long side over short side
 * @param scales of each map and one more: sides as shares of the image's, 0 to 1
 * @param steps pixels from one place of a map to the next; none for the image's side over the map's
 */
public record DefaultBoxes(List<List<Integer>> ratios, List<Double> scales, List<Integer> steps) {

    public DefaultBoxes {
        ratios = ratios.stream().map(List::copyOf).toList();
        scales = List.copyOf(scales);
        steps = List.copyOf(steps);
        if (scales.size() != ratios.size() + 1 || !steps.isEmpty() && steps.size() != ratios.size()) {
            throw new IllegalArgumentException(
                    "default boxes: there must be one scale more than maps, and no step or one a map, got %s maps, %s scales, %s steps"
                            .formatted(ratios.size(), scales.size(), steps.size()));
        }
    }

    /** Scales from {@code least} to {@code most} in equal steps, and 1. */
    public static List<Double> scales(double least, double most, int maps) {
        var scales = new ArrayList<Double>();
        for (int k = 0; k < maps; k++) {
            scales.add(least + (most - least) * k / (maps - 1.0));
        }
        scales.add(1.0);
        return scales;
    }

    /** Boxes at a place of map {@code level}. */
    public int at(int level) {
        return 2 + 2 * ratios.get(level).size();
    }

    /**
     * The boxes of some maps.
     *
     * @param maps [N, C, H, W] each, as many as there are lists of proportions
     * @param height of the images, in pixels
     * @param width of the images, in pixels
     */
    public Anchors of(List<Tensor> maps, int height, int width) {
        int[] counts = new int[maps.size()];
        int all = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Math.toIntExact(maps.get(i).size(2) * maps.get(i).size(3) * at(i));
            all += counts[i];
        }
        var boxes = new float[4 * all];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            at = fill(boxes, at, i, maps.get(i), height, width);
        }
        return new Anchors(boxes, counts);
    }

    private int fill(float[] boxes, int from, int level, Tensor map, int height, int width) {
        int rows = (int) map.size(2);
        int columns = (int) map.size(3);
        float placesX = (float) (steps.isEmpty() ? columns : width / (double) steps.get(level));
        float placesY = (float) (steps.isEmpty() ? rows : height / (double) steps.get(level));
        float[] sides = sides(level);
        int at = from;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                for (int i = 0; i < sides.length; i += 2) {
                    float middleX = (x + 0.5f) / placesX;
                    float middleY = (y + 0.5f) / placesY;
                    boxes[at++] = (middleX - 0.5f * sides[i]) * width;
                    boxes[at++] = (middleY - 0.5f * sides[i + 1]) * height;
                    boxes[at++] = (middleX + 0.5f * sides[i]) * width;
                    boxes[at++] = (middleY + 0.5f * sides[i + 1]) * height;
                }
            }
        }
        return at;
    }

    /** Widths and heights as shares, at most 1. */
    private float[] sides(int level) {
        double scale = scales.get(level);
        double between = Math.sqrt(scale * scales.get(level + 1));
        var sides = new ArrayList<>(List.of(scale, scale, between, between));
        for (int ratio : ratios.get(level)) {
            double root = Math.sqrt(ratio);
            sides.addAll(List.of(scale * root, scale / root, scale / root, scale * root));
        }
        float[] shares = new float[sides.size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (float) Math.min(1, sides.get(i));
        }
        return shares;
    }
}
