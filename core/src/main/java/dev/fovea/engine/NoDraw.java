package dev.fovea.engine;

/**
 * While open, this thread draws no first values: tensors that would be filled with them stay as they are. For a network
 * whose weights are read from a file, which to draw first would be in vain, and for large ones slow.
 */
public final class NoDraw implements AutoCloseable {

    private static final ThreadLocal<Boolean> OPEN = ThreadLocal.withInitial(() -> false);

    private final boolean before = OPEN.get();

    public NoDraw() {
        OPEN.set(true);
    }

    static boolean open() {
        return OPEN.get();
    }

    @Override
    public void close() {
        OPEN.set(before);
    }
}
