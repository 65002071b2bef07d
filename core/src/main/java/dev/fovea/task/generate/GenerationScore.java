package dev.fovea.task.generate;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.image.Image;
import dev.fovea.metrics.FeatureDistance;
import dev.fovea.run.Classes;
import dev.fovea.run.FeatureExtractor;
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
            Generator generator, Generator.Request request, FeatureExtractor classifier, Dataset real) {
        Sample made = sample(generator, request, classifier.classes());
        return of(made.images(), made.asked(), classifier, classifier.features(real));
    }

    /** Images, and the class that was asked for of each; none where classes cannot be asked for. */
    public record Sample(List<Image> images, int[] asked) {}

    /** What {@code generator} makes, and the class asked for of each as a position among {@code classes}. */
    public static Sample sample(Generator generator, Generator.Request request, List<String> classes) {
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
    static GenerationScore of(List<Image> images, int[] asked, FeatureExtractor classifier, List<float[]> theirs) {
        List<String> classes = classifier.classes();
        Dataset made = Dataset.of(images, List.of("generated"), new int[images.size()]);
        List<float[]> ours = classifier.features(made);
        var metrics = new LinkedHashMap<String, Double>();
        boolean inception = classifier.isInception();
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
        String network = classifier.name();
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
