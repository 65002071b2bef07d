package dev.fovea.serve.studio;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Work that takes longer than people wait for a page: it reports its progress and can be stopped. Thread-safe. */
public final class Job {

    /** Of a job; in lower case in what the page reads. */
    enum State {
        WAITING,
        WORKING,
        DONE,
        FAILED,
        STOPPED;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        boolean over() {
            return this == DONE || this == FAILED || this == STOPPED;
        }
    }

    private static final long BETWEEN_NANOS = 200_000_000L;

    /** So long a job goes on after somebody left: whoever else waits for it says so meanwhile. */
    private static final long PATIENCE_NANOS = 4_000_000_000L;

    private final int id;
    private final String kind;
    private final String subject;
    private final Events events;
    private State state = State.WAITING;
    private long done;
    private long of;
    private long begun;
    private long ended;
    private long said;
    private Object result;
    private String error;
    private boolean forgotten;
    private boolean stopped;
    private long leftAt;

    Job(int id, String kind, String subject, Events events) {
        this.id = id;
        this.kind = kind;
        this.subject = subject;
        this.events = events;
    }

    public int id() {
        return id;
    }

    /**
     * Reports progress.
     *
     * @param all how much there is; 0 where that is not known
     * @throws CancellationException if it should stop
     */
    public void progress(long now, long all) {
        checkStopped();
        boolean say;
        synchronized (this) {
            done = now;
            of = all;
            long time = System.nanoTime();
            say = time - said > BETWEEN_NANOS;
            said = say ? time : said;
        }
        if (say) {
            events.send("job", view(false));
        }
    }

    /** Whether it should stop. */
    public boolean stopped() {
        return stoppedAt(System.nanoTime());
    }

    synchronized boolean stoppedAt(long nanos) {
        stopped = stopped || leftAt != 0 && nanos - leftAt > PATIENCE_NANOS;
        return stopped;
    }

    /** @throws CancellationException if it should stop */
    public void checkStopped() {
        if (stopped()) {
            throw new CancellationException("stopped");
        }
    }

    /** Somebody waits for it no more: it stops, unless another says soon that it is {@link #wanted}. */
    synchronized void leave() {
        leftAt = System.nanoTime();
    }

    /** Somebody waits for it. Whether that is not too late. */
    synchronized boolean wanted() {
        leftAt = stopped() ? leftAt : 0;
        return !stopped && !state.over();
    }

    /** Ends, if it has not begun, once it should stop: it leaves its place to others. */
    void endIfUnwanted() {
        if (stopped()) {
            stop();
        }
    }

    void stop() {
        boolean waits;
        synchronized (this) {
            stopped = true;
            waits = state == State.WAITING;
        }
        if (waits) {
            end(State.STOPPED, null, null);
        }
    }

    /** Begins; whether it was still waiting. */
    boolean begin() {
        synchronized (this) {
            if (state != State.WAITING) {
                return false;
            }
            state = State.WORKING;
            begun = System.nanoTime();
        }
        events.send("job", view(false));
        return true;
    }

    void end(State as, Object value, String sentence) {
        synchronized (this) {
            if (state.over()) {
                return;
            }
            state = as;
            result = value;
            error = sentence;
            ended = System.nanoTime();
            if (as == State.DONE && of > 0) {
                done = of;
            }
        }
        events.send("job", view(false));
    }

    synchronized boolean over() {
        return state.over();
    }

    /** Drops the result: it may be large, and pages fetch it at once. */
    synchronized void forgetResult() {
        forgotten = forgotten || result != null;
        result = null;
    }

    /** Whether the result was dropped. */
    synchronized boolean forgotten() {
        return forgotten;
    }

    /** As the page reads it. */
    synchronized Map<String, Object> view(boolean withResult) {
        var view = new LinkedHashMap<String, Object>();
        view.put("id", id);
        view.put("kind", kind);
        view.put("subject", subject);
        view.put("state", state.word());
        view.put("done", done);
        view.put("of", of);
        view.put("seconds", begun == 0 ? 0 : ((ended == 0 ? System.nanoTime() : ended) - begun) / 1e9);
        if (withResult && result != null) {
            view.put("result", result);
        }
        if (error != null) {
            view.put("error", error);
        }
        return view;
    }
}
