package dev.fovea.nn;

import dev.fovea.engine.EngineException;
import dev.fovea.nn.Conv2d.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One layer of a network whose sizes are inferred; {@link LayerText} reads and prints it.
 *
 * @param kind the layer's word, such as {@code conv}
 * @param values its numbers, such as channels and kernel; {@link #CLASSES} stands for the class count
 * @param options by name, such as {@code stride}
 * @param branches of {@code residual} and {@code concat}
 */
public record Spec(String kind, List<Double> values, Map<String, Double> options, List<List<Spec>> branches) {

    /** Stands for the number of classes, as in {@code dense classes}. */
    public static final double CLASSES = -1;

    /** In {@code reshape}, once: as much as the other sizes leave over. */
    public static final double REST = -1;

    /** As a padding: as much as keeps the size at stride 1. */
    public static final double SAME = -2;

    /** @throws IllegalArgumentException if there is no such layer, or it takes other numbers or options */
    public Spec {
        values = List.copyOf(values);
        options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
        branches = List.copyOf(branches);
        String fault = LayerTypes.get(kind).takes().fault(kind, values, options, branches.size());
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException(fault);
        }
    }

    static Spec of(String kind, double... values) {
        return new Spec(kind, java.util.Arrays.stream(values).boxed().toList(), Map.of(), List.of());
    }

    /** Moves by {@code pixels} at a time. */
    public Spec stride(int pixels) {
        return with("stride", pixels);
    }

    /** Zeros on each side. */
    public Spec pad(int pixels) {
        if (pixels < 0) {
            throw new IllegalArgumentException("%s: pad must be 0 or more, got pad=%s".formatted(kind, pixels));
        }
        return with("pad", pixels);
    }

    /** Padded so that stride 1 keeps the size. */
    public Spec same() {
        return with("pad", SAME);
    }

    /**
     * Sets any option of the layer's text form, such as {@code groups} or {@code dilation}.
     *
     * @throws IllegalArgumentException if this layer has no such option
     */
    public Spec with(String option, double value) {
        var all = new TreeMap<>(options);
        all.put(option, value);
        return new Spec(kind, values, all, branches);
    }

    int whole(int index) {
        return whole(values.get(index));
    }

    int whole(String option, int otherwise) {
        return whole(options.getOrDefault(option, (double) otherwise));
    }

    /**
     * The window of a convolution.
     *
     * @param kernelAt which number is its side
     * @param stride where none is given
     */
    Window window(int kernelAt, int stride) {
        int kernel = whole(kernelAt);
        int dilation = whole("dilation", 1);
        int step = whole("stride", stride);
        return options.getOrDefault("pad", 0.0) == SAME
                ? Window.same(kernel, step, dilation)
                : new Window(kernel, step, whole("pad", 0), dilation);
    }

    /** The same of a layer that pads all sides alike. */
    Window symmetricWindow(int kernelAt, int stride) {
        Window window = window(kernelAt, stride);
        if (window.end() > 0) {
            throw new IllegalArgumentException(
                    "%s: pad=same keeps the size with an odd kernel only, got kernel=%s. Give the number of zeros"
                            .formatted(this, window.kernel()));
        }
        return window;
    }

    private int whole(double value) {
        if (value != Math.rint(value)) {
            throw new IllegalArgumentException("%s: expected a whole number, got %s".formatted(this, number(value)));
        }
        return (int) value;
    }

    /** {@code 3} for 3.0, {@code 0.5} for 0.5. */
    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    @Override
    public String toString() {
        return LayerText.print(this);
    }

    /**
     * Builds the network, running one empty image through it layer by layer to learn the sizes.
     *
     * @param classes for {@code dense classes}, or 0 where it does not occur
     */
    static Sequential build(Shape input, List<Spec> layers, int classes) {
        var network = new Sequential(chain(input, layers, classes).layers(), layers, input);
        Init.GLOROT_UNIFORM.everywhere(network.state());
        return network;
    }

    /** Layers one behind the other, and what they make of their input. */
    record Chain(List<Layer> layers, Shape made) {}

    static Chain chain(Shape input, List<Spec> layers, int classes) {
        var built = new ArrayList<Layer>();
        Shape shape = input;
        for (Spec spec : layers) {
            Layer layer = layer(spec, shape, classes);
            shape = after(spec, layer, shape);
            built.add(layer);
        }
        return new Chain(built, shape);
    }

    private static Layer layer(Spec spec, Shape shape, int classes) {
        try {
            return LayerTypes.get(spec.kind()).build(spec, shape, classes);
        } catch (EngineException e) {
            throw misfit(spec, shape, e);
        }
    }

    private static Shape after(Spec spec, Layer layer, Shape shape) {
        try {
            return shape.after(layer);
        } catch (RuntimeException e) {
            throw misfit(spec, shape, e);
        }
    }

    private static IllegalArgumentException misfit(Spec spec, Shape shape, RuntimeException e) {
        String reason = e.getMessage().lines().findFirst().orElse("");
        return new IllegalArgumentException("%s: does not fit its input %s (%s)".formatted(spec, shape, reason), e);
    }

    static String join(List<Spec> layers) {
        return layers.stream().map(Spec::toString).collect(Collectors.joining(", "));
    }
}
