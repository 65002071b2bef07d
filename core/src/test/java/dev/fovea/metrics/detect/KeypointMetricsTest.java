package dev.fovea.metrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.data.Box;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against pycocotools, see {@code test/oracle/detection.py}. */
class KeypointMetricsTest {

    static List<DetectionCase> cases() {
        return DetectionCase.read("detect-keypoints.json");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void keypointsHavePycocotoolsFigures(DetectionCase one) {
        var sigmas =
                Arrays.stream(Golden.array(one.json().get("sigmas"))).boxed().toList();
        var metrics = new KeypointMetrics(one.classes(), sigmas);
        one.each(metrics::add);
        KeypointResult result = metrics.result();
        double[] figures = result.values().values().stream()
                .mapToDouble(DetectionCase::recorded)
                .toArray();
        assertThat(figures).containsExactly(Golden.array(one.expected("coco")), within(1e-9));
        CocoMetricsTest.agrees(result.perClass(), DetectionCase.rows(one.expected("cocoPerClass")));
    }

    @Test
    void theSigmasOfPeopleAreThoseOfTheRecordedCase() {
        assertThat(Golden.array(cases().get(0).json().get("sigmas")))
                .containsExactly(
                        KeypointMetrics.COCO_SIGMAS.stream().mapToDouble(v -> v).toArray());
    }

    private static final Box BOX = new Box(0, 0, 100, 100);

    private static GroundTruth truth(Keypoint... points) {
        return GroundTruth.of(List.of(BOX), List.of(0)).withKeypoints(List.of(List.of(points)));
    }

    private static Detections found(Keypoint... points) {
        return Detections.of(List.of(BOX), List.of(0), List.of(0.5)).withKeypoints(List.of(List.of(points)));
    }

    /** exp(-d² / (2 area (2 sigma)²)) is 0.6 at d² = -ln 0.6 · 2 · 10⁴ · 0.04. */
    @Test
    void theSimilarityIsCocos() {
        double distance = Math.sqrt(-Math.log(0.6) * 2 * 1e4 * 0.04);
        var pairs = new KeypointPairs(
                truth(new Keypoint(50, 50, 2), new Keypoint(20, 20, 0)),
                found(new Keypoint(50 + distance, 50, 0), new Keypoint(900, 900, 0)),
                List.of(0.1, 0.1));
        assertThat(pairs.overlap(0, 0)).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void anObjectWithoutLabelledPointsIsNoneThatIsMissed() {
        var metrics = new KeypointMetrics(List.of("hand"), List.of(0.1));
        metrics.add(truth(new Keypoint(50, 50, 0)), Detections.NONE);
        assertThat(metrics.result().averagePrecision().mean()).isNaN();
        metrics.add(truth(new Keypoint(50, 50, 1)), found(new Keypoint(50, 50, 0)));
        assertThat(metrics.result().averagePrecision().mean()).isEqualTo(1);
    }

    @Test
    void rejectsOtherNumbersOfKeypointsThanSigmas() {
        var metrics = new KeypointMetrics(List.of("person"), KeypointMetrics.COCO_SIGMAS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.add(truth(new Keypoint(0, 0, 2)), Detections.NONE))
                .withMessage(
                        "keypoints: each object needs 17, one for each sigma, got 1 of true and 0 of found objects");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeypointMetrics(List.of("person"), List.of(0.1, 0.0)))
                .withMessage("keypoints: sigmas must be finite and above 0, got [0.1, 0.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keypoint(0, Double.NaN, 1))
                .withMessage("keypoint: x and y must be finite, got (0.0, NaN)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keypoint(0, 0, 3))
                .withMessage("keypoint: visibility must be 0, 1 or 2, got 3");
    }
}
