package dev.fovea.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChartsTest {

    private static List<Double> numbers(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" ")).map(Double::valueOf).toList();
    }

    private static long colours(BufferedImage image) {
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
    }

    /** The inputs that stopped reports, and their kin. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.5 1e20",
                "1e20 -1e20",
                "NaN 0.5",
                "NaN NaN",
                "NaN",
                "Infinity 0.5 -Infinity",
                "1.7e308 -1.7e308",
                "4.9e-324 1e-310",
                "0 1e-300",
                "1e-29 1",
                "1e-29 2e-29",
                "1.1e-9 1",
                "1e-8 1e9",
                "1e8 100000000.5",
                "999999999.9 1e9",
                "-1e9 1e9 1e9",
                "7",
                "7 7 7",
                "0 0",
                "0.1 0.10000000000000002",
                ""
            })
    void everyChartReturnsWhateverItsNumbers(String text) {
        List<Double> values = numbers(text);
        var points = new ArrayList<double[]>();
        for (int i = 0; i < values.size(); i++) {
            points.add(new double[] {values.get(i), values.get(values.size() - 1 - i)});
        }
        var usual = Charts.curves("Loss", "loss", Map.of("train", List.of(2.0, 1.0)));
        assertThat(List.of(
                        Charts.curves("Loss", "loss", Map.of("train", values, "validation", List.of())),
                        Charts.reliability(
                                "nothing",
                                Map.of(
                                        "this model",
                                        values.stream()
                                                .map(v -> new double[] {v, v})
                                                .toList())),
                        Charts.rates(values, values, values.isEmpty() ? Double.NaN : values.get(0)),
                        Charts.rates(numbers("1e-5 1e-4 1e-3").subList(0, Math.min(3, values.size())), values, 1e-4),
                        Charts.lines("Lines", "x", "y", Map.of("one", points, "two", List.of(new double[] {1, 2}))),
                        Charts.scatter("Scatter", "x", "y", Map.of("one", points))))
                .allSatisfy(chart -> {
                    assertThat(chart.getHeight()).isEqualTo(usual.getHeight());
                    assertThat(colours(chart)).as("title and axes").isGreaterThan(5);
                });
    }

    @Test
    void saysWhatItCouldNotDrawAsItIs() {
        var points = new Points();
        var drawn = points.drawable(
                new double[] {1, 2, 3, 4}, new double[] {0.5, 1e20, Double.NaN, Double.NEGATIVE_INFINITY});
        assertThat(drawn.x()).containsExactly(1, 2);
        assertThat(drawn.y()).containsExactly(0.5, 1e9);
        assertThat(points.words()).isEqualTo("1 beyond 1e9 drawn there, 2 without a finite value left out");
    }
}
