package dev.fovea.nn.compiled;

import dev.fovea.engine.DType;
import dev.fovea.engine.EngineException;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Program;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/**
 * A network compiled for images of one size: batch norms are folded into convolutions, activations and sums are computed with
 * them, weights are laid out as oneDNN reads them, all of it is one call. Any number of threads may run it at once.
 */
final class CompiledLayer {

    /** Largest difference from the network itself, as a share of its largest output: products are added up in another order. */
    private static final double MOST = 1e-3;

    /** The same in bfloat16, whose numbers have 8 bits. */
    private static final double MOST_BFLOAT16 = 0.25;

    private final Program program;

    private CompiledLayer(Program program) {
        this.program = program;
    }

    /**
     * Compiles a network in evaluation mode with the weights that it has now, and compares what comes out.
     *
     * @param image {@code [1, C, H, W]}, which it is tried with
     * @param type of products: float32 or bfloat16
     * @throws NotCompilableException if what it computes depends on what it sees, or is not the same when it is compiled
     */
    static CompiledLayer of(Layer net, Tensor image, DType type) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Trace trace = Trace.of(net, image);
            var compiled = new CompiledLayer(Lowering.of(trace, new Packing(), type));
            double off = difference(compiled.forward(image), trace.answer());
            if (!(off <= (type == DType.FLOAT32 ? MOST : MOST_BFLOAT16))) {
                throw new NotCompilableException("compiled, its outputs change by %s of the largest".formatted(off));
            }
            return compiled;
        } catch (EngineException e) {
            throw new NotCompilableException(e.getMessage());
        }
    }

    private static double difference(Tensor one, Tensor other) {
        if (other.elements() == 0) {
            return 0;
        }
        double largest = other.abs().max().item();
        double off = one.sub(other).abs().max().item();
        return off == 0 ? 0 : off / largest;
    }

    /** What the network makes of images {@code [N, C, H, W]} of the size that it was compiled for. */
    Tensor forward(Tensor images) {
        return program.run(images);
    }
}
