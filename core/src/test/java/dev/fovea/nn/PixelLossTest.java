package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PixelLossTest {

    private static final long[] SHAPE = {2, 4, 6, 7};

    private static JsonNode golden() throws IOException {
        try (var in = PixelLossTest.class.getResourceAsStream("/golden/pixels.json")) {
            return JsonMapper.shared().readTree(in);
        }
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static Tensor logits() throws IOException {
        return Tensor.of(numbers(golden().get("logits")), SHAPE).to(DType.FLOAT32);
    }

    private static Tensor labels() throws IOException {
        double[] labels = numbers(golden().get("labels"));
        long[] classes = new long[labels.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (long) labels[i];
        }
        return Tensor.of(classes, 2, 6, 7);
    }

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of("cross-entropy", Loss.crossEntropy()),
                Arguments.of("weighted", new Loss.CrossEntropy(0, List.of(1.0, 0.5, 2.0, 1.0))),
                Arguments.of("focal", new Loss.Focal(2)),
                Arguments.of("dice", new PixelLoss.Dice(1)),
                Arguments.of("jaccard", new PixelLoss.Jaccard(1)),
                Arguments.of("tversky", new PixelLoss.Tversky(0.3, 0.7)),
                Arguments.of("lovasz", new PixelLoss.Lovasz()),
                Arguments.of("boundary", new PixelLoss.Boundary(1)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void lossesAndTheirGradientsEqualPyTorch(String name, Loss loss) throws IOException {
        JsonNode expected = golden().get(name);
        try (var scope = new Scope()) {
            Tensor logits = logits().requireGrad(true);
            Tensor value = loss.ofPixels(logits, labels());
            value.backward();
            assertThat(value.item()).isCloseTo(expected.get("value").asDouble(), within(1e-5));
            double[] gradient = numbers(expected.get("gradient"));
            float[] own = logits.grad().toFloats();
            for (int i = 0; i < own.length; i++) {
                assertThat((double) own[i]).as("gradient %s", i).isCloseTo(gradient[i], within(1e-5));
            }
        }
    }

    @Test
    void aSumAddsItsLossesByTheirWeights() throws IOException {
        try (var scope = new Scope()) {
            var sum = new Loss.Sum(List.of(Loss.crossEntropy(), new PixelLoss.Dice(1)), List.of(1.0, 0.5));
            double expected = golden().get("cross-entropy").get("value").asDouble()
                    + 0.5 * golden().get("dice").get("value").asDouble();
            assertThat(sum.ofPixels(logits(), labels()).item()).isCloseTo(expected, within(1e-5));
        }
    }

    /** Of probabilities 0 and 1 the Lovász extension is 1 less intersection over union itself. */
    @Test
    void lovaszOfSureAnswersIsOneLessTheirIou() {
        try (var scope = new Scope()) {
            Tensor logits = Tensor.of(new double[] {99, 99, -99, -99, -99, -99, 99, 99}, 1, 2, 1, 4)
                    .to(DType.FLOAT32);
            Tensor labels = Tensor.of(new long[] {0, 1, 1, 1}, 1, 1, 4);
            double expected = ((1 - 1 / 2.0) + (1 - 2 / 3.0)) / 2;
            assertThat(new PixelLoss.Lovasz().ofPixels(logits, labels).item()).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void whatALossOfPixelsCannotBeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Loss.Sum(List.of(new Loss.Sum(List.of(new Loss.Mse()), List.of())), List.of()))
                .withMessageContaining("none of them a sum");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Loss.Sum(List.of(new Loss.Mse()), List.of(1.0, 2.0)))
                .withMessage("loss.weights must be one for each loss, 0 or more, got [1.0, 2.0] for 1 losses");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PixelLoss.Tversky(0, 0))
                .withMessageContaining("not both 0");
    }
}
