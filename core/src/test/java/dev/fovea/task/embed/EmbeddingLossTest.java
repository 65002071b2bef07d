package dev.fovea.task.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.models.EmbeddingNet;
import dev.fovea.task.embed.Embedding.HeldOut;
import dev.fovea.task.embed.Embedding.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EmbeddingLossTest {

    private static final JsonNode GOLDEN = Golden.read("embedding.json");

    private static Tensor wave(int k, long... shape) {
        return Golden.wave(k, 1, shape).to(DType.FLOAT32).requireGrad(true);
    }

    private static Tensor labels() {
        double[] values = Golden.array(GOLDEN.get("labels"));
        long[] labels = new long[values.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (long) values[i];
        }
        return Tensor.of(labels, labels.length);
    }

    private static double[] doubles(Tensor tensor) {
        return tensor.to(DType.FLOAT64).contiguous().toDoubles();
    }

    @ParameterizedTest
    @CsvSource({
        "ARCFACE, arcface, 0.5",
        "ARCFACE, wide, 1.5",
        "COSFACE, cosface, 0.35",
        "TRIPLET, triplet, 0.2",
    })
    void lossAndGradientAreThoseOfThePaper(Loss loss, String name, double margin) {
        JsonNode expected = GOLDEN.get(name);
        var of = new EmbeddingLoss(new Embedding(loss, margin, 8, 5, 2, HeldOut.IDENTITIES));
        Tensor embeddings = wave(0, 7, 5);
        Tensor centres = wave(1, 3, 5);
        Tensor unit = EmbeddingNet.unit(embeddings);
        Tensor value =
                (loss.hasCentres() ? of.ofCentres(unit, centres, labels()) : of.ofTriplets(unit, labels())).loss();
        assertThat(value.item()).isCloseTo(expected.get("loss").asDouble(), within(1e-5));
        value.backward();
        assertThat(doubles(embeddings.grad())).containsExactly(Golden.array(expected.get("embeddings")), within(2e-5));
        if (loss.hasCentres()) {
            assertThat(doubles(centres.grad())).containsExactly(Golden.array(expected.get("centres")), within(2e-5));
        }
    }

    @Test
    void aBatchWithoutAnyTripletLearnsNothing() {
        var of = new EmbeddingLoss(Embedding.of(Loss.TRIPLET));
        Tensor embeddings = wave(0, 3, 5);
        Tensor loss = of.ofTriplets(EmbeddingNet.unit(embeddings), Tensor.of(new long[] {0, 1, 2}, 3))
                .loss();
        assertThat(loss.item()).isZero();
        loss.backward();
        assertThat(embeddings.grad().toFloats()).containsOnly(0);
    }

    @Test
    void anImageAtItsOwnCentreHasAFiniteGradient() {
        var of = new EmbeddingLoss(Embedding.USUAL);
        Tensor embeddings = wave(0, 2, 5);
        Tensor loss = of.ofCentres(EmbeddingNet.unit(embeddings), embeddings.detach(), Tensor.of(new long[] {0, 1}, 2))
                .loss();
        loss.backward();
        assertThat(embeddings.grad().isFinite().to(DType.FLOAT32).mean().item()).isEqualTo(1);
    }
}
