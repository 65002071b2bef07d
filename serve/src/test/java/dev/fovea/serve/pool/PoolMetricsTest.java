package dev.fovea.serve.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PoolMetricsTest {

    private static final Path THERE = RecordedPackage.of("classify/layers");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final GatedPredictor predictor = new GatedPredictor(0);
    private ModelPool pool;

    @BeforeEach
    void open() {
        predictor.let(4);
        var settings = PoolSettings.of(Map.of("m", THERE))
                .withBatching(new Batching(4, Duration.ZERO, 3, 1))
                .withDrain(Duration.ofSeconds(5));
        pool = ModelPool.open(settings, path -> predictor.model(), new PoolMetrics(registry, 0.3), line -> {});
        pool.awaitLoaded();
        IntStream.range(0, 4).forEach(i -> predictor.awaitBegun());
    }

    @AfterEach
    void close() {
        predictor.let(1000);
        pool.close();
    }

    private CompletableFuture<Predictor.Answer> ask(int value) {
        return pool.predict(
                "m",
                Optional.empty(),
                GatedPredictor.image(value),
                Instant.now().plusSeconds(20));
    }

    static String text(PrometheusRegistry registry) {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void awaitLine(String line) {
        while (text(registry).lines().noneMatch(line::equals)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void countsRequestsByWhatBecameOfThem() {
        ask(20);
        predictor.awaitBegun();
        ask(GatedPredictor.BROKEN);
        ask(40).cancel(true);
        ask(41);
        ask(42);
        assertThat(catchThrowable(() -> ask(43))).isInstanceOf(ServedModels.OverloadedException.class);
        awaitLine("fovea_queue_length{model=\"m\",version=\"1\"} 3.0");
        predictor.let(20);
        awaitLine("fovea_predictions_total{model=\"m\",outcome=\"answered\",reason=\"\",version=\"1\"} 3.0");
        awaitLine("fovea_predictions_total{model=\"m\",outcome=\"failed\",reason=\"image\",version=\"1\"} 1.0");
        awaitLine("fovea_predictions_total{model=\"m\",outcome=\"cancelled\",reason=\"\",version=\"1\"} 1.0");
        awaitLine("fovea_predictions_total{model=\"m\",outcome=\"refused\",reason=\"queue-full\",version=\"1\"} 1.0");
    }

    @Test
    void sumsWhatDriftsWhenTheImagesDo() {
        predictor.let(100);
        ask(20).join();
        ask(80).join();
        ask(80).join();
        awaitLine("fovea_answers_total{class=\"class 80\",model=\"m\",version=\"1\"} 2.0");
        assertThat(text(registry).lines())
                .contains(
                        "fovea_answers_total{class=\"class 20\",model=\"m\",version=\"1\"} 1.0",
                        "fovea_doubtful_answers_total{model=\"m\",version=\"1\"} 1.0",
                        "fovea_confidence_count{model=\"m\",version=\"1\"} 3",
                        "fovea_confidence_bucket{model=\"m\",version=\"1\",le=\"0.5\"} 1");
    }

    @Test
    void namesAtMostAHundredClasses() {
        predictor.let(1000);
        IntStream.range(0, 120).forEach(i -> ask(i).join());
        awaitLine("fovea_answers_total{class=\"other\",model=\"m\",version=\"1\"} 20.0");
        assertThat(text(registry).lines().filter(line -> line.startsWith("fovea_answers_total{")))
                .hasSize(101);
    }

    @Test
    void measuresTimesBatchesMemoryAndLoading() {
        predictor.let(100);
        ask(20).join();
        awaitLine("fovea_prediction_seconds_count{model=\"m\",version=\"1\"} 1");
        assertThat(text(registry).lines())
                .contains(
                        "fovea_queue_seconds_count{model=\"m\",version=\"1\"} 1",
                        "fovea_compute_seconds_count{model=\"m\",version=\"1\"} 1",
                        "fovea_batch_size_bucket{model=\"m\",version=\"1\",le=\"1.0\"} 1",
                        "fovea_model_loads_total{model=\"m\",outcome=\"loaded\"} 1.0",
                        "fovea_model_load_seconds_count{model=\"m\"} 1",
                        "fovea_model_serving{model=\"m\",version=\"1\"} 1.0",
                        "fovea_model_failing{model=\"m\"} 0.0")
                .anyMatch(line -> line.startsWith("jvm_heap_bytes{state=\"used\"}"));
    }
}
