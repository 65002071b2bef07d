package dev.fovea.task.classify;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.PredictionSets;
import dev.fovea.metrics.Softmax;
import dev.fovea.metrics.TemperatureScaling;
import dev.fovea.models.ModelPackage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What was fitted to a trained classifier on images that it was not trained on, so that one can tell what its answers are worth.
 *
 * @param temperature that logits are divided by
 * @param images held-out ones that it was fitted on
 * @param scores of the true classes of held-out images, rising: what sets are made by
 * @param outOfDistribution what images like those of the training look like
 */
record Calibration(double temperature, int images, float[] scores, Optional<OutOfDistribution> outOfDistribution) {

    private static final String TEMPERATURE = "temperature";
    private static final String IMAGES = "images";
    private static final String SCORES = "scores";

    /** More do not make sets better. */
    private static final int MOST_SCORES = 10_000;

    /** Of a model whose answers are taken as they are. */
    static final Calibration NONE = new Calibration(1, 0, new float[0], Optional.empty());

    /** A temperature for each image: that which suits the half of the images that it is not of. */
    static double[] apart(List<float[]> logits, int[] labels) {
        double[] ofHalf = new double[2];
        for (int half = 0; half < 2; half++) {
            int other = 1 - half;
            int[] held = IntStream.range(0, labels.length)
                    .filter(i -> i % 2 == other)
                    .toArray();
            ofHalf[half] = TemperatureScaling.fit(
                    Arrays.stream(held).mapToObj(logits::get).toList(),
                    Arrays.stream(held).map(i -> labels[i]).toArray());
        }
        return IntStream.range(0, labels.length).mapToDouble(i -> ofHalf[i % 2]).toArray();
    }

    /** Fits all of it. */
    static Calibration fit(List<float[]> logits, int[] labels, Optional<OutOfDistribution> outOfDistribution) {
        double temperature = TemperatureScaling.fit(logits, labels);
        float[] scores = new float[labels.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = PredictionSets.score(Softmax.of(logits.get(i), temperature), labels[i]);
        }
        if (scores.length > MOST_SCORES) {
            float[] all = scores;
            scores = new float[MOST_SCORES];
            int[] some = Order.spread(all.length, MOST_SCORES);
            for (int i = 0; i < some.length; i++) {
                scores[i] = all[some[i]];
            }
        }
        Arrays.sort(scores);
        return new Calibration(temperature, labels.length, scores, outOfDistribution);
    }

    /** That of a saved model; {@link #NONE} where it has none. */
    static Calibration of(ModelPackage model) {
        Map<String, Double> numbers = model.config().calibration();
        double temperature = numbers.getOrDefault(TEMPERATURE, 1.0);
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "config.json: the temperature must be positive, got " + temperature + ". The model is broken");
        }
        Tensor kept = model.held().get(SCORES);
        float[] scores = kept == null ? new float[0] : kept.toFloats();
        Arrays.sort(scores);
        return new Calibration(
                temperature, numbers.getOrDefault(IMAGES, 0.0).intValue(), scores, OutOfDistribution.of(model));
    }

    /** The model with it. */
    ModelPackage into(ModelPackage model) {
        var numbers = new LinkedHashMap<String, Double>();
        var kept = new LinkedHashMap<String, Tensor>();
        numbers.put(TEMPERATURE, temperature);
        numbers.put(IMAGES, (double) images);
        if (scores.length > 0) {
            kept.put(SCORES, Tensor.of(scores, scores.length));
        }
        outOfDistribution.ifPresent(known -> known.into(numbers, kept));
        return model.withCalibration(numbers, kept);
    }

    /**
     * Sets of this coverage.
     *
     * @throws IllegalArgumentException if this model has no scores for them, or too few
     */
    PredictionSets sets(double coverage) {
        if (scores.length == 0) {
            throw new IllegalArgumentException(
                    "coverage: this model has no held-out scores that sets of classes could be made by. Train it with a validation part, or go on with its run to its end");
        }
        return PredictionSets.of(scores, coverage);
    }

    /** @throws IllegalArgumentException if this model does not know what its training images look like */
    OutOfDistribution known() {
        return outOfDistribution.orElseThrow(
                () -> new IllegalArgumentException(
                        "this model has kept nothing of its training images, so it cannot tell others from them. Train it with a validation part, or go on with its run to its end"));
    }

    /** Labels of all images. */
    static int[] labels(Dataset data) {
        return IntStream.range(0, data.size()).map(data::label).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Rows as one array. */
    static Tensor matrix(List<float[]> rows) {
        int width = rows.get(0).length;
        float[] all = new float[Math.multiplyExact(rows.size(), width)];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * width, width);
        }
        return Tensor.of(all, rows.size(), width);
    }

    /** The rows of a matrix. */
    static List<float[]> rows(Tensor matrix) {
        float[] all = matrix.toFloats();
        int width = Math.toIntExact(matrix.size(1));
        var rows = new ArrayList<float[]>();
        for (int from = 0; from < all.length; from += width) {
            rows.add(Arrays.copyOfRange(all, from, from + width));
        }
        return rows;
    }
}
