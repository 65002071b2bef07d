package dev.fovea.run.answers;

import dev.fovea.metrics.ClassificationMetrics;
import dev.fovea.metrics.ClassificationResult;
import dev.fovea.metrics.PrecisionRecall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The probability of every class for images of one class each. */
public final class ClassAnswers implements Answers {

    private final List<String> classes;
    private final List<ImageFacts> images;
    private final int[] truth;
    private final float[] probabilities;
    private final int[] told;

    /**
     * @param truth the class of each image
     * @param probabilities row by row, one for each class
     */
    public ClassAnswers(List<String> classes, List<ImageFacts> images, int[] truth, float[] probabilities) {
        this.classes = List.copyOf(classes);
        this.images = List.copyOf(images);
        this.truth = truth.clone();
        this.probabilities = probabilities.clone();
        if (truth.length != images.size() || probabilities.length != (long) truth.length * classes.size()) {
            throw new IllegalArgumentException("answers: %s images of %s classes, got %s labels and %s probabilities"
                    .formatted(images.size(), classes.size(), truth.length, probabilities.length));
        }
        told = IntStream.range(0, truth.length).map(this::mostProbable).toArray();
    }

    private int mostProbable(int image) {
        int best = 0;
        for (int c = 1; c < classes.size(); c++) {
            best = probability(image, c) > probability(image, best) ? c : best;
        }
        return best;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public List<ImageFacts> images() {
        return images;
    }

    /** The class of an image. */
    public int truth(int image) {
        return truth[image];
    }

    /** The most probable class of an image. */
    public int told(int image) {
        return told[image];
    }

    /** Of a class for an image, 0 to 1. */
    public float probability(int image, int label) {
        return probabilities[image * classes.size() + label];
    }

    /** The probability of the most probable class. */
    public float confidence(int image) {
        return probability(image, told[image]);
    }

    /** All labels and probabilities, for keeping them. */
    int[] truth() {
        return truth.clone();
    }

    float[] probabilities() {
        return probabilities.clone();
    }

    /** All metrics. */
    public ClassificationResult result() {
        var metrics = new ClassificationMetrics(classes);
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(Math.max(Float.MIN_NORMAL, probabilities[i]));
        }
        metrics.add(logits, Arrays.stream(truth).asLongStream().toArray());
        return metrics.result();
    }

    @Override
    public Map<String, Double> metrics() {
        var values = result().values();
        values.values().removeIf(value -> value.isNaN());
        return values;
    }

    /**
     * What comes of answers of at least so much confidence; of other images the model says that it is unsure.
     *
     * @param threshold least confidence, 0 to 1
     * @param confusion counts, [true][predicted]; the last column are those that it is unsure of
     * @param answered images
     * @param accuracy of the images that are answered; NaN where none is
     * @param perClass recall counts images that are not answered as not found
     */
    public record At(
            double threshold,
            List<List<Long>> confusion,
            long answered,
            double accuracy,
            List<ClassificationResult.PerClass> perClass) {

        public At {
            confusion = confusion.stream().map(List::copyOf).toList();
            perClass = List.copyOf(perClass);
        }

        /** Mean recall of the classes that have images. */
        public double balancedAccuracy() {
            return mean(ClassificationResult.PerClass::recall);
        }

        /** Mean F1 of the classes that have images or answers. */
        public double macroF1() {
            return mean(ClassificationResult.PerClass::f1);
        }

        /** Answers that are wrong. */
        public long mistakes() {
            long right = IntStream.range(0, perClass.size())
                    .mapToLong(c -> confusion.get(c).get(c))
                    .sum();
            return answered - right;
        }

        private double mean(ToDoubleFunction<ClassificationResult.PerClass> of) {
            return perClass.stream()
                    .mapToDouble(of)
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /** @param threshold least confidence, 0 to 1 */
    public At at(double threshold) {
        int k = classes.size();
        long[][] counts = new long[k][k + 1];
        for (int i = 0; i < truth.length; i++) {
            counts[truth[i]][confidence(i) >= threshold ? told[i] : k]++;
        }
        long answered = 0;
        long right = 0;
        var perClass = new ArrayList<ClassificationResult.PerClass>();
        for (int c = 0; c < k; c++) {
            long predicted = 0;
            for (long[] row : counts) {
                predicted += row[c];
            }
            long hits = counts[c][c];
            long support = Arrays.stream(counts[c]).sum();
            perClass.add(new ClassificationResult.PerClass(
                    classes.get(c),
                    predicted == 0 ? 0 : hits / (double) predicted,
                    support == 0 ? Double.NaN : hits / (double) support,
                    support + predicted == 0 ? Double.NaN : 2.0 * hits / (support + predicted),
                    support));
            answered += predicted;
            right += hits;
        }
        return new At(
                threshold,
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList(),
                answered,
                answered == 0 ? Double.NaN : right / (double) answered,
                perClass);
    }

    /** Precision and recall of one class against all others, by its probability. */
    public PrecisionRecall curve(int label) {
        float[] scores = new float[truth.length];
        boolean[] present = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            scores[i] = probability(i, label);
            present[i] = truth[i] == label;
        }
        return PrecisionRecall.of(scores, present);
    }

    /**
     * The images of one cell of the confusion matrix, the most confident first.
     *
     * @param predicted the number of classes for those that it is unsure of
     */
    public List<Integer> cell(int label, int predicted, double threshold) {
        return IntStream.range(0, truth.length)
                .filter(i -> truth[i] == label)
                .filter(i -> predicted == (confidence(i) >= threshold ? told[i] : classes.size()))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -confidence(i)))
                .toList();
    }

    /** The images that are answered wrong, the most confident first. */
    public List<Integer> worst() {
        return IntStream.range(0, truth.length)
                .filter(i -> told[i] != truth[i])
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -confidence(i)))
                .toList();
    }

    /** Each image, 1 if it is answered right. */
    @Override
    public Cases cases() {
        return new Cases(
                IntStream.range(0, truth.length).boxed().toList(),
                IntStream.range(0, truth.length)
                        .mapToObj(i -> told[i] == truth[i] ? 1.0 : 0.0)
                        .toList(),
                List.of(new Column.Words(
                        "class", Arrays.stream(truth).mapToObj(classes::get).toList())));
    }
}
