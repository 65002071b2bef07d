package dev.fovea.explain;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Whether a class's probability depends on what a map says it depends on: how it changes as pixels are taken away or given in
 * the order of the map.
 *
 * @param deletion the probability after 0, 5, ..., 100 % of the pixels, those first that the map puts highest, have become
 *     blank (Petsiuk et al. 2018, <a href="https://arxiv.org/abs/1806.07421">1806.07421</a>)
 * @param insertion the probability after 0, 5, ..., 100 % of the pixels, the highest first, came back into a blurred image
 * @param most the probability after the highest 10, 30, 50, 70, 90 % were imputed from their surroundings (ROAD, Rong et al.
 *     2022, <a href="https://arxiv.org/abs/2202.00449">2202.00449</a>)
 * @param least the same after the lowest were
 */
public record Faithfulness(List<Double> deletion, List<Double> insertion, List<Double> most, List<Double> least) {

    private static final int STEPS = 20;
    private static final List<Double> IMPUTED = List.of(0.1, 0.3, 0.5, 0.7, 0.9);

    /** A blurred image has so many times fewer pixels a side. */
    private static final int BLUR = 8;

    public Faithfulness {
        deletion = List.copyOf(deletion);
        insertion = List.copyOf(insertion);
        most = List.copyOf(most);
        least = List.copyOf(least);
    }

    /**
     * Of one image.
     *
     * @param input as the network sees it, [1, C, H, W]
     * @param map [rows][columns], spread over the image
     * @param temperature that logits are divided by
     */
    public static Faithfulness of(Layer net, Tensor input, float[][] map, int label, double temperature) {
        int height = (int) input.size(2);
        int width = (int) input.size(3);
        var order = PixelOrder.of(map, height, width);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor blank = Blank.of(input);
            Tensor blurred = input.adaptiveAvgPool2d(Math.max(1, height / BLUR), Math.max(1, width / BLUR))
                    .upsampleBilinear(height, width);
            List<Double> shares = IntStream.rangeClosed(0, STEPS)
                    .mapToObj(i -> i / (double) STEPS)
                    .toList();
            Function<Tensor, Tensor> probability = images -> net.forward(images)
                    .mul(1 / temperature)
                    .softmax(1)
                    .select(1, label)
                    .contiguous();
            return new Faithfulness(
                    curve(probability, shares, share -> mixed(order.first(share), blank, input)),
                    curve(probability, shares, share -> mixed(order.first(share), input, blurred)),
                    curve(probability, IMPUTED, share -> imputed(input, order.first(share))),
                    curve(probability, IMPUTED, share -> imputed(input, order.last(share))));
        }
    }

    private static List<Double> curve(
            Function<Tensor, Tensor> probability, List<Double> shares, DoubleFunction<Tensor> image) {
        var images = new ArrayList<Tensor>();
        shares.forEach(share -> images.add(image.apply(share)));
        return Arrays.stream(probability.apply(Tensor.cat(images, 0)).toDoubles())
                .boxed()
                .toList();
    }

    /** {@code inside} where pixels are chosen, {@code outside} elsewhere. */
    private static Tensor mixed(boolean[] chosen, Tensor inside, Tensor outside) {
        float[] mask = new float[chosen.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = chosen[i] ? 1 : 0;
        }
        Tensor where = Tensor.of(mask, 1, 1, inside.size(2), inside.size(3)).to(inside.device());
        return outside.add(inside.sub(outside).mul(where));
    }

    private static Tensor imputed(Tensor input, boolean[] removed) {
        int height = (int) input.size(2);
        int width = (int) input.size(3);
        var imputation = new Imputation(removed, height, width);
        int channels = (int) input.size(1);
        float[] all = new float[channels * height * width];
        for (int c = 0; c < channels; c++) {
            float[] channel = input.select(0, 0).select(0, c).contiguous().toFloats();
            System.arraycopy(imputation.apply(channel, deviation(channel)), 0, all, c * channel.length, channel.length);
        }
        return Tensor.of(all, 1, channels, height, width).to(input.device());
    }

    private static double deviation(float[] values) {
        double mean = 0;
        double squares = 0;
        for (float value : values) {
            mean += value / (double) values.length;
            squares += (double) value * value / values.length;
        }
        return Math.sqrt(Math.max(0, squares - mean * mean));
    }

    /** Area under the deletion curve, 0 to 1: the lower, the more the first pixels mattered. */
    public double deletionArea() {
        return area(deletion);
    }

    /** Area under the insertion curve, 0 to 1: the higher, the more the first pixels suffice. */
    public double insertionArea() {
        return area(insertion);
    }

    /**
     * How much more probable the class stays without the lowest pixels than without the highest, the mean over all shares,
     * -1 to 1; a random map has about 0.
     */
    public double road() {
        return mean(least) - mean(most);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double area(List<Double> curve) {
        return IntStream.range(1, curve.size())
                .mapToDouble(i -> (curve.get(i - 1) + curve.get(i)) / 2 / (curve.size() - 1))
                .sum();
    }

    /** The mean of several. */
    public static Faithfulness average(List<Faithfulness> all) {
        return new Faithfulness(
                means(all.stream().map(Faithfulness::deletion).toList()),
                means(all.stream().map(Faithfulness::insertion).toList()),
                means(all.stream().map(Faithfulness::most).toList()),
                means(all.stream().map(Faithfulness::least).toList()));
    }

    private static List<Double> means(List<List<Double>> curves) {
        return IntStream.range(0, curves.get(0).size())
                .mapToDouble(
                        i -> mean(curves.stream().map(curve -> curve.get(i)).toList()))
                .boxed()
                .toList();
    }

    /** Shares of pixels, in the order of the ROAD curves. */
    public static List<Double> imputedShares() {
        return IMPUTED;
    }

    /** A random map, evenly drawn from 0 to 1, as fine as {@code map}. */
    public static float[][] randomMap(float[][] map, long seed) {
        var random = new java.util.SplittableRandom(seed);
        float[][] drawn = new float[map.length][];
        for (int y = 0; y < map.length; y++) {
            double[] row = DoubleStream.generate(random::nextDouble)
                    .limit(map[y].length)
                    .toArray();
            drawn[y] = new float[row.length];
            for (int x = 0; x < row.length; x++) {
                drawn[y][x] = (float) row[x];
            }
        }
        return drawn;
    }
}
