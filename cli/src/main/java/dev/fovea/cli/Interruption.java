package dev.fovea.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Ctrl-C while something is trained: it saves a checkpoint after the step under way, and the process waits for that. */
final class Interruption implements AutoCloseable, BooleanSupplier {

    /** The exit code of a process that was killed, which is what it comes to. */
    private static final int STOPPED_HARD = 137;

    private static final int PATIENCE_SECONDS = 60;

    private final AtomicBoolean asked = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "stop");

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the user asked to stop. */
    @Override
    public boolean getAsBoolean() {
        return asked.get();
    }

    private void interrupt() {
        asked.set(true);
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                // An orderly end would take libtorch's memory away under the step that is still computing.
                Runtime.getRuntime().halt(STOPPED_HARD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending already, and the hook with it
        }
    }
}
