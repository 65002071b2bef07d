package dev.fovea.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.serve.pool.ModelPool;
import dev.fovea.serve.pool.ModelSource;
import dev.fovea.serve.pool.PoolMetrics;
import dev.fovea.serve.pool.PoolSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What HTTP and the queue add to a prediction of one image. */
class OverheadTest {

    private static final int TIMES = 2000;

    @Test
    @Tag("slow")
    void isNoMoreThanAMillisecond() throws Exception {
        Path folder = Served.PACKAGES.resolve("classify/registry");
        byte[] image = Served.image("classify/registry");
        var metrics = new PoolMetrics(new PrometheusRegistry(), PoolMetrics.DOUBTFUL);
        ModelPool pool =
                ModelPool.open(PoolSettings.of(Map.of("m", folder)), ModelSource.of("cpu"), metrics, line -> {});
        pool.awaitLoaded();
        try (Served served = new Served(pool)) {
            Predictor bare = pool.predictor("m", Optional.empty());
            double[] alone = new double[TIMES];
            double[] asked = new double[TIMES];
            // By turns, so that what else the machine does is borne by both; the first half warms up.
            for (int i = 0; i < 2 * TIMES; i++) {
                long begin = System.nanoTime();
                bare.predict(Image.decode(image, "image"));
                long between = System.nanoTime();
                assertThat(served.put("/predict/m", image).statusCode()).isEqualTo(200);
                alone[i % TIMES] = (between - begin) / 1e6;
                asked[i % TIMES] = (System.nanoTime() - between) / 1e6;
            }
            assertThat(median(asked) - median(alone)).as("milliseconds").isLessThanOrEqualTo(1);
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
