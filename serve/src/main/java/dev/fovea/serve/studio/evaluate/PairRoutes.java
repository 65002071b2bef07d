package dev.fovea.serve.studio.evaluate;

import dev.fovea.metrics.SimilarityPairs;
import dev.fovea.run.answers.EmbeddingAnswers;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import java.util.List;
import java.util.Map;

/** Pairs of images by how similar their embeddings are. */
record PairRoutes(Studies studies) {

    private static final int BARS = 80;
    private static final int PAIRS = 24;

    List<Route> routes() {
        return List.of(
                StudyKey.on(Answers.get(
                        "/api/evaluate/similarities", "How similar pairs of images are, in bars", this::similarities)),
                StudyKey.on(Answers.get("/api/evaluate/pairs", "Pairs of images", this::pairs))
                        .with("same", "1 for pairs of one identity, 0 for those of two")
                        .with("bar", "those in a bar of similarity; without it the hardest")
                        .with("from", "the first of them, from 0"));
    }

    private EmbeddingAnswers answers(Call call) {
        return studies.of(StudyKey.of(call)).study().answers() instanceof EmbeddingAnswers own ? own : none();
    }

    private static EmbeddingAnswers none() {
        throw Refusal.wrong("pairs: this model says nothing about two images");
    }

    private Object similarities(Call call) {
        SimilarityPairs pairs = answers(call).pairs();
        return Map.of(
                "least",
                -1,
                "step",
                2.0 / BARS,
                "same",
                pairs.histogram(true, BARS),
                "different",
                pairs.histogram(false, BARS));
    }

    private Object pairs(Call call) {
        Study study = studies.of(StudyKey.of(call)).study();
        SimilarityPairs pairs = answers(call).pairs();
        boolean same = EvaluateRoutes.number(call, "same") == 1;
        int from = call.query("from").isPresent() ? Math.max(0, EvaluateRoutes.number(call, "from")) : 0;
        List<SimilarityPairs.Pair> found = call.query("bar").isPresent()
                ? pairs.inBin(same, EvaluateRoutes.number(call, "bar"), BARS)
                : pairs.hardest(same, PAIRS);
        return Map.of(
                "count",
                found.size(),
                "pairs",
                found.stream()
                        .skip(from)
                        .limit(PAIRS)
                        .map(pair -> Map.of(
                                "similarity",
                                pair.similarity(),
                                "images",
                                List.of(of(study, pair.a()), of(study, pair.b()))))
                        .toList());
    }

    private static Map<String, Object> of(Study study, int answer) {
        return Map.of("answer", answer, "name", study.name(answer), "label", study.label(answer));
    }
}
