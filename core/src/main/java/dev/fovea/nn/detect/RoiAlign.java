package dev.fovea.nn.detect;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What feature maps hold within boxes, at a fixed size: each of {@code height x width} equal parts of a box becomes the mean of
 * bilinear samples (RoIAlign, He et al. 2017, <a href="https://arxiv.org/abs/1703.06870">1703.06870</a>, section 3).
 * Gradients reach the maps, not the boxes.
 *
 * <p>A part is a weighted sum of cells: the weights are products of those of its rows and of its columns, computed in Java, and the
 * sum, forwards and backwards, is libtorch's {@code embedding_bag} over the cells of maps that lie channels last.
 *
 * @param height parts from top to bottom
 * @param width parts from left to right
 * @param samples in each direction of a part; 0 for one to a cell that the part covers
 * @param aligned whether half a cell is taken off, so that the middles of cells meet those of pixels; without it a box is at least a
 *     cell wide and high, as in torchvision's detectors
 */
public record RoiAlign(int height, int width, int samples, boolean aligned) {

    /** Side and level of the pyramid at which a box the size of ImageNet's images is looked at (Lin et al. 2016, equation 1). */
    private static final double CANONICAL = 224;

    private static final int LEVEL = 4;
    private static final double EPS = 1e-6;

    public RoiAlign {
        if (height < 1 || width < 1 || samples < 0) {
            throw new IllegalArgumentException(
                    "roi align: height and width must be at least 1 and samples at least 0, got height=%s, width=%s, samples=%s"
                            .formatted(height, width, samples));
        }
    }

    /**
     * Of one map.
     *
     * @param map [N, C, H, W]
     * @param scale cells of the map for each pixel
     * @return [boxes, C, height, width], float32
     */
    public Tensor of(Tensor map, Regions regions, double scale) {
        return of(List.of(map), new double[] {scale}, regions, new int[regions.count()]);
    }

    /**
     * Of a pyramid, each box at the level of its size: from that of the finest on, one coarser with each doubling of its sides
     * (Lin et al. 2016, <a href="https://arxiv.org/abs/1612.03144">1612.03144</a>, equation 1).
     *
     * @param maps [N, C, H, W] each, the finest first, strides doubling
     * @param scales cells of each map for each pixel
     * @return [boxes, C, height, width], float32
     */
    public Tensor of(List<Tensor> maps, double[] scales, Regions regions) {
        return of(maps, scales, regions, levels(regions, scales));
    }

