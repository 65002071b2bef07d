package dev.fovea.serve.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which models are served, and how.
 *
 * @param models by name: packages, runs or files
 * @param repositories folders with a folder for each model
 * @param interval between two looks at what lies there
 * @param drain how long requests that are open are still answered at the end
 */
public record PoolSettings(
        Map<String, Path> models, List<Path> repositories, Batching batching, Duration interval, Duration drain) {

    public PoolSettings {
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        repositories = List.copyOf(repositories);
        if (interval.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    "repository: the time between two looks must be at least 1 ms, got %s".formatted(interval));
        }
    }

    /** Models by name. */
    public static PoolSettings of(Map<String, Path> models) {
        return new PoolSettings(models, List.of(), Batching.DEFAULT, Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    public PoolSettings withRepositories(List<Path> value) {
        return new PoolSettings(models, value, batching, interval, drain);
    }

    public PoolSettings withBatching(Batching value) {
        return new PoolSettings(models, repositories, value, interval, drain);
    }

    public PoolSettings withInterval(Duration value) {
        return new PoolSettings(models, repositories, batching, value, drain);
    }

    public PoolSettings withDrain(Duration value) {
        return new PoolSettings(models, repositories, batching, interval, value);
    }
}
