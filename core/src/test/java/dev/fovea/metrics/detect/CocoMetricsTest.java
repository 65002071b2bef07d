package dev.fovea.metrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.data.Box;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against pycocotools, see {@code test/oracle/detection.py}. */
class CocoMetricsTest {

    static List<DetectionCase> boxes() {
        return DetectionCase.read("detect-boxes.json");
    }

    static List<DetectionCase> masks() {
        return DetectionCase.read("detect-masks.json");
    }

    @ParameterizedTest
    @MethodSource("boxes")
    void boxesHavePycocotoolsFigures(DetectionCase one) {
        agrees(one, Region.BOX);
    }

    @ParameterizedTest
    @MethodSource("masks")
    void masksHavePycocotoolsFigures(DetectionCase one) {
        agrees(one, Region.MASK);
    }

    private static void agrees(DetectionCase one, Region region) {
        var metrics = new CocoMetrics(one.classes(), region);
        one.each(metrics::add);
        CocoResult result = metrics.result();
        double[] figures = result.values().values().stream()
                .mapToDouble(DetectionCase::recorded)
                .toArray();
        assertThat(figures).containsExactly(Golden.array(one.expected("coco")), within(1e-9));
        agrees(result.perClass(), DetectionCase.rows(one.expected("cocoPerClass")));
    }

