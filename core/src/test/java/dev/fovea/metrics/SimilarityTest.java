package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against {@code test/oracle/similarity.py}. */
class SimilarityTest {

    private static double wave(int phase, int i) {
        return 0.5 + 0.45 * Math.sin(0.37 * i + phase) * Math.cos(0.011 * i);
    }

    private static Tensor image(int height, int width) {
        return image(1, height, width);
    }

    private static Tensor copy(int height, int width) {
        return copy(1, height, width);
    }

    private static Tensor image(int channels, int height, int width) {
        return filled((channel, i) -> wave(channel, i), channels, height, width);
    }

    /** Each channel damaged more than the one before. */
    private static Tensor copy(int channels, int height, int width) {
        return filled(
                (channel, i) -> Math.max(
                        0, Math.min(1, 0.9 * wave(channel, i) + 0.05 + (0.04 + 0.1 * channel) * Math.sin(1.7 * i))),
                channels,
                height,
                width);
    }

    private static Tensor filled(BiFunction<Integer, Integer, Double> value, int channels, int height, int width) {
        double[] values = new double[channels * height * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(i / (height * width), i % (height * width));
        }
        return Tensor.of(values, 1, channels, height, width).to(DType.FLOAT32);
    }

    @ParameterizedTest
    @CsvSource({"1, 24, 31, 0.9829650537024298", "3, 24, 31, 0.857819923210989"})
    void ssimEqualsScikitImage(int channels, int height, int width, double expected) {
        assertThat(Similarity.ssim(image(channels, height, width), copy(channels, height, width))
                        .item())
                .isCloseTo(expected, within(1e-4));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 192, 200, 0.993634766888438",
        "1, 189, 201, 0.9951940731340574",
        "3, 189, 201, 0.9823917366141243" // 0.98266 if the channels were averaged scale by scale
    })
    void multiScaleEqualsItsDefinition(int channels, int height, int width, double expected) {
        assertThat(Similarity.multiScale(image(channels, height, width), copy(channels, height, width))
                        .item())
                .isCloseTo(expected, within(1e-4));
    }

    @Test
    void aSimilarityIsTheMeanOverTheImagesLargeEnoughForIt() {
        var metrics = new ImageMetrics();
        metrics.add(copy(192, 200), image(192, 200));
        metrics.add(copy(24, 31), image(24, 31));
        metrics.add(image(8, 8), image(8, 8));
        assertThat(metrics.values().get("msSsim")).isCloseTo(0.993634766888438, within(1e-4));
        double large = Similarity.ssim(image(192, 200), copy(192, 200)).item();
        assertThat(metrics.values().get("ssim")).isCloseTo((large + 0.9829650537024298) / 2, within(1e-4));
    }

    @Test
    void equalImagesAreEqual() {
        assertThat(Similarity.ssim(image(24, 31), image(24, 31)).item()).isCloseTo(1, within(1e-6));
        var metrics = new ImageMetrics();
        metrics.add(image(24, 31), image(24, 31));
        assertThat(metrics.values())
                .containsEntry("mse", 0.0)
                .containsEntry("mae", 0.0)
                .containsEntry("psnr", 100.0);
    }

    @Test
    void countsErrorsOfKnownSize() {
        var metrics = new ImageMetrics();
        metrics.add(Tensor.zeros(2, 1, 8, 8), Tensor.full(0.1, 2, 1, 8, 8));
        assertThat(metrics.values().get("mse")).isCloseTo(0.01, within(1e-6));
        assertThat(metrics.values().get("mae")).isCloseTo(0.1, within(1e-6));
        assertThat(metrics.values().get("psnr")).isCloseTo(20, within(1e-3));
        assertThat(metrics.values()).doesNotContainKey("ssim");
    }

    @ParameterizedTest
    @CsvSource({"2000", "30000"})
    void largeImagesAreComparedStripByStripWithTheSameFigures(long strip) {
        var whole = new ImageMetrics();
        whole.add(image(3, 203, 221), copy(3, 203, 221));
        var strips = new ImageMetrics(strip);
        strips.add(image(3, 203, 221), copy(3, 203, 221));
        assertThat(whole.values()).containsKeys("mse", "mae", "psnr", "ssim", "msSsim");
        whole.values()
                .forEach((name, value) ->
                        assertThat(strips.values().get(name)).as(name).isCloseTo(value, within(1e-5 * value)));
    }

    @Test
    void bytesHaveTheFiguresOfTheValuesTheyStandFor() {
        Tensor a = image(3, 181, 190).mul(255).round();
        Tensor b = copy(3, 181, 190).mul(255).round();
        var values = new ImageMetrics();
        values.add(a.mul(1.0 / 255), b.mul(1.0 / 255));
        var bytes = new ImageMetrics();
        bytes.add(a.to(DType.UINT8), b.to(DType.UINT8));
        assertThat(bytes.values()).isEqualTo(values.values());
    }

    @Test
    void refusesImagesWithoutRoomForAWindow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Similarity.ssim(image(10, 31), copy(10, 31)))
                .withMessage("similarity: sides must be at least 11 pixels, got 31x10");
    }

    @Test
    void placesAreAlikeButWhereSomethingWasChanged() {
        var random = Random.of(new Seed(1));
        Tensor image = Tensor.rand(random, 1, 3, 40, 40);
        Tensor changed = image.copy();
        changed.narrow(2, 0, 8).narrow(3, 0, 8).fill_(0);
        Tensor places = Similarity.places(image, changed);
        assertThat(places.shape()).containsExactly(1, 30, 30);
        assertThat(places.mean().item())
                .isCloseTo(Similarity.ssim(image, changed).item(), within(1e-5));
        assertThat(places.narrow(1, 8, 22).min().item()).isCloseTo(1, within(1e-4));
        assertThat(places.select(1, 0).select(1, 0).item()).isLessThan(0.8);
    }
}
