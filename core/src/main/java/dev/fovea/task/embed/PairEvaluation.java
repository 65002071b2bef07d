package dev.fovea.task.embed;

import dev.fovea.data.VerificationPairs;
import dev.fovea.metrics.FoldedAccuracy;
import dev.fovea.metrics.SimilarityPairs;
import dev.fovea.metrics.SimilarityPairs.Pair;
import dev.fovea.metrics.Verification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How good embeddings are on listed pairs of images.
 *
 * @param pairs with their similarities, fold by fold
 * @param threshold of the model
 */
public record PairEvaluation(List<List<Pair>> pairs, OptionalDouble threshold) {

    public PairEvaluation {
        pairs = pairs.stream().map(List::copyOf).toList();
    }

    static PairEvaluation of(VerificationPairs listed, Map<Integer, float[]> embeddings, OptionalDouble threshold) {
        var folds = new ArrayList<List<Pair>>();
        for (List<VerificationPairs.Pair> fold : listed.folds()) {
            folds.add(fold.stream()
                    .map(pair -> new Pair(pair.a(), pair.b(), pair.same(), (float)
                            Embedder.similarity(embeddings.get(pair.a()), embeddings.get(pair.b()))))
                    .toList());
        }
        return new PairEvaluation(folds, threshold);
    }

    /** Of all folds together. */
    public Verification verification() {
        return SimilarityPairs.verification(pairs.stream().flatMap(List::stream).toList());
    }

    /** Each fold by the threshold that is best on the others; of a single fold there is none. */
    public FoldedAccuracy folds() {
        return FoldedAccuracy.of(
                pairs.stream().map(SimilarityPairs::verification).toList());
    }

    /**
     * {@code accuracy} with {@code accuracyStandardError} over the folds, or of a single fold by the model's own threshold; then
     * {@code eer}, {@code auroc}, {@code tarAtFar01} and {@code tarAtFar001} of all pairs.
     */
    public Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<String, Double>();
        Verification all = verification();
        if (pairs.size() > 1) {
            FoldedAccuracy folded = folds();
            metrics.put("accuracy", folded.mean());
            metrics.put("accuracyStandardError", folded.standardError());
        } else if (threshold.isPresent()) {
            metrics.put("accuracy", all.accuracy(threshold.getAsDouble()));
        }
        metrics.putAll(EmbeddingEvaluation.metrics(all));
        return metrics;
    }

    /** What the metrics are of, by name in JSON. */
    public Map<String, Object> details() {
        var details = new LinkedHashMap<String, Object>();
        Verification all = verification();
        details.put("folds", pairs.size() > 1 ? folds().accuracies() : List.of());
        details.put("samePairs", all.same().length);
        details.put("differentPairs", all.different().length);
        details.put("equalErrorThreshold", all.equalError().threshold());
        threshold.ifPresent(value -> details.put("threshold", value));
        return details;
    }

    /** The same in a sentence. */
    public String text() {
        Verification all = verification();
        return String.format(
                Locale.ROOT,
                "%,d pairs of one identity, %,d of two; %s%n",
                all.same().length,
                all.different().length,
                pairs.size() > 1
                        ? "accuracy: mean of %s folds, each by the threshold that is best on the others"
                                .formatted(pairs.size())
                        : threshold.isPresent()
                                ? "accuracy at the threshold of the model"
                                : "no accuracy, as the model has no threshold");
    }
}
