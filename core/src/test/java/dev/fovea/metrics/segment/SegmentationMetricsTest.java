package dev.fovea.metrics.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Mask;
import dev.fovea.image.DistanceTransform;
import dev.fovea.image.Size;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmentationMetricsTest {

    private static final List<String> CLASSES = List.of("sky", "road", "car");

    private static Mask mask(int height, int width, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return new Mask(new Size(height, width), bytes);
    }

    @Test
    void figuresAreThoseOfTheirDefinitionsAndIgnoredPixelsCountForNothing() {
        var metrics = new SegmentationMetrics(CLASSES, false);
        metrics.add(mask(2, 3, 0, 0, 1, 1, 255, 1), mask(2, 3, 0, 1, 1, 1, 2, 0));
        metrics.add(mask(1, 2, 0, 0), mask(1, 2, 0, 0));
        SegmentationResult result = metrics.result();
        assertThat(result.confusion()).containsExactly(List.of(3L, 1L, 0L), List.of(1L, 2L, 0L), List.of(0L, 0L, 0L));
        assertThat(result.perClass().get(0).iou()).isEqualTo(3 / 5.0);
        assertThat(result.perClass().get(1).iou()).isEqualTo(2 / 4.0);
        assertThat(result.perClass().get(2).iou()).isNaN();
        assertThat(result.perClass().get(0).dice()).isEqualTo(6 / 8.0);
        assertThat(result.perClass().get(1).accuracy()).isEqualTo(2 / 3.0);
        assertThat(result.values().get("miou")).isCloseTo((0.6 + 0.5) / 2, within(1e-12));
        assertThat(result.values().get("pixelAccuracy")).isCloseTo(5 / 7.0, within(1e-12));
        assertThat(result.values()).doesNotContainKey("boundaryF1");
    }

    @Test
    void aBoundaryThatIsOffByMoreThanTheToleranceIsWrong() {
        assertThat(boundary(10, 10)).isEqualTo(1);
        assertThat(boundary(10, 11)).as("within one pixel").isEqualTo(1);
        assertThat(boundary(10, 14)).isZero();
    }

    /** Of two halves that meet at a column; the diagonal of 40 x 40 pixels allows one pixel. */
    private static double boundary(int wanted, int told) {
        var metrics = new SegmentationMetrics(List.of("left", "right"), true);
        metrics.add(halves(wanted), halves(told));
        return metrics.result().values().get("boundaryF1");
    }

    private static Mask halves(int column) {
        int[] values = new int[1600];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 40 < column ? 0 : 1;
        }
        return mask(40, 40, values);
    }

    @Test
    void distancesEqualThoseFoundByTryingAllPixels() {
        var random = new SplittableRandom(3);
        var size = new Size(17, 23);
        byte[] marked = new byte[17 * 23];
        for (int i = 0; i < 12; i++) {
            marked[random.nextInt(marked.length)] = 1;
        }
        float[] distances = DistanceTransform.of(size, marked);
        for (int i = 0; i < marked.length; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < marked.length; j++) {
                if (marked[j] != 0) {
                    least = Math.min(least, Math.hypot(i % 23 - j % 23, i / 23 - j / 23));
                }
            }
            assertThat((double) distances[i]).isCloseTo(least, within(1e-4));
        }
        assertThat(DistanceTransform.of(size, new byte[17 * 23])).containsOnly(Float.POSITIVE_INFINITY);
    }

    @Test
    void masksOfOtherSizesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SegmentationMetrics(CLASSES, false).add(mask(1, 2, 0, 0), mask(2, 1, 0, 0)))
                .withMessageContaining("cannot be compared");
    }
}
