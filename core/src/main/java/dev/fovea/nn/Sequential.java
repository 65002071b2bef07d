package dev.fovea.nn;

import dev.fovea.engine.Recorder;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Layers one after another, named {@code 0, 1, 2, ...}.
 *
 * <p>As {@link FeatureMaps} it is cut before its first flattening or global pooling layer.
 */
public final class Sequential extends Net implements FeatureMaps {

    /** What it was built from: the layers as {@link LayerText} reads them, and the shape of one input. */
    private record Origin(String text, Shape input) {}

    private final List<Layer> layers;
    private final Optional<Origin> origin;

    public Sequential(List<? extends Layer> layers) {
        this(layers, Optional.empty());
    }

    /** Of the layers that {@code specs} say, for inputs of this shape. */
    Sequential(List<? extends Layer> layers, List<Spec> specs, Shape input) {
        this(layers, Optional.of(new Origin(Spec.join(specs), input)));
    }

    private Sequential(List<? extends Layer> layers, Optional<Origin> origin) {
        this.layers = List.copyOf(layers);
        this.origin = origin;
        for (int i = 0; i < layers.size(); i++) {
            add(Integer.toString(i), layers.get(i));
        }
    }

    /**
     * A network whose sizes are inferred, first weights drawn as in Keras (Glorot-uniform, zero biases).
     *
     * @param input the shape of one image, see {@link Layers#shape}
     * @throws IllegalArgumentException if a layer does not fit what comes before it
     */
    public static Sequential of(Shape input, Spec... layers) {
        return Spec.build(input, List.of(layers), 0);
    }

    /**
     * Its layers as recipes and packages name them, {@code conv 32 3, relu, ..., dense 10}.
     *
     * @throws IllegalArgumentException if it was put together from layers, which have no text
     */
    public String text() {
        return origin().text();
    }

    /**
     * The shape of one input.
     *
     * @throws IllegalArgumentException if it was put together from layers, which do not say
     */
    public Shape input() {
        return origin().input();
    }

    private Origin origin() {
        return origin.orElseThrow(() -> new IllegalArgumentException(
                "this Sequential was put together from layers, so it has neither text nor input shape. "
                        + "Write it as Sequential.of(shape(3, 32, 32), conv(32, 3), ...)"));
    }

    /** Its layers, as {@code Sequential[0: conv, 1: relu]}; {@link Summary} has shapes and counts, too. */
    @Override
    public String toString() {
        return IntStream.range(0, layers.size())
                .mapToObj(i -> i + ": " + name(layers.get(i)))
                .collect(Collectors.joining(", ", "Sequential[", "]"));
    }

    private static String name(Layer layer) {
        if (layer instanceof Sequential inner) {
            return inner.toString();
        }
        return layer instanceof Leaf leaf ? leaf.kind() : layer.getClass().getSimpleName();
    }

    private static boolean is(Layer layer, String kind) {
        return layer instanceof Leaf leaf && leaf.kind().equals(kind);
    }

    @Override
    public Tensor apply(Tensor x) {
        return run(x, 0, layers.size());
    }

    @Override
    public boolean hasMaps() {
        return place() > 0;
    }

    @Override
    public Tensor features(Tensor x) {
        return run(x, 0, cut());
    }

    /** What comes before each pooling layer, and the last maps. */
    @Override
    public List<Tensor> stages(Tensor x) {
        var stages = new ArrayList<Tensor>();
        Tensor y = x;
        for (int i = 0; i < cut(); i++) {
            if (maps(layers.get(i)) == Maps.POOLED) {
                stages.add(y);
            }
            y = layers.get(i).forward(y);
        }
        stages.add(y);
        return stages;
    }

    /** Before the pooling layers that end the maps, where they are finest. */
    @Override
    public Cut cut(Tensor x) {
        int finest = cut();
        for (int i = finest - 1;
                i > 0 && (maps(layers.get(i)) == Maps.POOLED || layers.get(i) instanceof Dropout);
                i--) {
            finest = maps(layers.get(i)) == Maps.POOLED ? i : finest;
        }
        int from = finest;
        return new Cut(run(x, 0, from), maps -> run(maps, from, layers.size()));
    }

    @Override
    public Tensor head(Tensor features) {
        return run(features, cut(), layers.size());
    }

    @Override
    public List<String> headNames() {
        return IntStream.range(cut(), layers.size()).mapToObj(Integer::toString).toList();
    }

    private Tensor run(Tensor x, int from, int to) {
        return through(layers.subList(from, to), x);
    }

    /**
     * What the layers, one after another, make of {@code x}. A ReLU before a max-pooling layer is computed after it, on fewer
     * values: the greatest of a window, cut off at 0, is the greatest of those cut off at 0, and their gradients are the same.
     * A recorder sees the layers in their order.
     */
    public static Tensor through(List<Layer> layers, Tensor x) {
        Tensor y = x;
        for (int i = 0; i < layers.size(); i++) {
            boolean canSwap = i + 1 < layers.size()
                    && is(layers.get(i), "relu")
                    && is(layers.get(i + 1), "maxpool")
                    && !Recorder.isOpen();
            if (canSwap) {
                y = layers.get(i + 1).forward(y);
                y = layers.get(i++).forward(y);
            } else {
                y = layers.get(i).forward(y);
            }
        }
        return y;
    }

    private int cut() {
        if (!hasMaps()) {
            throw new IllegalArgumentException("this network has no feature maps: no layer before its first flatten");
        }
        return place();
    }

    private static Maps maps(Layer layer) {
        return layer instanceof Leaf leaf
                ? LayerTypes.find(leaf.kind()).map(LayerType::maps).orElse(Maps.ANY)
                : Maps.ANY;
    }

    /** Of the first layer that ends the maps; -1 if there is none. */
    private int place() {
        for (int i = 0; i < layers.size(); i++) {
            if (maps(layers.get(i)).ended()) {
                return i;
            }
        }
        return -1;
    }
}
