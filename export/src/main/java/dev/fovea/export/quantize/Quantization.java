package dev.fovea.export.quantize;

import dev.fovea.data.Dataset;
import dev.fovea.engine.DType;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxModel;
import dev.fovea.export.OnnxWriter;
import dev.fovea.run.TemporaryFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Static quantisation of a model: convolutions and products with weights in eight bits, with ranges of activations that are measured
 * on images, as QuantizeLinear and DequantizeLinear around them (QDQ). After Jacob et al. 2018, <a
 * href="https://arxiv.org/abs/1712.05877">1712.05877</a>, sections 2 and 3; weights have a range for each output channel, as in
 * Krishnamoorthi 2018, <a href="https://arxiv.org/abs/1806.08342">1806.08342</a>, section 3.
 *
 * <p>Of three ways to take a range from the measured numbers, that is used with which the outputs differ least.
 */
public final class Quantization {

    /** How often each image is read: twice to measure ranges, for the exact outputs, and for those of each way to take ranges. */
    static final int PASSES = 3 + RangeRule.values().length;

    /**
     * A model in eight bits.
     *
     * @param rule by which ranges were taken: {@code min-max}, {@code percentile} or {@code squared-error}
     * @param error of the output that changes most on the images, relative to its size: the root of the mean square; NaN where
     *     answers cannot be compared number by number, as those of a detector
     * @param nodes convolutions and products that are computed in eight bits
     */
    public record Result(OnnxModel model, String rule, double error, int nodes) {}

    private final OnnxModel folded;
    private final Placement placement;
    private final ActivationRanges images;

    private Quantization(OnnxModel model, Dataset images) {
        folded = with(model, NormFolding.of(model.graph()));
        placement = new Placement(folded.graph());
        this.images = new ActivationRanges(images);
    }

    /**
     * Quantises a model in float32 that says in its metadata what it is shown.
     *
     * @param images like those that it is meant for; some hundred are enough
     * @throws IllegalArgumentException if there is nothing to compute in eight bits, no image, or a number on the way is not finite
     */
    public static Result of(OnnxModel model, Dataset images) {
        if (images.size() == 0) {
            throw new IllegalArgumentException(
                    "int8: ranges are measured on images, there is none. Name data like that the model is meant for");
        }
        var quantization = new Quantization(model, images);
        if (quantization.placement.count() == 0) {
            throw new IllegalArgumentException(
                    "int8: the network has no convolution or product with weights that could be computed in eight bits. Export it in float32");
        }
        return quantization.best();
    }

    private Result best() {
        Map<String, Histogram> histograms = images.of(folded, placement.measured());
        histograms.forEach((value, histogram) -> {
            if (!histogram.finite()) {
                throw new IllegalArgumentException(
                        "int8: '%s' has numbers that are not finite, so the model is broken. Train it again, at a lower rate"
                                .formatted(value));
            }
        });
        try (var folder = TemporaryFolder.create()) {
            Map<String, List<float[]>> exact = outputs(folder, folded);
            Result best = null;
            for (RangeRule rule : RangeRule.values()) {
                OnnxModel model = with(folded, QuantizedGraph.of(folded.graph(), placement, ranges(histograms, rule)));
                double error = error(exact, outputs(folder, model));
                if (best == null || error < best.error() || Double.isNaN(best.error()) && !Double.isNaN(error)) {
                    best = new Result(model, rule.word(), error, placement.count());
                }
            }
            return best;
        }
    }

    private static Map<String, ValueRange> ranges(Map<String, Histogram> histograms, RangeRule rule) {
        var ranges = new LinkedHashMap<String, ValueRange>();
        histograms.forEach((value, histogram) -> ranges.put(value, rule.of(histogram)));
        return ranges;
    }

    /** All outputs of all images, in parts. */
    private Map<String, List<float[]>> outputs(TemporaryFolder folder, OnnxModel model) {
        Path file = folder.path().resolve("model.onnx");
        OnnxWriter.write(file, model);
        var parts = new LinkedHashMap<String, List<float[]>>();
        images.each(
                file,
                made -> made.forEach((name, output) -> parts.computeIfAbsent(name, absent -> new ArrayList<>())
                        .add(output.to(DType.FLOAT32).toFloats())));
        return parts;
    }

    private static double error(Map<String, List<float[]>> exact, Map<String, List<float[]>> rounded) {
        double most = 0;
        for (String name : exact.keySet()) {
            double error = error(exact.get(name), rounded.get(name));
            if (Double.isNaN(error)) {
                return Double.NaN;
            }
            most = Math.max(most, error);
        }
        return most;
    }

    private static double error(List<float[]> exact, List<float[]> rounded) {
        double difference = 0;
        double size = 0;
        for (int part = 0; part < exact.size(); part++) {
            float[] a = exact.get(part);
            float[] b = rounded.get(part);
            if (a.length != b.length) {
                return Double.NaN;
            }
            for (int i = 0; i < a.length; i++) {
                difference += (double) (a[i] - b[i]) * (a[i] - b[i]);
                size += (double) a[i] * a[i];
            }
        }
        return Math.sqrt(difference / Math.max(size, Double.MIN_NORMAL));
    }

    private static OnnxModel with(OnnxModel model, OnnxGraph graph) {
        return new OnnxModel(
                model.irVersion(), model.producer(), model.producerVersion(), model.opsets(), graph, model.metadata());
    }
}
