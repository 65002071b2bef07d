package dev.fovea.serve.http;

import java.util.ArrayList;
import java.util.List;

/** What is done when a client hangs up before its answer: at once where it has done so already. */
final class HangUpActions {

    private final List<Runnable> actions = new ArrayList<>();
    private boolean gone;

    void add(Runnable action) {
        boolean late;
        synchronized (this) {
            late = gone;
            actions.add(action);
        }
        if (late) {
            action.run();
        }
    }

    /** Does it. */
    void run() {
        List<Runnable> all;
        synchronized (this) {
            gone = true;
            all = List.copyOf(actions);
        }
        all.forEach(Runnable::run);
    }

    /** Whether it was done. */
    synchronized boolean done() {
        return gone;
    }
}
