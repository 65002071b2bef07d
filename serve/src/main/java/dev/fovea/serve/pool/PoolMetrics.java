package dev.fovea.serve.pool;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Consumer;

/**
 * What is measured of the models: requests, queues, batches, loading, and the confidence and classes of answers, which drift
 * when the images do.
 */
public final class PoolMetrics {

    /** Confidence below which an answer is counted as doubtful where nothing else is said. */
    public static final double DOUBTFUL = 0.5;

    private static final String MODEL = "model";
    private static final String VERSION = "version";
    private static final double[] SECONDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };
    private static final double[] LOAD_SECONDS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300};
    private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
    private static final double[] CONFIDENCES = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1};

    private final PrometheusRegistry registry;
    private final double threshold;
    private final Counter predictions;
    private final Histogram queue;
    private final Histogram compute;
    private final Histogram total;
    private final Histogram batch;
    private final Histogram confidence;
    private final Counter answers;
    private final Counter doubtful;
    private final Histogram load;
    private final Counter loads;
    private final Gauge serving;
    private final Gauge failing;

    /** @param threshold confidence below which an answer is counted as doubtful, 0 to 1 */
    public PoolMetrics(PrometheusRegistry registry, double threshold) {
        this.registry = registry;
        this.threshold = threshold;
        predictions = counter(
                "fovea_predictions_total",
                "Images that were to be answered about, by what became of them",
                MODEL,
                VERSION,
                "outcome",
                "reason");
        queue = histogram("fovea_queue_seconds", "Time that an image waited in the queue", SECONDS, MODEL, VERSION);
        compute = histogram("fovea_compute_seconds", "Time that the network computed a batch", SECONDS, MODEL, VERSION);
        total = histogram("fovea_prediction_seconds", "Time from the queue to the answer", SECONDS, MODEL, VERSION);
        batch = histogram("fovea_batch_size", "Images that were computed at once", SIZES, MODEL, VERSION);
        confidence = histogram(
                "fovea_confidence", "Confidence of the classes that answers name", CONFIDENCES, MODEL, VERSION);
        answers = counter(
                "fovea_answers_total",
                "Classes that answers name; of a model with more than 100 the others are 'other'",
                MODEL,
                VERSION,
                "class");
        doubtful = counter(
                "fovea_doubtful_answers_total",
                "Classes that answers name with less confidence than the threshold",
                MODEL,
                VERSION);
        load = histogram("fovea_model_load_seconds", "Time to load a version and to warm it up", LOAD_SECONDS, MODEL);
        loads = counter("fovea_model_loads_total", "Versions that were loaded, or could not be", MODEL, "outcome");
        serving = gauge("fovea_model_serving", "Share of the requests, 0 to 1, of each version", MODEL, VERSION);
        failing = gauge("fovea_model_failing", "1 while something is wrong with a model or its newest version", MODEL);
        Memory.register(registry);
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(bounds)
                .register(registry);
    }

    /** What is measured of one version. */
    VersionMetrics of(String model, String version) {
        return new VersionMetrics(
                model,
                version,
                threshold,
                predictions,
                new VersionMetrics.Times(
                        queue.labelValues(model, version),
                        compute.labelValues(model, version),
                        total.labelValues(model, version),
                        batch.labelValues(model, version)),
                new VersionMetrics.Answers(
                        confidence.labelValues(model, version), answers, doubtful.labelValues(model, version)));
    }

    /** Says how long the queues are, when asked. */
    void queues(Consumer<GaugeWithCallback.Callback> lengths) {
        GaugeWithCallback.builder()
                .name("fovea_queue_length")
                .help("Images that wait in the queue")
                .labelNames(MODEL, VERSION)
                .callback(lengths)
                .register(registry);
    }

    void loaded(String model, double seconds) {
        load.labelValues(model).observe(seconds);
        loads.labelValues(model, "loaded").inc();
    }

    void notLoaded(String model) {
        loads.labelValues(model, "failed").inc();
    }

    /** @param share of the requests, 0 to 1 */
    void serves(String model, String version, double share) {
        serving.labelValues(model, version).set(share);
    }

    void state(String model, boolean fails) {
        failing.labelValues(model).set(fails ? 1 : 0);
    }

    /** Forgets a version that is served no more, so that the list does not grow for ever. */
    void forget(String model, String version) {
        for (Histogram one : new Histogram[] {queue, compute, total, batch, confidence}) {
            one.remove(model, version);
        }
        doubtful.remove(model, version);
        serving.remove(model, version);
        predictions.removeIf(
                labels -> labels.get(0).equals(model) && labels.get(1).equals(version));
        answers.removeIf(labels -> labels.get(0).equals(model) && labels.get(1).equals(version));
    }

    /** Forgets a model that is there no more. */
    void forget(String model) {
        load.remove(model);
        failing.remove(model);
        loads.removeIf(labels -> labels.get(0).equals(model));
    }
}
