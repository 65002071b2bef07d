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

    /** What {@code task} gives, or throws, on a thread of its own. */
    public static <T> T call(Callable<T> task) throws Exception {
        var future = new FutureTask<>(task);
        var thread = new Thread(null, future, "onnx", BYTES);
        thread.start();
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        }
    }
}
