package dev.fovea.serve.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Requests in the order of their arrival, taken out in batches of images of one size. A batch is closed when it is full, when
 * its oldest request has waited its delay, and at once where only one waits: little traffic is never held up. Thread-safe.
 */
final class BatchQueue {

    /** What became of a request that was to be queued. */
    enum Offered {
        QUEUED,
        FULL,
        CLOSED
    }

    private final Batching batching;
    private final Deque<Request> waiting = new ArrayDeque<>();
    private boolean closed;

    BatchQueue(Batching batching) {
        this.batching = batching;
    }

    synchronized Offered offer(Request request) {
        if (closed) {
            return Offered.CLOSED;
        }
        if (waiting.size() >= batching.queue()) {
            return Offered.FULL;
        }
        waiting.addLast(request);
        if (waiting.size() == 1 || waiting.size() >= batching.size()) {
            notify();
        }
        return Offered.QUEUED;
    }

    /** The next batch, which is waited for; empty once the queue is closed and nothing is left in it. */
    synchronized List<Request> take() throws InterruptedException {
        while (true) {
            if (waiting.isEmpty()) {
                if (closed) {
                    return List.of();
                }
                wait();
                continue;
            }
            List<Request> batch = first();
            long left = waiting.getFirst().arrival() + batching.delay().toNanos() - System.nanoTime();
            if (closed || waiting.size() == 1 || batch.size() == batching.size() || left <= 0) {
                batch.forEach(waiting::remove);
                if (!waiting.isEmpty()) {
                    notify(); // another worker need not wait for the next arrival
                }
                return batch;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** The oldest request and those of its size. */
    private List<Request> first() {
        var batch = new ArrayList<Request>();
        Request oldest = waiting.getFirst();
        for (Request request : waiting) {
            if (batch.size() < batching.size() && request.alike(oldest)) {
                batch.add(request);
            }
        }
        return batch;
    }

    /** Takes out a request that nobody waits for any more. */
    synchronized void remove(Request request) {
        waiting.remove(request);
    }

    synchronized int length() {
        return waiting.size();
    }

    /** Takes no more requests; those that wait are still given out. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
