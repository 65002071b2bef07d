package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;

class VaeTest {

    private static final double[] MEAN = {0.5, -2, 0};
    private static final double[] LOG_VARIANCE = {0, -1, 1.5};

    private static Vae.Posterior posterior(long count) {
        return new Vae.Posterior(
                Tensor.of(MEAN, 1, 3).expand(count, 3),
                Tensor.of(LOG_VARIANCE, 1, 3).expand(count, 3));
    }

    @Test
    void theDivergenceIsThatOfTwoNormalDistributions() {
        double expected = 0;
        for (int d = 0; d < 3; d++) {
            double deviation = Math.exp(LOG_VARIANCE[d] / 2);
            expected += Math.log(1 / deviation) + (deviation * deviation + MEAN[d] * MEAN[d]) / 2 - 0.5;
        }
        assertThat(posterior(1).divergence().item()).isCloseTo(expected, within(1e-9));
        assertThat(new Vae.Posterior(Tensor.zeros(1, 3), Tensor.zeros(1, 3))
                        .divergence()
                        .item())
                .isZero();
    }

    @Test
    void drawnCodesHaveItsMeanAndVariance() {
        var random = Random.of(new Seed(3));
        Tensor drawn = posterior(100_000).draw(random);
        double[] mean = drawn.mean(0).toDoubles();
        Tensor away = drawn.sub(Tensor.of(mean, 1, 3));
        double[] variance = away.mul(away).mean(0).toDoubles();
        for (int d = 0; d < 3; d++) {
            assertThat(mean[d]).isCloseTo(MEAN[d], within(0.03));
            assertThat(variance[d]).isCloseTo(Math.exp(LOG_VARIANCE[d]), within(0.03 * Math.exp(LOG_VARIANCE[d])));
        }
    }
}
