package dev.fovea.serve.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests in the order of their arrival, taken out in batches of images of one size. A batch is closed when it is full, when
 * its oldest request has waited its delay, when no more come in an eighth of that, and at once where only one waits: little
 * traffic is never held up, and a few clients that all wait for their answers are not either. Thread-safe.
 */
final class BatchQueue {

    /** What became of a request that was to be queued. */
    enum Offered {
        QUEUED,
        FULL,
        CLOSED
    }

    /** The part of the delay in which another request must come for the batch to wait on. */
    private static final int QUIET = 8;

    private final Batching batching;
    private final Deque<Request> waiting = new ArrayDeque<>();

    /** Timed waits of a monitor are rounded up to a millisecond, those of a condition are not. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private long arrival;
    private boolean closed;

    BatchQueue(Batching batching) {
        this.batching = batching;
    }

    Offered offer(Request request) {
        lock.lock();
        try {
            if (closed) {
                return Offered.CLOSED;
            }
            if (waiting.size() >= batching.queue()) {
                return Offered.FULL;
            }
            waiting.addLast(request);
            arrival = System.nanoTime();
            if (waiting.size() == 1 || waiting.size() >= batching.size()) {
                changed.signal();
            }
            return Offered.QUEUED;
        } finally {
            lock.unlock();
        }
    }

    /** The next batch, which is waited for; empty once the queue is closed and nothing is left in it. */
    List<Request> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (waiting.isEmpty()) {
                    if (closed) {
                        return List.of();
                    }
                    changed.await();
                    continue;
                }
                List<Request> batch = first();
                long left = closed || waiting.size() == 1 || batch.size() == batching.size() ? 0 : patience();
                if (left <= 0) {
                    batch.forEach(waiting::remove);
                    if (!waiting.isEmpty()) {
                        changed.signal(); // another worker need not wait for the next arrival
                    }
                    return batch;
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds that a batch of several waits for more. */
    private long patience() {
        long now = System.nanoTime();
        long delay = batching.delay().toNanos();
        return Math.min(waiting.getFirst().arrival() + delay - now, arrival + delay / QUIET - now);
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
    void remove(Request request) {
        lock.lock();
        try {
            waiting.remove(request);
        } finally {
            lock.unlock();
        }
    }

    int length() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more requests; those that wait are still given out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