    static void agrees(List<CocoResult.PerClass> actual, List<double[]> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int c = 0; c < expected.size(); c++) {
            var own = actual.get(c);
            assertThat(new double[] {own.averagePrecision(), own.averagePrecision50(), own.averageRecall()})
                    .as(own.name())
                    .containsExactly(
                            Arrays.stream(expected.get(c))
                                    .map(v -> v == -1 ? Double.NaN : v)
                                    .toArray(),
                            within(1e-9));
        }
    }

    private static Detections found(double score, Box... boxes) {
        return Detections.of(
                List.of(boxes), Collections.nCopies(boxes.length, 0), Collections.nCopies(boxes.length, score));
    }

    private static GroundTruth truth(Box... boxes) {
        return GroundTruth.of(List.of(boxes), Collections.nCopies(boxes.length, 0));
    }

    private static final Box BOX = new Box(0, 0, 10, 10);

    /** One of two is found, by the second of three detections, at an IoU of 0.6: recalls to 0.5, precision 1/2, 3 thresholds. */
    @Test
    void theMeanIsWhatOneWorksOutByHand() {
        var metrics = new CocoMetrics(List.of("cat"), Region.BOX);
        metrics.add(truth(BOX, new Box(50, 0, 60, 10)), found(0.9, new Box(20, 0, 30, 10)));
        metrics.add(truth(), found(0.3, BOX));
        metrics.add(GroundTruth.NONE, Detections.NONE);
        var second = new CocoMetrics(List.of("cat"), Region.BOX);
        second.add(
                truth(BOX, new Box(50, 0, 60, 10)),
                Detections.of(
                        List.of(new Box(20, 0, 30, 10), new Box(0, 0, 6, 10), new Box(80, 0, 90, 10)),
                        List.of(0, 0, 0),
                        List.of(0.9, 0.8, 0.7)));
        assertThat(metrics.result().averagePrecision().mean()).isZero();
        CocoResult result = second.result();
        assertThat(result.averagePrecision().at50()).isCloseTo(51 * 0.5 / 101, within(1e-12));
        assertThat(result.averagePrecision().mean()).isCloseTo(0.3 * 51 * 0.5 / 101, within(1e-12));
        assertThat(result.averageRecall().of1()).isZero();
        assertThat(result.averageRecall().of10()).isCloseTo(0.3 * 0.5, within(1e-12));
        assertThat(result.perClass().get(0).support()).isEqualTo(2);
    }

    @Test
    void aPerfectDetectorHasOneAndEmptyDataHaveNoFigure() {
        var metrics = new CocoMetrics(List.of("cat", "dog"), Region.BOX);
        assertThat(metrics.result().values().values()).allMatch(value -> Double.isNaN(value));
        metrics.add(truth(BOX), found(1, BOX));
        assertThat(metrics.result().averagePrecision().mean()).isEqualTo(1);
        assertThat(metrics.result().perClass().get(1).averagePrecision()).isNaN();
        assertThat(metrics.result().values().keySet())
                .startsWith("map", "map50", "map75")
                .hasSize(12);
    }

    /** Images with boxes of some classes, some of them found, all with scores of their own. */
    private static List<GroundTruth> scenes(int images, SplittableRandom random, List<Detections> founds) {
        var truths = new ArrayList<GroundTruth>();
        for (int i = 0; i < images; i++) {
            var boxes = new ArrayList<Box>();
            var labels = new ArrayList<Integer>();
            var seen = new ArrayList<Box>();
            var scores = new ArrayList<Double>();
            for (int k = 0; k < 6; k++) {
                double left = random.nextDouble(200);
                double top = random.nextDouble(200);
                boxes.add(new Box(left, top, left + 20 + 100 * random.nextDouble(), top + 40));
                labels.add(random.nextInt(3));
                seen.add(new Box(left + random.nextDouble(10), top, boxes.get(k).right() + 3, top + 40));
                scores.add(0.1 + 0.9 * random.nextDouble());
            }
            truths.add(GroundTruth.of(boxes, labels));
            founds.add(Detections.of(seen, labels, scores));
        }
        return truths;
    }

    private static CocoResult result(List<GroundTruth> truths, List<Detections> founds, List<Integer> order) {
        var metrics = new CocoMetrics(DetectionCase.names(3), Region.BOX);
        order.forEach(i -> metrics.add(truths.get(i), founds.get(i)));
        return metrics.result();
    }

    @Test
    void theOrderOfTheImagesChangesNothing() {
        var founds = new ArrayList<Detections>();
        List<GroundTruth> truths = scenes(20, new SplittableRandom(1), founds);
        var order = new ArrayList<Integer>();
        for (int i = 0; i < truths.size(); i++) {
            order.add(i);
        }
        CocoResult before = result(truths, founds, order);
        assertThat(before.averagePrecision().mean()).isBetween(0.3, 0.9);
        Collections.shuffle(order, new Random(2));
        assertThat(result(truths, founds, order)).isEqualTo(before);
    }

    @Test
    void aFalsePositiveOfTheHighestScoreLowersAndOneOfTheLowestDoesNotRaise() {
        var founds = new ArrayList<Detections>();
        List<GroundTruth> truths = scenes(20, new SplittableRandom(3), founds);
        var order = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        CocoResult before = result(truths, founds, order);
        CocoResult lowest = result(truths, with(founds, 0.001), order);
        CocoResult highest = result(truths, with(founds, 1.0), order);
        for (int c = 0; c < 3; c++) {
            double ap = before.perClass().get(c).averagePrecision();
            assertThat(lowest.perClass().get(c).averagePrecision()).isEqualTo(ap);
            if (c == 1) {
                assertThat(highest.perClass().get(c).averagePrecision()).isLessThan(ap);
            }
        }
    }

    /** One more of class 1 in the first image, where nothing is. */
    private static List<Detections> with(List<Detections> founds, double score) {
        var more = new ArrayList<>(founds);
        Detections first = founds.get(0);
        var boxes = new ArrayList<>(first.boxes());
        var labels = new ArrayList<>(first.labels());
        var scores = new ArrayList<>(first.scores());
        boxes.add(new Box(900, 900, 950, 950));
        labels.add(1);
        scores.add(score);
        more.set(0, Detections.of(boxes, labels, scores));
        return more;
    }

    @Test
    void rejectsALabelThatIsNoClass() {
        var metrics = new CocoMetrics(List.of("cat"), Region.BOX);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.add(GroundTruth.of(List.of(BOX), List.of(1)), Detections.NONE))
                .withMessage("ground truth: label 1 is none of the 1 classes, which are counted from 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.add(GroundTruth.NONE, Detections.of(List.of(BOX), List.of(7), List.of(0.5))))
                .withMessage("detections: label 7 is none of the 1 classes, which are counted from 0");
    }

    @Test
    void rejectsBoxesWhereMasksAreMeasured() {
        var metrics = new CocoMetrics(List.of("cat"), Region.MASK);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.add(truth(BOX), found(0.5, BOX)))
                .withMessage("masks: each object needs one, got 0 masks of 1 true and 0 of 1 found objects");
    }

    /** 5,000 images of 100 detections and 10 true objects, 80 classes; of the processor's time, as others may run. */
    @Test
    @Tag("slow")
    void takesInAsMuchAsCocoHasInTenSeconds() {
        var random = new SplittableRandom(4);
        var metrics = new CocoMetrics(DetectionCase.names(80), Region.BOX);
        long nanos = 0;
        for (int i = 0; i < 5000; i++) {
            var founds = crowded(random, 100);
            var truth = GroundTruth.of(
                    founds.boxes().subList(0, 10), founds.labels().subList(0, 10));
            long start = processorNanos();
            metrics.add(truth, founds);
            nanos += processorNanos() - start;
        }
        long start = processorNanos();
        double map = metrics.result().averagePrecision().mean();
        nanos += processorNanos() - start;
        assertThat(map).isBetween(0.05, 0.5);
        assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofSeconds(10));
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Detections crowded(SplittableRandom random, int count) {
        var boxes = new ArrayList<Box>();
        var labels = new ArrayList<Integer>();
        var scores = new ArrayList<Double>();
        for (int k = 0; k < count; k++) {
            double left = random.nextDouble(500);
            double top = random.nextDouble(400);
            boxes.add(new Box(left, top, left + random.nextDouble(1, 140), top + random.nextDouble(1, 140)));
            labels.add(random.nextInt(80));
            scores.add(random.nextDouble());
        }
        return Detections.of(boxes, labels, scores);
    }
}