    /**
     * The same of one image of one channel, in Java alone: what of a mask lies in a box.
     *
     * @param values row by row, one where an object is seen and zero elsewhere
     * @param columns of the image
     * @param box of left, top, right and bottom at {@code [4 at, 4 at + 3]}, in pixels
     * @return means row by row, {@code [height width]}
     */
    public float[] of(byte[] values, int columns, float[] box, int at) {
        var vertical = new Axis(box[4 * at + 1], box[4 * at + 3], 1, height, values.length / columns);
        var horizontal = new Axis(box[4 * at], box[4 * at + 2], 1, width, columns);
        float[] means = new float[height * width];
        float[] row = new float[width];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < vertical.reach; i++) {
                float share = vertical.weights[y * vertical.reach + i];
                if (share != 0) {
                    horizontal.sums(values, (vertical.from[y] + i) * columns, row);
                    for (int x = 0; x < width; x++) {
                        means[y * width + x] += share * row[x];
                    }
                }
            }
        }
        return means;
    }

    /** The place of the map that each box is pooled from. */
    static int[] levels(Regions regions, double[] scales) {
        double finest = Math.rint(-Math.log(scales[0]) / Math.log(2));
        double last = Math.rint(-Math.log(scales[scales.length - 1]) / Math.log(2)) - finest;
        int[] levels = new int[regions.count()];
        for (int i = 0; i < levels.length; i++) {
            float[] boxes = regions.boxes();
            float area = (boxes[4 * i + 2] - boxes[4 * i]) * (boxes[4 * i + 3] - boxes[4 * i + 1]);
            double side = Math.sqrt(area);
            double level = Math.floor(LEVEL + (float) (Math.log(side / CANONICAL) / Math.log(2)) + EPS);
            levels[i] = (int) Math.max(0, Math.min(last, level - finest));
        }
        return levels;
    }

    private Tensor of(List<Tensor> maps, double[] scales, Regions regions, int[] levels) {
        long channels = maps.get(0).size(1);
        int count = regions.count();
        List<Tensor> cells = maps.stream()
                .map(map -> map.to(DType.FLOAT32).permute(0, 2, 3, 1).reshape(-1, channels)) // (N H W, C)
                .toList();
        if (count == 0) {
            return cells.get(0).narrow(0, 0, 0).reshape(0, channels, height, width);
        }
        var sums = new Sums(count * height * width);
        int[] first = new int[maps.size()];
        for (int level = 1; level < first.length; level++) {
            first[level] =
                    Math.toIntExact(first[level - 1] + cells.get(level - 1).size(0));
        }
        for (int i = 0; i < count; i++) {
            Tensor map = maps.get(levels[i]);
            int rows = (int) map.size(2);
            int columns = (int) map.size(3);
            float scale = (float) scales[levels[i]];
            float[] boxes = regions.boxes();
            var vertical = new Axis(boxes[4 * i + 1], boxes[4 * i + 3], scale, height, rows);
            var horizontal = new Axis(boxes[4 * i], boxes[4 * i + 2], scale, width, columns);
            sums.add(first[levels[i]] + regions.images()[i] * rows * columns, columns, vertical, horizontal);
        }
        Tensor all = cells.size() == 1 ? cells.get(0) : Tensor.cat(cells, 0);
        return sums.of(all)
                .reshape(count, height, width, channels)
                .permute(0, 3, 1, 2); // (boxes, C, height, width), channels last
    }

    /** One direction of a box: for each of its parts the cells in reach, and the weight of each. */
    private final class Axis {

        private final int[] from;
        private final float[] weights;
        private final int reach;

        Axis(float low, float high, float scale, int parts, int cells) {
            float offset = aligned ? 0.5f : 0;
            float start = low * scale - offset;
            float length = high * scale - offset - start;
            length = aligned ? length : Math.max(length, 1);
            float part = length / parts;
            int points = samples > 0 ? samples : (int) Math.ceil(length / parts);
            reach = (int) Math.min(cells, Math.ceil(Math.abs(part)) + 2);
            from = new int[parts];
            weights = new float[parts * reach];
            for (int p = 0; p < parts; p++) {
                from[p] = Math.max(0, Math.min(cells - reach, (int) Math.floor(start + p * part + Math.min(part, 0))));
                for (int i = 0; i < points; i++) {
                    float at = start + p * part + (i + 0.5f) * part / points;
                    if (at >= -1 && at <= cells) {
                        point(p * reach - from[p], Math.max(at, 0), cells, 1f / points);
                    }
                }
            }
        }

        /** Of a row of a mask, for each part. */
        void sums(byte[] values, int first, float[] into) {
            for (int p = 0; p < from.length; p++) {
                float sum = 0;
                for (int i = 0; i < reach; i++) {
                    sum += values[first + from[p] + i] == 0 ? 0 : weights[p * reach + i];
                }
                into[p] = sum;
            }
        }

        private void point(int first, float at, int cells, float share) {
            int low = Math.min((int) at, cells - 1);
            float beyond = low == cells - 1 ? 0 : at - low;
            weights[first + low] += share * (1 - beyond);
            if (beyond > 0) {
                weights[first + low + 1] += share * beyond;
            }
        }
    }

    /** Weighted sums of cells, one after another. */
    private static final class Sums {

        private final long[] begins;
        private long[] cells;
        private float[] weights;
        private int sums;
        private int size;

        Sums(int count) {
            begins = new long[count];
            cells = new long[16 * count];
            weights = new float[16 * count];
        }

        /** A sum for each part of a box whose map begins at cell {@code first}. */
        void add(int first, int columns, Axis vertical, Axis horizontal) {
            for (int y = 0; y < vertical.from.length; y++) {
                for (int x = 0; x < horizontal.from.length; x++) {
                    begins[sums++] = size;
                    room(vertical.reach * horizontal.reach);
                    for (int i = 0; i < vertical.reach; i++) {
                        float share = vertical.weights[y * vertical.reach + i];
                        if (share != 0) {
                            row(first + (vertical.from[y] + i) * columns, share, horizontal, x);
                        }
                    }
                }
            }
        }

        private void row(int first, float share, Axis horizontal, int x) {
            for (int j = 0; j < horizontal.reach; j++) {
                float weight = share * horizontal.weights[x * horizontal.reach + j];
                if (weight != 0) {
                    cells[size] = first + horizontal.from[x] + j;
                    weights[size++] = weight;
                }
            }
        }

        private void room(int more) {
            if (size + more > cells.length) {
                int larger = Math.max(size + more, 2 * cells.length);
                cells = Arrays.copyOf(cells, larger);
                weights = Arrays.copyOf(weights, larger);
            }
        }

        /** [all, C] to [sums, C]. */
        Tensor of(Tensor all) {
            Tensor indices = Tensor.of(Arrays.copyOf(cells, size), size).to(all.device());
            Tensor offsets = Tensor.of(begins, begins.length).to(all.device());
            Tensor shares = Tensor.of(Arrays.copyOf(weights, size), size).to(all.device());
            return Tensor.call("aten::embedding_bag", all, indices, offsets, false, 0, false, shares, false)
                    .get(0);
        }
    }
}
