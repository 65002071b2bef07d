package dev.fovea.export;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs what needs more stack than threads of Java have: ONNX Runtime reads a model by recursion that takes most of a
 * megabyte, and where the stack ends the process does, too.
 */
public final class DeepStack {

    private static final long BYTES = 64L << 20;

    private DeepStack() {}

    /**
     * What {@code task} gives, or throws, on a thread of its own. It is waited for even when this thread is interrupted, as what
     * it uses is freed afterwards.
     */
    public static <T> T call(Callable<T> task) throws Exception {
        var future = new FutureTask<>(task);
        var thread = new Thread(null, future, "onnx", BYTES);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
