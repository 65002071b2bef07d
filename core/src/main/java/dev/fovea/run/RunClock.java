package dev.fovea.run;

/** How long a run is at work in this process, from when the clock is made: what it waits, as it was asked to, does not count. Thread-safe. */
public final class RunClock {

    private final long began = System.nanoTime();
    private long waited;
    private long waitsSince;
    private boolean waits;

    /** The run waits from now on, or goes on. */
    synchronized void pause(boolean paused) {
        if (paused == waits) {
            return;
        }
        long now = System.nanoTime();
        if (waits) {
            waited += now - waitsSince;
        }
        waits = paused;
        waitsSince = now;
    }

    /** Without pauses. */
    public synchronized double seconds() {
        return ((waits ? waitsSince : System.nanoTime()) - began - waited) / 1e9;
    }
}
