package dev.fovea.serve.pool;

import java.time.Duration;

/**
 * How requests to one version of a model are gathered into batches.
 *
 * @param size the most images of a batch, at least 1
 * @param delay how long the oldest request waits for others while there is more than one and others come; one that is alone never waits
 * @param queue the most requests that wait, at least 1; more are refused at once
 * @param workers threads that compute batches of one version at the same time, at least 1
 */
public record Batching(int size, Duration delay, int queue, int workers) {

    /** What suits small and large networks alike; see the page about deploying for when to change it. */
    public static final Batching DEFAULT = new Batching(32, Duration.ofMillis(2), 256, 1);

    private static final int MOST = 1024;

    public Batching {
        check("batch size", size, MOST);
        check("queue", queue, 1 << 20);
        check("workers", workers, MOST);
        if (delay.isNegative() || delay.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException(
                    "batching: the delay must be from 0 to 10 seconds, got %s ms".formatted(delay.toMillis()));
        }
    }

    private static void check(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "batching: the %s must be from 1 to %s, got %s".formatted(what, most, value));
        }
    }

    public Batching withSize(int value) {
        return new Batching(value, delay, queue, workers);
    }

    public Batching withDelay(Duration value) {
        return new Batching(size, value, queue, workers);
    }

    public Batching withQueue(int value) {
        return new Batching(size, delay, value, workers);
    }

    public Batching withWorkers(int value) {
        return new Batching(size, delay, queue, value);
    }
}
