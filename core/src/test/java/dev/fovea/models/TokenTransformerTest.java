package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.TokenTransformer.Choice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenTransformerTest {

    private TokenTransformer net;
    private final Tensor labels = Tensor.of(new long[] {1, 0, 2}, 3);

    @BeforeEach
    void make() {
        net = Drawn.by(4, new TokenTransformer(new VqVae(1, 16, 16, 8, 12, 4), 16, 2, 4, 3));
        net.state().train(false);
    }

    @Test
    void withAndWithoutTheCacheTheSameTokensAreWritten() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            for (Choice choice : new Choice[] {new Choice(0, 0, 1), Choice.plain(), new Choice(1.3, 4, 0.8)}) {
                net.state().random(Random.of(new Seed(1)));
                long[] cached = net.generate(labels, 0, labels, choice, true).toLongs();
                net.state().random(Random.of(new Seed(1)));
                assertThat(net.generate(labels, 0, labels, choice, false).toLongs())
                        .isEqualTo(cached);
            }
        }
    }

    @Test
    void aTokenDependsOnThoseBeforeItOnly() {
        var random = Random.of(new Seed(1));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor tokens = Tensor.rand(random, 3, 16).mul(12).to(dev.fovea.engine.DType.INT64);
            long[] changed = tokens.toLongs();
            changed[9] = (changed[9] + 1) % 12;
            float[] before = net.logits(tokens, labels).select(0, 0).toFloats();
            float[] after =
                    net.logits(Tensor.of(changed, 3, 16), labels).select(0, 0).toFloats();
            for (int i = 0; i < 10 * 12; i++) {
                assertThat(after[i]).isCloseTo(before[i], within(1e-5f));
            }
            assertThat(after[10 * 12]).isNotEqualTo(before[10 * 12]);
        }
    }

    @Test
    void whatIsGivenIsKept() {
        var random = Random.of(new Seed(1));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor given = Tensor.rand(random, 3, 16).mul(12).to(dev.fovea.engine.DType.INT64);
            Tensor written = net.generate(given, 8, labels, Choice.plain(), true);
            assertThat(written.narrow(1, 0, 8).toLongs())
                    .isEqualTo(given.narrow(1, 0, 8).toLongs());
        }
    }

    @Test
    void tokensBeyondTopKAndTopPAreNeverChosen() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor logits = Tensor.of(new float[] {0.15f, 0.5f, 0.05f, 0.3f}, 1, 4)
                    .log()
                    .expand(4000, -1);
            assertThat(shares(logits, new Choice(1, 0, 1)))
                    .containsExactly(new double[] {0.15, 0.5, 0.05, 0.3}, within(0.03));
            assertThat(shares(logits, new Choice(1, 2, 1)))
                    .containsExactly(new double[] {0, 0.625, 0, 0.375}, within(0.03));
            assertThat(shares(logits, new Choice(1, 0, 0.81)))
                    .as("two have 0.8, so the third is the one that passes it")
                    .containsExactly(new double[] {0.158, 0.526, 0, 0.316}, within(0.03));
            double[] cold = {0.0225, 0.25, 0.0025, 0.09};
            double sum = java.util.Arrays.stream(cold).sum();
            assertThat(shares(logits, new Choice(0.5, 0, 1)))
                    .as("at half the temperature probabilities are squared")
                    .containsExactly(
                            java.util.Arrays.stream(cold).map(p -> p / sum).toArray(), within(0.03));
        }
    }

    private static double[] shares(Tensor logits, Choice choice) {
        var random = Random.of(new Seed(1));
        double[] shares = new double[(int) logits.size(1)];
        for (long token : TokenTransformer.chosen(logits, choice, () -> random).toLongs()) {
            shares[(int) token] += 1.0 / logits.size(0);
        }
        return shares;
    }

    @Test
    void theLikeliestClassIsTheOneWithTheLargestProductOfProbabilities() {
        var random = Random.of(new Seed(1));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            for (int draw = 0; draw < 5; draw++) {
                Tensor tokens = Tensor.rand(random, 1, 16).mul(12).to(dev.fovea.engine.DType.INT64);
                long[] written = tokens.toLongs();
                double[] likelihoods = new double[3];
                for (int c = 0; c < 3; c++) {
                    double[] shares = net.logits(tokens, Tensor.of(new long[] {c}, 1))
                            .softmax(2)
                            .toDoubles();
                    for (int i = 0; i < 6; i++) {
                        likelihoods[c] += Math.log(shares[i * 12 + (int) written[i]]);
                    }
                }
                int best = likelihoods[1] > likelihoods[0] ? 1 : 0;
                best = likelihoods[2] > likelihoods[best] ? 2 : best;
                assertThat(net.mostLikelyClass(tokens, 6)).isEqualTo(best);
            }
        }
    }

    @Test
    void theLikeliestOfOneIsTheLikeliest() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            long[] mostLikely =
                    net.generate(labels, 0, labels, new Choice(0, 0, 1), true).toLongs();
            assertThat(net.generate(labels, 0, labels, new Choice(1, 1, 1), true)
                            .toLongs())
                    .isEqualTo(mostLikely);
        }
    }

    @Test
    void aTokenIsTheNearestCodeAndCodesThatNothingIsNearAreWoken() {
        var random = Random.of(new Seed(1));
        var coder = Drawn.by(5, new VqVae(1, 16, 16, 8, 12, 4));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor vectors = Tensor.randn(random, 5, 4, 4, 4);
            long[] tokens = coder.quantized(vectors).tokens().toLongs();
            float[] book = coder.state().get("codebook").toFloats();
            float[] flat = vectors.permute(0, 2, 3, 1).contiguous().toFloats();
            for (int i = 0; i < tokens.length; i++) {
                int nearest = 0;
                for (int c = 1; c < 12; c++) {
                    nearest = distance(flat, i, book, c) < distance(flat, i, book, nearest) ? c : nearest;
                }
                assertThat(tokens[i]).isEqualTo(nearest);
            }
            coder.state().get("codebook").fill_(100);
            coder.state().get("sums").fill_(100);
            for (int step = 0; step < 600; step++) {
                coder.learn(vectors, coder.quantized(vectors).tokens());
            }
            assertThat(coder.quantized(vectors).tokens().toLongs()).hasSizeGreaterThan(12);
            assertThat(java.util.Arrays.stream(coder.quantized(vectors).tokens().toLongs())
                            .distinct()
                            .count())
                    .isGreaterThan(8);
        }
    }

    private static double distance(float[] a, int i, float[] b, int j) {
        double sum = 0;
        for (int d = 0; d < 4; d++) {
            sum += (a[4 * i + d] - b[4 * j + d]) * (a[4 * i + d] - b[4 * j + d]);
        }
        return sum;
    }
}
