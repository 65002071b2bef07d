package dev.fovea.run.answers;

import dev.fovea.metrics.Identification;
import dev.fovea.metrics.SimilarityPairs;
import dev.fovea.metrics.Verification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Embeddings of images whose identities are known, each image looked for among all others. What is looked at is whether the most similar
 * other image is of the same identity.
 *
 * @param classes the identities
 * @param truth of each image its identity, as a position among {@code classes}
 * @param embeddings of length 1
 * @param threshold of similarity from which on the model says that two images are of one identity
 */
public record EmbeddingAnswers(
        List<String> classes,
        List<ImageFacts> images,
        List<Integer> truth,
        List<float[]> embeddings,
        OptionalDouble threshold,
        Identification identification,
        SimilarityPairs pairs)
        implements MeasuredAnswers {

    private static final String FIGURE = "rank1";

    public EmbeddingAnswers {
        classes = List.copyOf(classes);
        images = List.copyOf(images);
        truth = List.copyOf(truth);
        embeddings = List.copyOf(embeddings);
    }

    /** Compares each image with all others. */
    public static EmbeddingAnswers of(
            List<String> classes,
            List<ImageFacts> images,
            List<Integer> truth,
            List<float[]> embeddings,
            OptionalDouble threshold) {
        if (truth.size() != images.size() || embeddings.size() != images.size()) {
            throw new IllegalArgumentException("answers: %s images, got %s identities and %s embeddings"
                    .formatted(images.size(), truth.size(), embeddings.size()));
        }
        int[] identities = truth.stream().mapToInt(one -> one).toArray();
        return new EmbeddingAnswers(
                classes,
                images,
                truth,
                embeddings,
                threshold,
                Identification.leaveOneOut(embeddings, identities),
                SimilarityPairs.of(embeddings, identities));
    }

    @Override
    public List<Figure> figures() {
        return List.of(new Figure(
                FIGURE,
                Scale.SHARE,
                OptionalDouble.empty(),
                IntStream.range(0, images.size()).mapToObj(this::found).toList()));
    }

    /** 1 where the most similar other image is of the same identity; nothing of an image that is the only one of its identity. */
    private double found(int image) {
        int rank = identification.ranks().get(image);
        return rank == 0 ? Double.NaN : rank == 1 ? 1 : 0;
    }

    /** The most similar other image; -1 where there is none. */
    public int nearest(int image) {
        return identification.nearest().get(image);
    }

    /** The share of the pairs of one identity, or of two, that are at least so similar; NaN where there is no such pair. */
    public double accepted(boolean same, double threshold) {
        return pairs.pairs().stream()
                .filter(pair -> pair.same() == same)
                .mapToInt(pair -> pair.similarity() >= threshold ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    @Override
    public String by() {
        return FIGURE;
    }

    @Override
    public EmbeddingAnswers by(String name) {
        figure(name);
        return this;
    }

    /** {@code rank1}, {@code rank5}, {@code eer}, {@code auroc}; those that cannot be said of these images are left out. */
    @Override
    public Map<String, Double> metrics() {
        Verification verification = pairs.verification();
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("rank1", identification.rank(1));
        metrics.put("rank5", identification.rank(5));
        if (verification.defined()) {
            metrics.put("eer", verification.eer());
            metrics.put("auroc", verification.auroc());
        }
        metrics.values().removeIf(value -> value.isNaN());
        return metrics;
    }
}
