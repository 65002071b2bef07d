package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;

/** Against {@code test/oracle/similarity.py}. */
class SimilarityTest {

    private static Tensor picture(int height, int width) {
        double[] values = new double[height * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.5 + 0.45 * Math.sin(0.37 * i) * Math.cos(0.011 * i);
        }
        return Tensor.of(values, 1, 1, height, width).to(dev.fovea.engine.DType.FLOAT32);
    }

    private static Tensor copy(int height, int width) {
        double[] values = picture(height, width).toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, Math.min(1, 0.9 * values[i] + 0.05 + 0.04 * Math.sin(1.7 * i)));
        }
        return Tensor.of(values, 1, 1, height, width).to(dev.fovea.engine.DType.FLOAT32);
    }

    @Test
    void ssimEqualsScikitImage() {
        assertThat(Similarity.ssim(picture(24, 31), copy(24, 31)).item()).isCloseTo(0.9829650537024298, within(1e-4));
    }

    @Test
    void multiScaleEqualsItsDefinition() {
        assertThat(Similarity.multiScale(picture(192, 200), copy(192, 200)).item())
                .isCloseTo(0.993634766888438, within(1e-4));
    }

    @Test
    void equalPicturesAreEqual() {
        assertThat(Similarity.ssim(picture(24, 31), picture(24, 31)).item()).isCloseTo(1, within(1e-6));
        var metrics = new PictureMetrics();
        metrics.add(picture(24, 31), picture(24, 31));
        assertThat(metrics.values())
                .containsEntry("mse", 0.0)
                .containsEntry("mae", 0.0)
                .containsEntry("psnr", 100.0);
    }

    @Test
    void countsErrorsOfKnownSize() {
        var metrics = new PictureMetrics();
        metrics.add(Tensor.zeros(2, 1, 8, 8), Tensor.full(0.1, 2, 1, 8, 8));
        assertThat(metrics.values().get("mse")).isCloseTo(0.01, within(1e-6));
        assertThat(metrics.values().get("mae")).isCloseTo(0.1, within(1e-6));
        assertThat(metrics.values().get("psnr")).isCloseTo(20, within(1e-3));
        assertThat(metrics.values()).doesNotContainKey("ssim");
    }

    @Test
    void refusesPicturesWithoutRoomForAWindow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Similarity.ssim(picture(10, 31), copy(10, 31)))
                .withMessage("similarity: sides must be at least 11 pixels, got 31x10");
    }

    @Test
    void principalComponentsFindTheLineThatPointsLieOn() {
        var rows = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> new float[] {3 + 2 * i, 1 - i, (i % 2) * 0.01f})
                .toList();
        var components = PrincipalComponents.of(rows, 2);
        var first = components.directions().get(0);
        assertThat(Math.abs(first.get(0))).isCloseTo(2 / Math.sqrt(5), within(1e-4));
        assertThat(first.get(0) * first.get(1)).isNegative();
        assertThat(components.project(rows).get(10)[1]).isCloseTo(0, within(0.01));
    }

    @Test
    void placesAreAlikeButWhereSomethingWasChanged() {
        Tensor picture = Tensor.rand(1, 3, 40, 40);
        Tensor changed = picture.copy();
        changed.narrow(2, 0, 8).narrow(3, 0, 8).fill_(0);
        Tensor places = Similarity.places(picture, changed);
        assertThat(places.shape()).containsExactly(1, 30, 30);
        assertThat(places.mean().item())
                .isCloseTo(Similarity.ssim(picture, changed).item(), within(1e-5));
        assertThat(places.narrow(1, 8, 22).min().item()).isCloseTo(1, within(1e-4));
        assertThat(places.select(1, 0).select(1, 0).item()).isLessThan(0.8);
    }

    @Test
    void picturesTooSmallForSimilarityDoNotCountInIts() {
        var metrics = new PictureMetrics();
        Tensor large = Tensor.rand(1, 1, 16, 16);
        metrics.add(large, large);
        Tensor small = Tensor.rand(3, 1, 4, 4);
        metrics.add(small.mul(0), small);
        assertThat(metrics.values().get("ssim")).isCloseTo(1, within(1e-6));
        assertThat(metrics.values().get("mse")).isBetween(0.05, 0.6);
    }
}
