package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {

    /** Two classes, the first one answered by so much, right in so many of all images. */
    private static List<float[]> sure(float gap, int images) {
        var logits = new ArrayList<float[]>();
        for (int i = 0; i < images; i++) {
            logits.add(new float[] {gap, 0});
        }
        return logits;
    }

    private static int[] labels(int right, int images) {
        int[] labels = new int[images];
        for (int i = right; i < images; i++) {
            labels[i] = 1;
        }
        return labels;
    }

    /** Of two classes the optimum is known: the gap over the log odds of being right. */
    @ParameterizedTest
    @CsvSource({
        "4,   80, 100, 2.885390",
        "1,   95, 100, 0.339623",
        "2.5, 60, 100, 6.165759",
    })
    void temperatureMakesTheProbabilityTheShareThatIsRight(float gap, int right, int images, double expected) {
        double temperature = TemperatureScaling.fit(sure(gap, images), labels(right, images));
        assertThat(temperature).isCloseTo(expected, within(1e-5));
        assertThat((double) Softmax.of(new float[] {gap, 0}, temperature)[0])
                .isCloseTo(right / (double) images, within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "0, 100", "10, 19"})
    void temperatureIsOneWhereItCannotBeTold(int right, int images) {
        assertThat(TemperatureScaling.fit(sure(3, images), labels(right, images)))
                .isEqualTo(1);
    }

    @Test
    void temperatureStaysInItsRangeWhereNoAnswerIsBetterThanAGuess() {
        assertThat(TemperatureScaling.fit(sure(3, 100), labels(40, 100))).isCloseTo(20, within(1e-6));
    }

    @Test
    void softmaxOfLargeLogitsIsFinite() {
        assertThat(Softmax.of(new float[] {1000, 999}, 1)).containsExactly(0.7310586f, 0.26894143f);
        assertThat(Softmax.logSumExp(new float[] {1000, 999})).isCloseTo(1000.3132617, within(1e-6));
    }

    @Test
    void scaledLogitsAreDividedByTheTemperature() {
        assertThat(TemperatureScaling.scaled(new float[] {3, -1}, 2)).containsExactly(1.5f, -0.5f);
    }

    /** (0.3² + 0.3² + 0.8² + 0.8²) / 2, of probabilities 0.7 and 0.2. */
    @Test
    void brierIsTheSquaredDistanceFromTheTruth() {
        var metrics = new ClassificationMetrics(List.of("a", "b"));
        metrics.add(
                new float[] {(float) Math.log(0.7), (float) Math.log(0.3), (float) Math.log(0.2), (float) Math.log(0.8)
                },
                new long[] {0, 0});
        assertThat(metrics.result().brier()).isCloseTo(0.73, within(1e-6));
        assertThat(metrics.result().values())
                .containsEntry("brier", metrics.result().brier());
    }
}
