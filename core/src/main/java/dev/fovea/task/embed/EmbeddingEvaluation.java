package dev.fovea.task.embed;

import dev.fovea.data.Dataset;
import dev.fovea.metrics.Identification;
import dev.fovea.metrics.SimilarityPairs;
import dev.fovea.metrics.Verification;
import dev.fovea.run.Classes;
import dev.fovea.run.Evaluated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How good embeddings are on images whose identities are known.
 *
 * @param embeddings of the images, length 1
 * @param identities of each, as numbers
 * @param identification of each image, in the gallery or among the others
 * @param pairs of the images with each other
 * @param galleryImages in the gallery; 0 where each image was looked for among all others
 */
public record EmbeddingEvaluation(
        List<float[]> embeddings,
        int[] identities,
        Identification identification,
        SimilarityPairs pairs,
        int galleryImages) {

    private static final int FEW = 5;

    public EmbeddingEvaluation {
        embeddings = List.copyOf(embeddings);
        identities = identities.clone();
    }

    /** Each image among all others of these. */
    static EmbeddingEvaluation amongThemselves(List<float[]> embeddings, int[] identities) {
        return new EmbeddingEvaluation(
                embeddings,
                identities,
                Identification.leaveOneOut(embeddings, identities),
                SimilarityPairs.of(embeddings, identities),
                0);
    }

    /** Each image among those of a gallery. */
    static EmbeddingEvaluation inGallery(
            List<float[]> gallery, int[] known, List<float[]> embeddings, int[] identities) {
        return new EmbeddingEvaluation(
                embeddings,
                identities,
                Identification.of(gallery, known, embeddings, identities),
                SimilarityPairs.of(embeddings, identities),
                gallery.size());
    }

    /** {@code rank1}, {@code rank5}, {@code eer}, {@code auroc}, {@code tarAtFar01} and {@code tarAtFar001}; NaN where there is nothing to measure. */
    public Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("rank1", identification.rank(1));
        metrics.put("rank5", identification.rank(FEW));
        metrics.putAll(metrics(pairs.verification()));
        return metrics;
    }

    /** Those of pairs alone. */
    static Map<String, Double> metrics(Verification verification) {
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("eer", verification.eer());
        metrics.put("auroc", verification.auroc());
        metrics.put("tarAtFar01", verification.tarAtFar(0.01));
        metrics.put("tarAtFar001", verification.tarAtFar(0.001));
        return metrics;
    }

    /** What the figures hide. */
    List<String> remarks(Dataset data) {
        var remarks = new ArrayList<String>();
        int[] counts = data.counts();
        List<String> alone = IntStream.range(0, counts.length)
                .filter(k -> counts[k] == 1)
                .mapToObj(data.classes()::get)
                .toList();
        if (!alone.isEmpty()) {
            remarks.add(
                    "%s %s one image: others can be mistaken for %s, but no pair of images is of %s. Add images, or leave %s out"
                            .formatted(
                                    Classes.shortened(alone),
                                    alone.size() == 1 ? "has" : "have",
                                    alone.size() == 1 ? "it" : "them",
                                    alone.size() == 1 ? "it" : "one of them",
                                    alone.size() == 1 ? "it" : "them"));
        }
        if (!pairs.verification().defined()) {
            remarks.add(
                    "no threshold, no equal error rate: the images held out have no pair of one identity, or none of two. Hold out more with selection.validation");
        }
        return remarks;
    }

    /** As models of all tasks answer. */
    public Evaluated evaluated(Dataset data) {
        var table = new StringBuilder(text());
        remarks(data).forEach(remark -> table.append(remark).append(System.lineSeparator()));
        return new Evaluated(metrics(), details(), table.toString(), List::of);
    }

    /** What the metrics are of, by name in JSON. */
    private Map<String, Object> details() {
        Verification verification = pairs.verification();
        var details = new LinkedHashMap<String, Object>();
        details.put("identities", Arrays.stream(identities).distinct().count());
        details.put("galleryImages", galleryImages);
        details.put("probes", identification.counted());
        details.put("samePairs", verification.same().length);
        details.put("differentPairs", verification.different().length);
        details.put("equalErrorThreshold", verification.equalError().threshold());
        return details;
    }

    /** The same in sentences. */
    private String text() {
        Verification verification = pairs.verification();
        return String.format(
                Locale.ROOT,
                "%,d images of %,d identities; rank of %,d of them %s; %,d pairs of one identity, %,d of two%n",
                embeddings.size(),
                Arrays.stream(identities).distinct().count(),
                identification.counted(),
                galleryImages == 0
                        ? "each among all others"
                        : String.format(Locale.ROOT, "in a gallery of %,d", galleryImages),
                verification.same().length,
                verification.different().length);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
