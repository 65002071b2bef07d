package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.metrics.FeatureDistance;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Metrics of generated images by the features of a classifier.
 *
 * @param features the classifier whose features were used
 * @param samples generated images
 * @param reference real images
 * @param missing classes that are not covered
 * @param metrics {@code frechetDistance} and {@code kernelDistance}, or {@code fid} and {@code kid} with the features of
 *     Inception v3, {@code precision}, {@code recall}, {@code coverage} (share of the classes that at least a tenth of the
 *     mean number of images per class are classified as) and, of a class-conditional generator, {@code classConsistency}
 *     (share of images that are classified as the requested class) and, if wanted, {@code accuracyScore}; of a classifier
 *     whose classes have no names only the first four
 */
public record GenerationScore(
        String features, int samples, int reference, List<String> missing, Map<String, Double> metrics) {

    private static final String FID = "fid";
    private static final String FRECHET = "frechetDistance";

    /** Images of each kind that precision and recall compare, each with each. */
    private static final int COMPARED = 3000;

    /** A class with fewer images than this share of the mean is not covered. */
    private static final double RARE = 0.1;

    /** The Fréchet distance, by whichever features. */
    double frechetDistance() {
        return metrics.getOrDefault(FID, metrics.getOrDefault(FRECHET, Double.NaN));
    }

    /** What {@link #frechetDistance} is called with these features. */
    String frechetName() {
        return metrics.containsKey(FID) ? "FID" : "Fréchet distance";
    }

    /**
     * Generates and evaluates.
     *
     * @param real images that the generator was not trained on
     * @throws IllegalArgumentException if generator and classifier have other classes
     */
    public static GenerationScore of(
            Generator generator, Generator.Request request, Classifier classifier, Dataset real) {
        return of(sample(generator, request, classifier.classes()), classifier, real, Map.of());
    }

    /**
     * Generates and evaluates, also by the classification accuracy score {@code accuracyScore}: the accuracy on real
     * images of a classifier trained on generated ones alone.
     *
     * <p>Ravuri and Vinyals, <a href="https://arxiv.org/abs/1905.10887">Classification accuracy score for conditional
     * generative models</a>.
     *
     * @param real images that the generator was not trained on
     * @param student the recipe of that classifier
     * @throws IllegalArgumentException if generator and classifier have other classes, or the generator cannot be asked
     *     for a class, or {@code student} is for another task
     */
    public static GenerationScore of(
            Generator generator, Generator.Request request, Classifier classifier, Dataset real, Recipe student) {
        if (!generator.classConditional() || classifier.classes().isEmpty()) {
            throw new IllegalArgumentException(
                    "accuracy score: needs a class-conditional generator and a classifier whose classes have names");
        }
        if (!(student.task() instanceof Task.Classification)) {
            throw new IllegalArgumentException("student: '%s' is for %s, expected a model or recipe for classification"
                    .formatted(student.model(), student.task().word()));
        }
        Sample made = sample(generator, request, classifier.classes());
        var lesson = Splits.trainOnly(Dataset.of(made.images(), classifier.classes(), made.asked()), List.of());
        double accuracy = Classifier.train(student.model(), lesson, student)
                .evaluate(real)
                .result()
                .values()
                .get("accuracy");
        return of(made, classifier, real, Map.of("accuracyScore", accuracy));
    }

    private static GenerationScore of(Sample made, Classifier classifier, Dataset real, Map<String, Double> more) {
        var score = of(made.images(), made.asked(), classifier, classifier.features(real));
        var metrics = new LinkedHashMap<>(score.metrics());
        metrics.putAll(more);
        return new GenerationScore(score.features(), score.samples(), score.reference(), score.missing(), metrics);
    }

    /** Images, and the requested class of each; none if the generator is not class-conditional. */
    private record Sample(List<Image> images, int[] asked) {}

    private static Sample sample(Generator generator, Generator.Request request, List<String> classes) {
        var images = new ArrayList<Image>();
        var asked = new ArrayList<Integer>();
        generator.stream(request, made -> {
            images.add(made.image());
            if (generator.classConditional() && !classes.isEmpty()) {
                asked.add(Classes.index(classes, made.label()));
            }
        });
        return new Sample(images, asked.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * Evaluates some images.
     *
     * @param asked class of each, as a position among those of {@code classifier}; none where classes cannot be asked
     * for
     * @param theirs features of real images
     */
    static GenerationScore of(List<Image> images, int[] asked, Classifier classifier, List<float[]> theirs) {
        List<String> classes = classifier.classes();
        Dataset made = Dataset.of(images, List.of("generated"), new int[images.size()]);
        List<float[]> ours = classifier.features(made);
        var metrics = new LinkedHashMap<String, Double>();
        boolean inception = classifier.hasInceptionFeatures();
        metrics.put(inception ? FID : FRECHET, FeatureDistance.frechet(ours, theirs));
        metrics.put(inception ? "kid" : "kernelDistance", FeatureDistance.kernel(ours, theirs));
        metrics.put("precision", FeatureDistance.precision(some(ours), some(theirs)));
        metrics.put("recall", FeatureDistance.precision(some(theirs), some(ours)));
        var missing = new ArrayList<String>();
        if (!classes.isEmpty()) {
            int[] read = classifier.logits(made).stream()
                    .mapToInt(GenerationScore::largest)
                    .toArray();
            missing.addAll(missing(read, classes));
            metrics.put("coverage", 1 - missing.size() / (double) classes.size());
            if (asked.length > 0) {
                long hits = IntStream.range(0, read.length)
                        .filter(i -> read[i] == asked[i])
                        .count();
                metrics.put("classConsistency", hits / (double) read.length);
            }
        }
        String network = classifier.featureNetwork();
        return new GenerationScore(network, images.size(), theirs.size(), List.copyOf(missing), metrics);
    }

    private static List<String> missing(int[] read, List<String> classes) {
        long enough = Math.max(1, Math.round(RARE * read.length / classes.size()));
        return IntStream.range(0, classes.size())
                .filter(c -> IntStream.of(read).filter(r -> r == c).count() < enough)
                .mapToObj(classes::get)
                .toList();
    }

    /** Drawn at random: generated images come with their classes in turn. */
    private static List<float[]> some(List<float[]> rows) {
        return Arrays.stream(Order.spread(rows.size(), COMPARED))
                .mapToObj(rows::get)
                .toList();
    }

    private static int largest(float[] values) {
        return IntStream.range(0, values.length)
                .reduce((a, b) -> values[b] > values[a] ? b : a)
                .orElseThrow();
    }
}
