package dev.fovea.bench.load;

import java.time.Duration;

/**
 * What load is.
 *
 * @param clients connections at once
 * @param rate requests a second of all of them; 0 for as fast as answers come
 * @param requests after which it ends
 * @param time after which it ends
 * @param bad share of requests with what is no image, 0 to 1
 * @param hangUp share of requests whose client leaves before the answer, 0 to 1
 */
record LoadPlan(int clients, double rate, long requests, Duration time, double bad, double hangUp) {

    /** As fast as answers come. */
    static LoadPlan closed(int clients, Duration time) {
        return new LoadPlan(clients, 0, Long.MAX_VALUE, time, 0, 0);
    }

    /** So many a second, whether answers come or not. */
    static LoadPlan open(int clients, double rate, Duration time) {
        return new LoadPlan(clients, rate, Long.MAX_VALUE, time, 0, 0);
    }
}
