package dev.fovea.engine;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;

/** While open, operations of this thread record nothing for the backward pass. */
public final class NoGrad implements AutoCloseable {

    private final NoGradGuard guard;

    public NoGrad() {
        Engine.load();
        guard = new NoGradGuard();
    }

    /** Whether operations of this thread record nothing now. */
    public static boolean isOpen() {
        Engine.load();
        return !GradMode.is_enabled();
    }

    @Override
    public void close() {
        guard.close();
    }
}
