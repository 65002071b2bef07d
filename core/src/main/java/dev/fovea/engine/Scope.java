package dev.fovea.engine;

import java.util.List;
import java.util.function.Supplier;
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

    /**
     * What {@code making} gives, freed with the scope that is open around this call; all else that it makes is freed at
     * once, so that a long chain of steps need not hold all that lies between them.
     *
     * @param making gives a tensor that it has made itself
     */
    public static Tensor only(Supplier<Tensor> making) {
        return onlyThese(() -> List.of(making.get())).get(0);
    }

    /** The same for several tensors. */
    public static List<Tensor> onlyThese(Supplier<List<Tensor>> making) {
        List<Tensor> made;
        try (var scope = new Scope()) {
            made = making.get();
            made.forEach(scope::keep);
        }
        PointerScope around = PointerScope.getInnerScope();
        if (around != null) {
            for (Tensor tensor : made) {
                around.attach(tensor.handle());
                tensor.handle().releaseReference(); // the one that kept it between the scopes
            }
        }
        return made;
    }

    @Override
    public void close() {
        scope.close();
    }
}
