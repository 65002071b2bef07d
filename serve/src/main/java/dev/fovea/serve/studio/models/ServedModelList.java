package dev.fovea.serve.studio.models;

import dev.fovea.serve.http.Offer;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.ServedPaths;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.WebServer;
import dev.fovea.serve.pool.ModelPool;
import dev.fovea.serve.pool.ModelSource;
import dev.fovea.serve.pool.PoolMetrics;
import dev.fovea.serve.pool.PoolSettings;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Studio;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Models that are served from the page, each by a server of its own that only this machine reaches. Thread-safe. */
final class ServedModelList implements AutoCloseable {

    private static final int MOST = 8;
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final String ADDRESS_CHARACTERS = "[^A-Za-z0-9._-]";

    /**
     * One of them.
     *
     * @param path in the workspace
     * @param does predict, restore or generate
     */
    private record Serving(int id, String path, String name, String does, WebServer web, ModelPool pool) {

        private Map<String, Object> view() {
            String address = "%s/%s/%s".formatted(web.address(), does, name);
            var view = new LinkedHashMap<String, Object>();
            view.put("id", id);
            view.put("model", path);
            view.put("page", web.address().toString());
            view.put("address", address);
            view.put("curl", curl(address));
            return view;
        }

        private String curl(String address) {
            return switch (does) {
                case "generate" -> "curl '%s?seed=1' -o generated.png".formatted(address);
                case "restore" -> "curl --data-binary @image.jpg %s -o restored.png".formatted(address);
                default -> "curl --data-binary @image.jpg " + address;
            };
        }

        private void close() {
            web.close();
            pool.close(DRAIN);
        }
    }

    private final Object starting = new Object();
    private final Studio studio;
    private final List<Serving> all = new ArrayList<>();
    private int last;

    ServedModelList(Studio studio) {
        this.studio = studio;
    }

    /**
     * Loads a model and serves it on a port that is free.
     *
     * @param job that can be stopped while the model is loaded
     * @throws Refusal if enough are served already
     * @throws IllegalArgumentException if it is no model, or one that cannot be served
     */
    Map<String, Object> serve(Path model, Job job) {
        synchronized (starting) { // one after the other: a model is served once
            return served(model, job);
        }
    }

    private Map<String, Object> served(Path model, Job job) {
        String path = studio.workspace().relative(model);
        synchronized (this) {
            for (Serving one : all) {
                if (one.path().equals(path)) {
                    return one.view();
                }
            }
            if (all.size() >= MOST) {
                throw Refusal.busy("%s models are served already. Stop one first".formatted(MOST));
            }
        }
        job.progress(0, 0);
        Serving serving = start(model, path);
        if (job.stopped()) {
            serving.close();
        }
        job.checkStopped();
        synchronized (this) {
            all.add(serving);
        }
        return serving.view();
    }

    private Serving start(Path model, String path) {
        String name = name(model);
        ServedPaths paths = ServedPaths.of(List.of(name + "=" + model));
        var registry = new PrometheusRegistry();
        var failure = new AtomicReference<RuntimeException>();
        ModelPool pool = ModelPool.open(
                PoolSettings.of(paths.predictors()).withDrain(DRAIN),
                remembering(ModelSource.of("auto"), failure),
                new PoolMetrics(registry, PoolMetrics.DOUBTFUL),
                line -> {});
        try {
            pool.awaitLoaded();
            var offer = new Offer(pool, paths.restorers("auto"), paths.generators("auto"), Map.of());
            var web = new WebServer(
                            Settings.local().withTimes(Duration.ofSeconds(60), DRAIN), offer, registry, line -> {})
                    .start();
            String does = !paths.generating().isEmpty()
                    ? "generate"
                    : paths.restoring().isEmpty() ? "predict" : "restore";
            synchronized (this) {
                return new Serving(++last, path, name, does, web, pool);
            }
        } catch (RuntimeException e) {
            pool.close(DRAIN);
            throw plain(failure.get() == null ? e : failure.get());
        }
    }

    private static ModelSource remembering(ModelSource source, AtomicReference<RuntimeException> failure) {
        return path -> {
            try {
                return source.load(path);
            } catch (RuntimeException e) {
                failure.set(e);
                throw e;
            }
        };
    }

    /** The sentence that somebody reads who sees the workspace alone. */
    private RuntimeException plain(RuntimeException e) {
        String root = studio.workspace().root() + File.separator;
        return new IllegalArgumentException(String.valueOf(e.getMessage()).replace(root, ""), e);
    }

    /** The folder's own name as an address takes it. */
    private static String name(Path model) {
        String name = model.getFileName()
                .toString()
                .replaceFirst("\\.onnx$", "")
                .replaceAll(ADDRESS_CHARACTERS, "-")
                .replaceFirst("^[^A-Za-z0-9]+", "");
        return name.isEmpty() ? "model" : name.substring(0, Math.min(64, name.length()));
    }

    synchronized List<Map<String, Object>> views() {
        return all.stream().map(Serving::view).toList();
    }

    /** @throws Refusal if there is none of that number */
    void stop(int id) {
        Serving serving;
        synchronized (this) {
            serving = all.stream()
                    .filter(one -> one.id() == id)
                    .findFirst()
                    .orElseThrow(() -> Refusal.notFound("this model is not served any more"));
            all.remove(serving);
        }
        serving.close();
    }

    @Override
    public void close() {
        List<Serving> left;
        synchronized (this) {
            left = List.copyOf(all);
            all.clear();
        }
        left.forEach(Serving::close);
    }
}
