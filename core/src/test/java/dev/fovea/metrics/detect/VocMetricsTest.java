package dev.fovea.metrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Box;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Against the definitions in {@code test/oracle/detection.py}. */
class VocMetricsTest {

    static List<DetectionCase> cases() {
        return DetectionCase.read("detect-boxes.json");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheDefinitions(DetectionCase one) {
        agrees(one, VocMetrics.Edges.EXCLUSIVE, one.expected("voc"));
        agrees(one, VocMetrics.Edges.INCLUSIVE, one.expected("vocInclusive"));
    }

    private static void agrees(DetectionCase one, VocMetrics.Edges edges, JsonNode expected) {
        var metrics = new VocMetrics(one.classes(), edges);
        one.each(metrics::add);
        VocResult result = metrics.result();
        assertThat(DetectionCase.recorded(result.elevenPoint()))
                .isCloseTo(expected.get("elevenPoint").asDouble(), within(1e-9));
        assertThat(DetectionCase.recorded(result.area()))
                .isCloseTo(expected.get("area").asDouble(), within(1e-9));
        List<double[]> rows = DetectionCase.rows(expected.get("perClass"));
        for (int c = 0; c < rows.size(); c++) {
            var own = result.perClass().get(c);
            assertThat(new double[] {DetectionCase.recorded(own.elevenPoint()), DetectionCase.recorded(own.area())})
                    .containsExactly(rows.get(c), within(1e-9));
        }
    }

    private static final Box FIRST = new Box(0, 0, 10, 10);
    private static final Box SECOND = new Box(50, 0, 60, 10);

    private static VocResult result(VocMetrics.Edges edges, GroundTruth truth, Box... found) {
        var scores = new ArrayList<Double>();
        for (int i = 0; i < found.length; i++) {
            scores.add(0.9 - i / 10.0);
        }
        var metrics = new VocMetrics(List.of("cat"), edges);
        metrics.add(truth, Detections.of(List.of(found), Collections.nCopies(found.length, 0), scores));
        return metrics.result();
    }

    private static VocResult result(GroundTruth truth, Box... found) {
        return result(VocMetrics.Edges.EXCLUSIVE, truth, found);
    }

    private static GroundTruth both() {
        return GroundTruth.of(List.of(FIRST, SECOND), List.of(0, 0));
    }

    /** Right, twice the same, right: precisions 1, 1/2, 2/3 at recalls 1/2, 1/2, 1. */
    @Test
    void whatIsFoundTwiceIsWrongTheSecondTime() {
        VocResult result = result(both(), FIRST, FIRST, SECOND);
        assertThat(result.area()).isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-12));
        assertThat(result.elevenPoint()).isCloseTo((6 + 5 * 2 / 3.0) / 11, within(1e-12));
    }

    @Test
    void difficultObjectsAreNeitherRightNorWrong() {
        GroundTruth truth = both().withIgnore(List.of(true, false));
        assertThat(result(truth, FIRST, FIRST, SECOND).area()).isEqualTo(1);
        assertThat(result(truth).area()).isZero();
        assertThat(result(both().withIgnore(List.of(true, true)), FIRST).area()).isNaN();
    }

    /** 10 pixels beside 20 are half of it; with inclusive edges they are 11 beside 21, and 11 of 22. */
    @Test
    void halfAnOverlapIsEnoughAndWidthsFollowTheEdges() {
        var truth = GroundTruth.of(List.of(new Box(0, 0, 20, 10)), List.of(0));
        assertThat(result(truth, FIRST).area()).isEqualTo(1);
        assertThat(result(truth, new Box(0, 0, 9.99, 10)).area()).isZero();
        var wider = GroundTruth.of(List.of(new Box(0, 0, 21, 10)), List.of(0));
        assertThat(result(wider, FIRST).area()).isZero();
        assertThat(result(VocMetrics.Edges.INCLUSIVE, wider, FIRST).area()).isEqualTo(1);
    }

    /** In floating point 0.1 times 3 is more than 3 of 10. */
    @Test
    void recallsAreComparedWithoutRounding() {
        var boxes = new ArrayList<Box>();
        for (int i = 0; i < 10; i++) {
            boxes.add(new Box(20 * i, 0, 20 * i + 10, 10));
        }
        var truth = GroundTruth.of(boxes, Collections.nCopies(10, 0));
        assertThat(result(truth, boxes.get(0), boxes.get(1), boxes.get(2)).elevenPoint())
                .isCloseTo(4 / 11.0, within(1e-12));
    }
}
