package dev.fovea.engine;

import org.bytedeco.javacpp.PointerScope;

/**
 * Frees, when closed, every tensor made on this thread since it was opened.
 *
 * <p>One scope per training step or prediction keeps native memory flat; without one, memory waits for the
 * garbage collector, which does not feel its weight. Tensors that must outlive the scope go through
 * {@link #keep}.
 */
public final class Scope implements AutoCloseable {

    private final PointerScope scope;

    public Scope() {
        Engine.load();
        scope = new PointerScope();
    }

    /** Takes {@code tensor} out of this scope and returns it; from then on the garbage collector frees it. */
    public Tensor keep(Tensor tensor) {
        tensor.handle().retainReference(); // detaching gives back the reference that the scope held
        scope.detach(tensor.handle());
        return tensor;
    }

    @Override
    public void close() {
        scope.close();
    }
}
