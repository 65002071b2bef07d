package dev.fovea.cli;

import dev.fovea.serve.ServedModels;
import dev.fovea.serve.http.Offer;
import dev.fovea.serve.http.ServedPaths;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.WebServer;
import dev.fovea.serve.pool.Batching;
import dev.fovea.serve.pool.ModelPool;
import dev.fovea.serve.pool.ModelSource;
import dev.fovea.serve.pool.PoolMetrics;
import dev.fovea.serve.pool.PoolSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea serve}: models behind HTTP. */
@Command(
        name = "serve",
        description = "Serves models over HTTP until it is stopped, to this machine alone unless told otherwise.",
        footer = {
            "",
            "Examples:",
            "  fovea serve runs/flowers-1",
            "  fovea serve flowers=runs/flowers-1 cells=runs/cells-1 --port 8000",
            "  fovea serve --repository models --metrics-port 9090",
            "  fovea serve runs/denoise-1 runs/digits-1 people.gallery",
            "  fovea serve runs/flowers-1 --host 0.0.0.0 --tls-keystore server.p12 --tls-password-file password --token-file token"
        })
final class ServeCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "MODEL",
            description =
                    "Run folders, model packages and galleries, each as NAME=PATH, or PATH alone for the folder's name.")
    private List<String> models = List.of();

    @Option(
            names = "--repository",
            paramLabel = "DIR",
            description =
                    "Folder of models, MODEL/VERSION or MODEL alone, which is watched: what is put there is served.")
    private List<Path> repositories = List.of();

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(
            names = "--max-batch",
            defaultValue = "32",
            paramLabel = "N",
            description = "Most images that are computed at once (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--max-delay",
            defaultValue = "2ms",
            paramLabel = "TIME",
            description = "How long a request waits for others while there are others (default: ${DEFAULT-VALUE}).")
    private String delay;

    @Option(
            names = "--queue",
            defaultValue = "256",
            paramLabel = "N",
            description = "Images that wait for a model; more are refused (default: ${DEFAULT-VALUE}).")
    private int queue;

    @Mixin
    private ServerOptions server;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws InterruptedException {
        if (models.isEmpty() && repositories.isEmpty()) {
            throw new IllegalArgumentException("serve: name a MODEL, or a folder of models with --repository");
        }
        Settings settings = server.settings();
        ServedPaths paths = ServedPaths.of(models);
        var registry = new PrometheusRegistry();
        try (AccessLines lines = server.address().lines(output)) {
            ModelPool pool = pool(paths, registry, settings);
            var web = new WebServer(settings, offer(paths, pool), registry, lines);
            var stopped = new CountDownLatch(1);
            var hook = new Thread(() -> stop(web, pool, settings.drain(), stopped), "stop");
            web.start();
            Runtime.getRuntime().addShutdownHook(hook);
            say(web, settings);
            stopped.await();
        }
        return 0;
    }

    private ModelPool pool(ServedPaths paths, PrometheusRegistry registry, Settings settings) {
        var batching = Batching.DEFAULT
                .withSize(batch)
                .withDelay(ServerOptions.time("--max-delay", delay))
                .withQueue(queue);
        ModelPool pool = ModelPool.open(
                PoolSettings.of(paths.predictors())
                        .withRepositories(repositories)
                        .withBatching(batching)
                        .withDrain(settings.drain()),
                ModelSource.of(device),
                new PoolMetrics(registry, PoolMetrics.DOUBTFUL),
                line -> output.say("%s", line));
        try {
            pool.awaitLoaded();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
        return pool;
    }

    private Offer offer(ServedPaths paths, ModelPool pool) {
        return new Offer(
                pool,
                paths.restorers(device),
                paths.generators(device),
                paths.galleries(folder -> FindCommand.search(folder, null, new ModelChoice(), device, output)));
    }

    private void say(WebServer web, Settings settings) {
        var json = new LinkedHashMap<String, Object>();
        json.put("address", web.address().toString());
        var text = new StringBuilder();
        for (ServedModels.Description one : web.models().all()) {
            text.append("%s  %s %s%n"
                    .formatted(
                            web.address().resolve("/predict/" + one.name()),
                            one.task(),
                            one.failure().isEmpty() ? "" : "(" + one.failure() + ")"));
        }
        for (Map.Entry<String, String> one : web.others().entrySet()) {
            text.append("%s  %s%n".formatted(web.address().resolve(one.getKey()), one.getValue()));
        }
        text.append("%s/  page to try it, /openapi.json describes it".formatted(web.address()));
        web.metricsAddress().ifPresent(address -> {
            json.put("metrics", address.toString());
            text.append("%n%s  metrics".formatted(address));
        });
        json.put(
                "models",
                web.models().all().stream()
                        .map(ServedModels.Description::name)
                        .distinct()
                        .toList());
        server.address().say(web.address(), settings, json, text);
        output.print(json, text.toString());
    }

    private void stop(WebServer web, ModelPool pool, Duration drain, CountDownLatch stopped) {
        output.say("stopping: requests under way are answered");
        long begin = System.nanoTime();
        web.close();
        pool.close(drain.minusNanos(System.nanoTime() - begin));
        stopped.countDown();
    }
}
