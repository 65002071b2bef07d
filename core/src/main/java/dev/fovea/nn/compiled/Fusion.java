package dev.fovea.nn.compiled;

import dev.fovea.engine.Op;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes one part of a product and what follows it: batch norms become part of the weights, sums and activations are computed while
 * the results are at hand.
 */
final class Fusion {

    private static final Map<Op, Part.Activation> ACTIVATIONS = Map.of(
            Op.RELU, Part.Activation.of("relu"),
            Op.SIGMOID, Part.Activation.of("sigmoid"),
            Op.TANH, Part.Activation.of("tanh"),
            Op.SILU, Part.Activation.of("swish"),
            Op.HARD_SWISH, Part.Activation.of("hardswish"),
            Op.HARD_SIGMOID, Part.Activation.of("hardsigmoid"),
            Op.GELU, new Part.Activation("gelu", dev.fovea.engine.Program.Numbers.NONE, "none"));

    private final Trace trace;
    private final Map<Integer, Integer> readers;
    private final List<Part> parts = new ArrayList<>();

    private Fusion(Trace trace) {
        this.trace = trace;
        readers = trace.readers();
    }

    /** The parts of a trace, in an order in which they can run. */
    static List<Part> of(Trace trace) {
        var fusion = new Fusion(trace);
        trace.steps().forEach(fusion::add);
        return List.copyOf(fusion.parts);
    }

    private void add(Step step) {
        if (!product(step) && !norm(step) && !sum(step) && !activation(step)) {
            parts.add(new Part.Plain(step));
        }
    }

    private boolean product(Step step) {
        boolean fits =
                step.op() == Op.LINEAR || step.op() == Op.CONV2D && step.shape().size() == 4;
        boolean isFixed = fits
                && trace.constants().containsKey(step.input(1))
                && (!step.has(2) || trace.constants().containsKey(step.input(2)));
        if (isFixed) {
            Optional<Tensor> bias = step.has(2) ? Optional.of(trace.constants().get(step.input(2))) : Optional.empty();
            parts.add(new Part.Product(
                    step,
                    trace.constants().get(step.input(1)),
                    bias,
                    OptionalInt.empty(),
                    Optional.empty(),
                    step.output()));
        }
        return isFixed;
    }

    /** {@code (w x + b - mean) factor + shift} is a convolution of other weights. */
    private boolean norm(Step step) {
        if (step.op() != Op.BATCH_NORM || step.flag(0)) {
            return false;
        }
        int at = bare(step.input(0));
        if (at < 0
                || ((Part.Product) parts.get(at)).step().op() != Op.CONV2D
                || !step.inputs().subList(1, 5).stream()
                        .allMatch(input -> input < 0 || trace.constants().containsKey(input))) {
            return false;
        }
        Part.Product product = (Part.Product) parts.get(at);
        Tensor mean = trace.constants().get(step.input(3));
        Tensor deviation =
                trace.constants().get(step.input(4)).add(step.real(2)).sqrt();
        Tensor factor = step.has(1) ? trace.constants().get(step.input(1)).div(deviation) : deviation.pow(-1);
        Tensor off =
                product.bias().map(bias -> bias.sub(mean)).orElseGet(mean::neg).mul(factor);
        Tensor bias = step.has(2) ? off.add(trace.constants().get(step.input(2))) : off;
        parts.set(at, product.with(product.weight().mul(factor.reshape(-1, 1, 1, 1)), bias, step.output()));
        return true;
    }

    private boolean activation(Step step) {
        Optional<Part.Activation> found = found(step);
        if (found.isEmpty()) {
            return false;
        }
        int at = product(step.input(0));
        if (at < 0 || ((Part.Product) parts.get(at)).activation().isPresent()) {
            return false;
        }
        Part.Product product = (Part.Product) parts.get(at);
        if (product.added().isPresent() && step.op() != Op.RELU) { // oneDNN's sums are followed by nothing else
            return false;
        }
        parts.set(at, product.then(found.get(), step.output()));
        return true;
    }

    private static Optional<Part.Activation> found(Step step) {
        return switch (step.op()) {
            case LEAKY_RELU -> Optional.of(Part.Activation.of("leaky_relu", step.real(0)));
            case CLAMP -> Optional.of(Part.Activation.of("hardtanh", step.real(0), step.real(1)));
            default -> Optional.ofNullable(ACTIVATIONS.get(step.op()));
        };
    }

    /** A residual connection: the sum takes the place of the convolution, as by then both are known. */
    private boolean sum(Step step) {
        if (step.op() != Op.ADD || !step.attributes().isEmpty() || !hasLayout(step.shape())) {
            return false;
        }
        for (int side = 0; side < 2; side++) {
            int other = step.input(1 - side);
            int at = bare(step.input(side));
            if (at >= 0
                    && ((Part.Product) parts.get(at)).step().op() == Op.CONV2D
                    && step.shape().equals(trace.shapes().get(other))) {
                Part.Product product = (Part.Product) parts.remove(at);
                parts.add(product.plus(other, step.output()));
                return true;
            }
        }
        return false;
    }

    /** Of maps of one pixel or one channel oneDNN cannot see which way they are laid out, and refuses the sum. */
    private static boolean hasLayout(List<Long> shape) {
        return shape.size() == 4 && shape.get(1) > 1 && shape.get(2) * shape.get(3) > 1;
    }

    /** Where the product stands that makes {@code number} for one reader, to which nothing is done yet; -1 for none. */
    private int bare(int number) {
        int at = product(number);
        if (at < 0) {
            return -1;
        }
        Part.Product product = (Part.Product) parts.get(at);
        return product.activation().isEmpty() && product.added().isEmpty() ? at : -1;
    }

    private int product(int number) {
        if (number < 0 || readers.getOrDefault(number, 0) != 1) {
            return -1;
        }
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i).output() == number) {
                return parts.get(i) instanceof Part.Product ? i : -1;
            }
        }
        return -1;
    }
}
