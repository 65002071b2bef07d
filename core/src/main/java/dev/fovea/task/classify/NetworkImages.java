package dev.fovea.task.classify;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The inside of a classifier as images: what its first layer looks for, and what its feature maps find in an image. */
public final class NetworkImages {

    private static final int MOST_FILTERS = 128;
    private static final int COLUMNS = 8;
    private static final int FILTER_SIDE = 56;

    private NetworkImages() {}

    /**
     * The weights of the first layer as images: of a convolution over grey or colour images its filters, of a dense layer
     * those of each unit. Grey is 0, each is stretched so that its largest weight is black or white.
     *
     * @throws IllegalArgumentException if the first layer sees no pixels
     */
    public static BufferedImage filters(Classifier classifier) {
        int channels = classifier.config().preprocess().channels();
        int height = classifier.config().preprocess().height();
        int width = classifier.config().preprocess().width();
        for (Map.Entry<String, Tensor> weight :
                classifier.network().net().state().parameters().entrySet()) {
            Tensor filters = weight.getValue().detach();
            if (filters.dims() == 2 && filters.size(1) == (long) channels * height * width) {
                filters = filters.reshape(filters.size(0), channels, height, width);
            }
            if (filters.dims() == 4 && filters.size(1) == channels && filters.size(2) * filters.size(3) > 1) {
                return filters(weight.getKey(), filters);
            }
        }
        throw new IllegalArgumentException(
                "filters: '%s' has no first layer whose weights are images, as a convolution over pixels has"
                        .formatted(classifier.config().architecture()));
    }

    private static BufferedImage filters(String name, Tensor filters) {
        int count = (int) Math.min(MOST_FILTERS, filters.size(0));
        var tiles = new ArrayList<Tile>();
        for (int i = 0; i < count; i++) {
            tiles.add(new Tile(List.of(image(filters.select(0, i))), List.of(Integer.toString(i)), Mark.NONE));
        }
        String shown = filters.size(0) > count ? "the first %s of %s".formatted(count, filters.size(0)) : "" + count;
        return ContactSheet.draw(
                String.format(Locale.ROOT, "%s: %s filters of %dx%d", name, shown, filters.size(2), filters.size(3)),
                tiles,
                2 * COLUMNS);
    }

    /** [C, h, w] of 1 or 3 channels, the first three of more. */
    private static BufferedImage image(Tensor filter) {
        int height = (int) filter.size(1);
        int width = (int) filter.size(2);
        int channels = filter.size(0) == 3 ? 3 : 1;
        float[] values = filter.contiguous().toFloats();
        float most = 1e-12f;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < height * width; i++) {
            for (int c = 0; c < 3; c++) {
                float value = values[(channels == 3 ? c : 0) * height * width + i];
                pixels[3 * i + c] = (byte) Math.round(127.5 + 127.5 * value / most);
            }
        }
        int factor = Math.max(1, FILTER_SIDE / Math.max(height, width));
        return new Image(width, height, 3, pixels)
                .resize(width * factor, height * factor, Filter.NEAREST)
                .toBufferedImage();
    }

    /**
     * The strongest feature maps of an image at every size that the network has maps of, eight of each.
     *
     * @throws IllegalArgumentException if it has none
     */
    public static BufferedImage activations(Classifier classifier, Image image) {
        if (classifier.clips() || !(classifier.network().net() instanceof FeatureMaps maps) || !maps.hasMaps()) {
            throw new IllegalArgumentException("activations: '%s' has no feature maps of an image to show"
                    .formatted(classifier.config().architecture()));
        }
        Image seen = classifier.config().preprocess().apply(image);
        var tiles = new ArrayList<Tile>();
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            for (Tensor stage : maps.stages(classifier.network().normalized(seen))) {
                tiles.addAll(strongest(stage.select(0, 0), seen));
            }
        }
        return ContactSheet.draw(
                "The image as the network sees it, then its strongest feature maps of each size",
                tiles,
                COLUMNS + 1,
                List.of(HeatMap.legend("least", "most of each map")));
    }

    private static List<Tile> strongest(Tensor maps, Image seen) { // (F, h, w)
        float[] strengths = maps.abs().mean(1, 2).toFloats();
        var tiles = new ArrayList<Tile>();
        tiles.add(new Tile(
                List.of(seen.toBufferedImage()),
                List.of(String.format(Locale.ROOT, "%d maps %dx%d", maps.size(0), maps.size(2), maps.size(1))),
                Mark.NONE));
        IntStream.range(0, strengths.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -strengths[i]))
                .limit(COLUMNS)
                .forEach(i -> tiles.add(new Tile(
                        List.of(HeatMap.pixels(stretched(maps.select(0, i)))), List.of("channel " + i), Mark.NONE)));
        while (tiles.size() <= COLUMNS) {
            tiles.add(new Tile(List.of(new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB)), List.of(""), Mark.NONE));
        }
        return tiles;
    }

    /** From the least, 0, to the most, 1. */
    private static float[][] stretched(Tensor map) {
        int width = (int) map.size(1);
        float[] values = map.contiguous().toFloats();
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        float[][] rows = new float[values.length / width][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = most > least ? (values[i] - least) / (most - least) : 0;
        }
        return rows;
    }
}
