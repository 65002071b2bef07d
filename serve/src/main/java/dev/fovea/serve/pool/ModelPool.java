package dev.fovea.serve.pool;

import dev.fovea.image.Image;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Models that are served: read from where they lie, warmed up, asked in batches, and exchanged while they serve when what lies
 * there changes. Thread-safe.
 */
public final class ModelPool implements ServedModels {

    private static final Duration EXPIRY = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int ANSWERING = 2;

    private final PoolSettings settings;
    private final PoolMetrics metrics;
    private final Map<String, ServedModel> models = new ConcurrentSkipListMap<>();
    private final Refresh refresh;
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final ExecutorService answers = answering();
    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "deadlines"));
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "models"));
    private volatile boolean closing;

    private ModelPool(PoolSettings settings, ModelSource source, PoolMetrics metrics, Consumer<String> log) {
        this.settings = settings;
        this.metrics = metrics;
        refresh = new Refresh(
                new ModelFolders(settings.models(), settings.repositories()),
                models,
                edition -> ServedVersion.start(
                        edition.model(),
                        edition.version(),
                        source.load(edition.path()),
                        settings.batching(),
                        metrics,
                        answers),
                metrics,
                log);
    }

    /**
     * Begins to load the models; {@link #awaitLoaded} waits for it.
     *
     * @param source reads a model
     * @param log told in a sentence what is loaded, exchanged and wrong
     * @throws IllegalArgumentException if a name cannot stand in an address
     */
    public static ModelPool open(PoolSettings settings, ModelSource source, PoolMetrics metrics, Consumer<String> log) {
        var pool = new ModelPool(settings, source, metrics, log);
        metrics.queues(pool::queues);
        pool.watch.scheduleWithFixedDelay(
                () -> pool.look(log), 0, settings.interval().toNanos(), TimeUnit.NANOSECONDS);
        pool.deadlines.scheduleWithFixedDelay(
                pool::expire, EXPIRY.toMillis(), EXPIRY.toMillis(), TimeUnit.MILLISECONDS);
        return pool;
    }

    private static Thread daemon(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** After its end it drops answers that came too late: nobody waits for them any more. */
    private static ExecutorService answering() {
        return new ThreadPoolExecutor(
                ANSWERING,
                ANSWERING,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> daemon(work, "answers"),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** What goes wrong in one look is looked at again in the next. */
    private void look(Consumer<String> log) {
        try {
            refresh.look();
        } catch (RuntimeException | Error e) { // what is thrown here would end all looks
            log.accept("models: cannot be looked at now: " + Escaped.line(String.valueOf(e.getMessage())));
        } finally {
            loaded.complete(null);
        }
    }

    /**
     * Waits until all that lay there at first is loaded, or could not be.
     *
     * @throws IllegalArgumentException that says what is wrong, if a model that was named cannot be served
     */
    public void awaitLoaded() {
        loaded.join();
        for (String name : settings.models().keySet()) {
            ServedModel model = models.get(name);
            if (model == null || model.versions().isEmpty()) {
                throw new IllegalArgumentException(
                        name + ": " + (model == null ? "cannot be looked at" : model.problem()));
            }
        }
    }

    @Override
    public List<Description> all() {
        return models.values().stream()
                .flatMap(model -> model.descriptions().stream())
                .toList();
    }

    /** Once the first look is over, unless a model that was named is missing, or all are. */
    @Override
    public boolean ready() {
        return loaded.isDone()
                && !closing
                && settings.models().keySet().stream().allMatch(this::serves)
                && (models.isEmpty() || models.keySet().stream().anyMatch(this::serves));
    }

    private boolean serves(String name) {
        ServedModel model = models.get(name);
        return model != null && !model.versions().isEmpty();
    }

    @Override
    public Chosen chosen(String model, Optional<String> version) {
        if (closing) {
            throw closing();
        }
        return new Turn(model(model).chosen(version));
    }

    private record Turn(ServedVersion served) implements Chosen {

        @Override
        public String version() {
            return served.version();
        }

        @Override
        public Predictor predictor() {
            return served.model().predictor();
        }

        @Override
        public Map<String, Object> example() {
            return served.example();
        }

        @Override
        public void admit(Instant deadline) {
            served.admit(System.nanoTime() + left(deadline));
        }

        @Override
        public CompletableFuture<Predictor.Answer> predict(Image image, Instant deadline) {
            return served.predict(image, System.nanoTime() + left(deadline));
        }
    }

    private ServedModel model(String name) {
        ServedModel model = models.get(name);
        if (model == null) {
            throw new UnknownModelException("unknown model '%s'%s"
                    .formatted(Escaped.of(name), Nearest.hint(name, List.copyOf(models.keySet()))));
        }
        return model;
    }

    private static long left(Instant deadline) {
        Instant now = Instant.now();
        Instant last = now.plus(LONGEST);
        return Duration.between(now, deadline.isBefore(last) ? deadline : last).toNanos();
    }

    private static OverloadedException closing() {
        return new OverloadedException("the server is being stopped", Duration.ofSeconds(5));
    }

    private List<ServedVersion> versions() {
        return models.values().stream()
                .flatMap(model -> model.versions().values().stream())
                .toList();
    }

    private void queues(GaugeWithCallback.Callback to) {
        models.values()
                .forEach(model ->
                        model.versions().forEach((version, served) -> to.call(served.queued(), model.name(), version)));
    }

    private void expire() {
        try {
            versions().forEach(ServedVersion::expire);
            refresh.retired().forEach(ServedVersion::expire);
        } catch (RuntimeException | Error e) {
            // what is thrown here would end all deadlines: the next turn does what is left
        }
    }

    /** Takes no more requests and answers the open ones, as long as the settings allow; the others get an error. */
    @Override
    public void close() {
        close(settings.drain());
    }

    /** The same in another time, such as what is left of the settings' one. */
    public void close(Duration drain) {
        closing = true;
        watch.shutdownNow();
        long end = System.nanoTime() + Math.max(0, drain.toNanos());
        await(watch, end);
        var open = new ArrayList<>(versions());
        open.addAll(refresh.retired());
        open.forEach(ServedVersion::retire);
        while (open.stream().anyMatch(version -> !version.ended()) && end - System.nanoTime() > 0) {
            pause();
        }
        open.forEach(version -> version.abandon(closing()));
        models.clear();
        deadlines.shutdownNow();
        answers.shutdown();
    }

    private static void await(ExecutorService executor, long end) {
        try {
            executor.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
