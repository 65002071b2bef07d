package dev.fovea.metrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.data.Box;
import dev.fovea.metrics.PrecisionRecall;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the definitions in {@code test/oracle/detection.py}, on pycocotools' matches. */
class ConfidenceMetricsTest {

    static List<DetectionCase> cases() {
        return DetectionCase.read("detect-boxes.json");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theBestF1AgreesWithTheDefinition(DetectionCase one) {
        var metrics = new ConfidenceMetrics(one.classes(), Region.BOX);
        one.each(metrics::add);
        ConfidenceResult result = metrics.result();
        agrees(result.overall(), Golden.array(one.expected("curves").get("overall")));
        List<double[]> rows = DetectionCase.rows(one.expected("curves").get("perClass"));
        for (int c = 0; c < rows.size(); c++) {
            agrees(result.perClass().get(c), rows.get(c));
        }
    }

    private static void agrees(ConfidenceResult.Curve curve, double[] expected) {
        assertThat(DetectionCase.recorded(curve.bestF1())).isCloseTo(expected[0], within(1e-9));
        assertThat(curve.bestConfidence()).isCloseTo(expected[1], within(1e-9));
        if (curve.bestF1() > 0) {
            assertThat(curve.f1At(curve.bestConfidence())).isCloseTo(curve.bestF1(), within(1e-9));
        }
    }

    private static final Box FIRST = new Box(0, 0, 10, 10);
    private static final Box SECOND = new Box(50, 0, 60, 10);
    private static final Box NOWHERE = new Box(90, 90, 99, 99);

    private static ConfidenceResult.Curve cats() {
        var metrics = new ConfidenceMetrics(List.of("cat", "dog"), Region.BOX);
        metrics.add(
                GroundTruth.of(List.of(FIRST, SECOND), List.of(0, 0)),
                Detections.of(List.of(NOWHERE, SECOND, FIRST), List.of(0, 0, 0), List.of(0.4, 0.6, 0.8)));
        assertThat(metrics.result().perClass().get(1).points().points()).isEmpty();
        assertThat(metrics.result().perClass().get(1).f1At(0.5)).isNaN();
        return metrics.result().perClass().get(0);
    }

    @Test
    void eachScoreHasItsPoint() {
        assertThat(cats().points().points())
                .containsExactly(
                        new PrecisionRecall.Point(0.8, 1, 0.5),
                        new PrecisionRecall.Point(0.6, 1, 1),
                        new PrecisionRecall.Point(0.4, 2 / 3.0, 1));
    }

    @Test
    void f1FollowsTheConfidenceInSteps() {
        var cats = cats();
        assertThat(cats.f1At(0.9)).isZero();
        assertThat(cats.f1At(0.8)).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(cats.f1At(0.61)).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(cats.f1At(0.6)).isEqualTo(1);
        assertThat(cats.f1At(0)).isCloseTo(0.8, within(1e-12));
        assertThat(cats.bestConfidence()).isCloseTo(0.5, within(1e-12));
    }
}
