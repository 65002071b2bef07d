package dev.fovea.engine;

/**
 * While open, tensors that this thread makes have a shape and no values: they lie on {@link Device#META} and take no
 * memory, so that a network of any size can be built and run to see what it would cost. What reads values must not run.
 */
public final class NoValues implements AutoCloseable {

    private static final ThreadLocal<Integer> OPEN = ThreadLocal.withInitial(() -> 0);

    public NoValues() {
        OPEN.set(OPEN.get() + 1);
    }

    static boolean open() {
        return OPEN.get() > 0;
    }

    @Override
    public void close() {
        OPEN.set(OPEN.get() - 1);
    }
}
