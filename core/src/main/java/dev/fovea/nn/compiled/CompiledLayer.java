package dev.fovea.nn.compiled;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Program;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network compiled for images of one size; any number of threads may run it at once. */
public final class CompiledLayer {

    private final Program program;

    private CompiledLayer(Program program) {
        this.program = program;
    }

    /**
     * Compiles a network in evaluation mode with the weights that it has now.
     *
     * @param image {@code [1, C, H, W]}, which it is tried with
     * @param type of products: float32 or bfloat16
     * @throws NotCompilableException if what it computes depends on what it sees
     */
    public static CompiledLayer of(Layer net, Tensor image, DType type) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return new CompiledLayer(Lowering.of(Trace.of(net, image), new Packing(), type));
        }
    }

    /** What the network makes of images {@code [N, C, H, W]} of the size that it was compiled for. */
    public Tensor forward(Tensor images) {
        return program.run(images);
    }
}
