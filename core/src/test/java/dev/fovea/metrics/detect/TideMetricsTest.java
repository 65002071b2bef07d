package dev.fovea.metrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Box;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Against the definitions in {@code test/oracle/detection.py}, on pycocotools' matches. */
class TideMetricsTest {

    static List<DetectionCase> cases() {
        return DetectionCase.read("detect-boxes.json");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheDefinitions(DetectionCase one) {
        var metrics = new TideMetrics(one.classes(), Region.BOX);
        one.each(metrics::add);
        TideResult result = metrics.result();
        JsonNode expected = one.expected("tide");
        close(result.averagePrecision50(), expected.get("ap50"));
        close(result.falsePositives(), expected.get("falsePositives"));
        close(result.falseNegatives(), expected.get("falseNegatives"));
        assertThat(result.costs()).extracting(TideResult.Cost::error).containsExactly(DetectionError.values());
        for (TideResult.Cost cost : result.costs()) {
            JsonNode own = expected.get("costs").get(cost.error().name());
            assertThat(cost.count())
                    .as(cost.error().name())
                    .isEqualTo(own.get(0).asLong());
            close(cost.gain(), own.get(1));
        }
    }

    private static void close(double actual, JsonNode expected) {
        assertThat(DetectionCase.recorded(actual)).isCloseTo(expected.asDouble(), within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ap50IsCocos(DetectionCase one) {
        var metrics = new TideMetrics(one.classes(), Region.BOX);
        one.each(metrics::add);
        assertThat(DetectionCase.recorded(metrics.result().averagePrecision50()))
                .isCloseTo(one.expected("coco").get(1).asDouble(), within(1e-9));
    }

    private static final Box CAT = new Box(0, 0, 10, 10);
    private static final Box DOG = new Box(50, 0, 60, 10);

    /** A cat and a dog, both found; one more detection, of the highest score, or one of them less. */
    private static TideResult with(DetectionError error) {
        var boxes = new ArrayList<>(List.of(CAT, DOG));
        var labels = new ArrayList<>(List.of(0, 1));
        var scores = new ArrayList<>(List.of(0.5, 0.5));
        if (error != DetectionError.DUPLICATE && error != DetectionError.BACKGROUND) {
            boxes.remove(1);
            labels.remove(1);
            scores.remove(1);
        }
        if (error != DetectionError.MISSED) {
            scores.add(error == DetectionError.DUPLICATE ? 0.4 : 0.9);
            labels.add(error == DetectionError.CLASSIFICATION || error == DetectionError.BOTH ? 0 : 1);
            boxes.add(
                    switch (error) {
                        case CLASSIFICATION, DUPLICATE -> DOG;
                        case BACKGROUND -> new Box(80, 80, 90, 90);
                        default -> new Box(50, 0, 54, 10);
                    });
        }
        var metrics = new TideMetrics(List.of("cat", "dog"), Region.BOX);
        metrics.add(GroundTruth.of(List.of(CAT, DOG), List.of(0, 1)), Detections.of(boxes, labels, scores));
        return metrics.result();
    }

    @ParameterizedTest
    @EnumSource(DetectionError.class)
    void eachErrorIsToldFromTheOthers(DetectionError error) {
        TideResult result = with(error);
        for (TideResult.Cost cost : result.costs()) {
            long expected = cost.error() == error ? 1 : 0;
            long missedToo = error == DetectionError.BOTH && cost.error() == DetectionError.MISSED ? 1 : 0;
            assertThat(cost.count()).as(cost.error().name()).isEqualTo(expected + missedToo);
        }
    }

    /** The wrong cat halves the cats' precision and leaves the dog unfound: from (1/2 + 0) / 2 to 1. */
    @Test
    void aClassPutRightIsWorthWhatBothClassesGain() {
        TideResult result = with(DetectionError.CLASSIFICATION);
        assertThat(result.averagePrecision50()).isCloseTo(0.25, within(1e-12));
        assertThat(result.cost(DetectionError.CLASSIFICATION).gain()).isCloseTo(0.75, within(1e-12));
        assertThat(result.falsePositives()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void aPlacePutRightAndAMissedObjectAreWorthTheirClass() {
        assertThat(with(DetectionError.LOCALIZATION)
                        .cost(DetectionError.LOCALIZATION)
                        .gain())
                .isCloseTo(0.5, within(1e-12));
        assertThat(with(DetectionError.MISSED).cost(DetectionError.MISSED).gain())
                .isCloseTo(0.5, within(1e-12));
        assertThat(with(DetectionError.MISSED).falseNegatives()).isCloseTo(0.5, within(1e-12));
    }

    /** A duplicate below all right ones costs nothing; a false cat above them costs half of the class. */
    @Test
    void whatCostsNothingIsCountedAllTheSame() {
        assertThat(with(DetectionError.DUPLICATE).cost(DetectionError.DUPLICATE).gain())
                .isZero();
        assertThat(with(DetectionError.BACKGROUND)
                        .cost(DetectionError.BACKGROUND)
                        .gain())
                .isCloseTo(0.25, within(1e-12));
    }

    /** A tenth of an object of another class. */
    @Test
    void atTheBackgroundThresholdAnotherClassIsBackground() {
        var metrics = new TideMetrics(List.of("cat", "dog"), Region.BOX);
        metrics.add(
                GroundTruth.of(List.of(CAT), List.of(0)),
                Detections.of(List.of(new Box(0, 0, 1, 10)), List.of(1), List.of(0.9)));
        assertThat(metrics.result().cost(DetectionError.BACKGROUND).count()).isEqualTo(1);
        assertThat(metrics.result().cost(DetectionError.BOTH).count()).isZero();
    }
}
