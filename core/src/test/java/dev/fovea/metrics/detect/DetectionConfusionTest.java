package dev.fovea.metrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.Golden;
import dev.fovea.data.Box;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the definition in {@code test/oracle/detection.py}. */
class DetectionConfusionTest {

    static List<DetectionCase> cases() {
        return DetectionCase.read("detect-boxes.json");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheDefinition(DetectionCase one) {
        double confidence = Golden.read("detect-boxes.json").get("confidence").asDouble();
        var confusion = new DetectionConfusion(one.classes(), Region.BOX, confidence);
        one.each(confusion::add);
        List<double[]> rows = DetectionCase.rows(one.expected("confusion"));
        for (int r = 0; r < rows.size(); r++) {
            assertThat(confusion.result().counts().get(r).stream()
                            .mapToDouble(v -> v)
                            .toArray())
                    .containsExactly(rows.get(r));
        }
    }

    private static final Box BOX = new Box(0, 0, 10, 10);

    private static List<List<Long>> counts(GroundTruth truth, Detections found) {
        var confusion = new DetectionConfusion(List.of("cat", "dog"), Region.BOX, 0.5);
        confusion.add(truth, found);
        return confusion.result().counts();
    }

    @Test
    void theRowIsTheTruthAndTheLastIsBackground() {
        var truth = GroundTruth.of(List.of(BOX, new Box(50, 0, 60, 10)), List.of(0, 0));
        var found = Detections.of(
                List.of(BOX, new Box(80, 0, 90, 10), new Box(50, 0, 60, 10)), List.of(1, 1, 0), List.of(0.9, 0.8, 0.4));
        assertThat(counts(truth, found)).containsExactly(List.of(0L, 1L, 1L), List.of(0L, 0L, 0L), List.of(0L, 1L, 0L));
        assertThat(new DetectionConfusion(List.of("cat"), Region.BOX, 0.5)
                        .result()
                        .names())
                .containsExactly("cat", "background");
    }

    /** However sure the other one is. */
    @Test
    void theHighestIouIsMatchedFirst() {
        var truth = GroundTruth.of(List.of(BOX), List.of(0));
        var found = Detections.of(List.of(new Box(0, 0, 8, 10), BOX), List.of(0, 1), List.of(1.0, 0.5));
        assertThat(counts(truth, found)).containsExactly(List.of(0L, 1L, 0L), List.of(0L, 0L, 0L), List.of(1L, 0L, 0L));
    }

    @Test
    void ofEqualIousTheRightClassIsMatchedFirstAndThenTheHigherScore() {
        var both = GroundTruth.of(List.of(BOX, BOX), List.of(0, 1));
        var found = Detections.of(List.of(BOX, BOX), List.of(1, 0), List.of(0.9, 0.8));
        assertThat(counts(both, found)).containsExactly(List.of(1L, 0L, 0L), List.of(0L, 1L, 0L), List.of(0L, 0L, 0L));
        var confusion = new DetectionConfusion(List.of("cat", "dog", "owl"), Region.BOX, 0.5);
        confusion.add(
                GroundTruth.of(List.of(BOX), List.of(0)),
                Detections.of(List.of(BOX, BOX), List.of(1, 2), List.of(0.8, 0.9)));
        assertThat(confusion.result().counts().get(0)).containsExactly(0L, 0L, 1L, 0L);
        assertThat(confusion.result().counts().get(3)).containsExactly(0L, 1L, 0L, 0L);
    }

    @Test
    void whatLiesInACrowdOfItsClassIsLeftOut() {
        var truth = GroundTruth.of(List.of(new Box(0, 0, 100, 100)), List.of(0)).withIgnore(List.of(true));
        var found = Detections.of(List.of(BOX, BOX), List.of(0, 1), List.of(0.9, 0.9));
        assertThat(counts(truth, found)).containsExactly(List.of(0L, 0L, 0L), List.of(0L, 0L, 0L), List.of(0L, 1L, 0L));
    }

    @Test
    void rejectsAConfidenceThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DetectionConfusion(List.of("cat"), Region.BOX, 50))
                .withMessage("detection confusion: confidence must be from 0 to 1, got 50.0");
    }
}
