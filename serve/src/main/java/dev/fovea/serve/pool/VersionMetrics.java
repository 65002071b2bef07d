package dev.fovea.serve.pool;

import dev.fovea.image.ImageException;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/** What is measured of one version of a model. */
final class VersionMetrics {

    private static final int MOST_CLASSES = 100;
    private static final String OTHER = "other";

    /** Of queue and network. */
    record Times(
            DistributionDataPoint queue,
            DistributionDataPoint compute,
            DistributionDataPoint total,
            DistributionDataPoint batch) {}

    /** Of what is answered. */
    record Answers(DistributionDataPoint confidence, Counter classes, CounterDataPoint doubtful) {}

    private final String model;
    private final String version;
    private final double threshold;
    private final Counter predictions;
    private final CounterDataPoint answered;
    private final Times times;
    private final Answers answers;
    private final Map<String, CounterDataPoint> classes = new ConcurrentHashMap<>();

    VersionMetrics(String model, String version, double threshold, Counter predictions, Times times, Answers answers) {
        this.model = model;
        this.version = version;
        this.threshold = threshold;
        this.predictions = predictions;
        this.times = times;
        this.answers = answers;
        answered = predictions.labelValues(model, version, "answered", "");
    }

    void refused(String reason) {
        predictions.labelValues(model, version, "refused", reason).inc();
    }

    void expired() {
        predictions.labelValues(model, version, "expired", "").inc();
    }

    /** A batch was computed. */
    void batch(List<Request> requests, long begin, double seconds) {
        times.compute().observe(seconds);
        times.batch().observe(requests.size());
        requests.forEach(request -> times.queue().observe((begin - request.arrival()) / 1e9));
    }

    /** A request ended. */
    void finished(Request request, Throwable failure) {
        if (failure == null) {
            answered.inc();
            times.total().observe((System.nanoTime() - request.arrival()) / 1e9);
        } else if (failure instanceof CancellationException) {
            predictions.labelValues(model, version, "cancelled", "").inc();
        } else if (failure instanceof ServedModels.DeadlineException) {
            expired();
        } else if (failure instanceof ServedModels.OverloadedException) {
            refused("closing");
        } else {
            boolean image = failure instanceof ImageException || failure instanceof IllegalArgumentException;
            predictions
                    .labelValues(model, version, "failed", image ? "image" : "model")
                    .inc();
        }
    }

    /** What somebody was answered. */
    void answer(Predictor.Answer answer) {
        for (Predictor.Confidence one : answer.confidences()) {
            answers.confidence().observe(one.value());
            if (one.value() < threshold) {
                answers.doubtful().inc();
            }
            named(one.label()).inc();
        }
    }

    private CounterDataPoint named(String label) {
        CounterDataPoint known = classes.get(label);
        if (known != null) {
            return known;
        }
        String shown = classes.size() < MOST_CLASSES ? label : OTHER;
        return classes.computeIfAbsent(shown, name -> answers.classes().labelValues(model, version, name));
    }
}
