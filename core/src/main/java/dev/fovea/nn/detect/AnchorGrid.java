package dev.fovea.nn.detect;

import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * Anchors of some sizes and proportions at each place of feature maps (Faster R-CNN, Ren et al. 2015, <a
 * href="https://arxiv.org/abs/1506.01497">1506.01497</a>), their middles at the cells' upper left corners and their sides whole
 * pixels, as torchvision's.
 *
 * @param sizes of each map: roots of the anchors' areas, in pixels
 * @param ratios height over width of each
 */
public record AnchorGrid(List<List<Integer>> sizes, List<Double> ratios) {

    public AnchorGrid {
        sizes = sizes.stream().map(List::copyOf).toList();
        ratios = List.copyOf(ratios);
    }

    /** Sizes at a place of map {@code level}. */
    public int at(int level) {
        return sizes.get(level).size() * ratios.size();
    }

    /**
     * The anchors of some maps.
     *
     * @param maps [N, C, H, W] each, as many as there are lists of sizes
     * @param height of the images, in pixels
     * @param width of the images, in pixels
     */
    public Anchors of(List<Tensor> maps, int height, int width) {
        if (maps.size() != sizes.size()) {
            throw new IllegalArgumentException(
                    "anchors: there are sizes for %s maps, got %s".formatted(sizes.size(), maps.size()));
        }
        int[] counts = new int[maps.size()];
        int all = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Math.toIntExact(maps.get(i).size(2) * maps.get(i).size(3) * at(i));
            all += counts[i];
        }
        float[] boxes = new float[4 * all];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            int rows = (int) maps.get(i).size(2);
            int columns = (int) maps.get(i).size(3);
            float[] shapes = shapes(sizes.get(i));
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    for (int edge = 0; edge < shapes.length; edge++) {
                        int shift = edge % 2 == 0 ? x * (width / columns) : y * (height / rows);
                        boxes[at++] = shapes[edge] + shift;
                    }
                }
            }
        }
        return new Anchors(boxes, counts);
    }

    /** The anchors around (0, 0): of the first proportion those of all sizes, and so on. */
    private float[] shapes(List<Integer> ofMap) {
        float[] shapes = new float[4 * ofMap.size() * ratios.size()];
        int at = 0;
        for (double ratio : ratios) {
            float tall = (float) Math.sqrt((float) ratio);
            float wide = 1 / tall;
            for (int size : ofMap) {
                shapes[at++] = (float) Math.rint(-wide * size / 2);
                shapes[at++] = (float) Math.rint(-tall * size / 2);
                shapes[at++] = (float) Math.rint(wide * size / 2);
                shapes[at++] = (float) Math.rint(tall * size / 2);
            }
        }
        return shapes;
    }
}
