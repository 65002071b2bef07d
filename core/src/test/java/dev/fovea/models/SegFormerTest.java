package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** SegFormer and its encoder are those of their paper (see {@code test/oracle/segformer.py}). */
class SegFormerTest {

    private static final JsonNode GOLDEN = Golden.read("segmenters/segformer.json");
    private static final String ENCODER = "mit_b0 widths=16,24,32,48 depths=1,2,1,1 heads=1,2,4,3 dropPath=0";
    private static final String NET = "segformer_b0 backbone=(%s) width=32 dropout=0".formatted(ENCODER);
    private static final int CLASSES = 5;
    private static final int HEIGHT = 41;
    private static final int WIDTH = 57;

    @ParameterizedTest
    @ValueSource(strings = {"mit_b0", "mit_b1", "mit_b2", "segformer_b0", "segformer_b1", "segformer_b2"})
    void hasTheAuthorsWeights(String name) {
        JsonNode published = GOLDEN.get("published").get(name);
        Module net = Models.get(name).create();
        assertThat(net.state().parameterCount())
                .isEqualTo(published.get("parameters").asLong());
        assertThat(Zoo.digest(SegmentersTest.sorted(net.state())))
                .as("names and shapes")
                .isEqualTo(published.get("digest").asString());
    }

    @ParameterizedTest
    @CsvSource({"segformer_b0,3.8,8.4", "segformer_b1,13.7,15.9", "segformer_b2,27.5,62.4"})
    void isAsLargeAsThePaperSays(String name, double millions, double gmacs) {
        ModelEntry.Counts counts = Models.get(name).counts();
        assertThat(counts.parameters() / 1e6).isCloseTo(millions, within(0.05));
        assertThat(counts.gmacs()).isCloseTo(gmacs, within(0.1));
    }

    private static Tensor images() {
        return Zoo.noise("image", 2, 3, HEIGHT, WIDTH).to(DType.FLOAT32);
    }

    @Test
    void theEncoderClassifiesAsWritten() {
        Layer net = Layer.of(Models.create(ENCODER, 3, HEIGHT, WIDTH, CLASSES));
        Zoo.fill(net.state());
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            assertThat(net.forward(images()).toDoubles())
                    .containsExactly(Golden.array(GOLDEN.get("encoder")), within(1e-4));
        }
    }

    @Test
    void segmentsAndLearnsAsWritten() {
        var net = (SegmentationNet) Models.create(NET, 3, HEIGHT, WIDTH, CLASSES);
        Zoo.fill(net.state());
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            SegmentersTest.same(net.forward(images()), GOLDEN.get("eval"));
        }
        SegmentersTest.learnsAs(net, images(), GOLDEN);
    }

    @Test
    void saysWhichImagesAreTooSmall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("mit_b0", 3, 28, 64, 10))
                .withMessage("mit: images must be at least 29x29, got 64x28. Set input.size");
    }
}
