package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Layers one after another, named {@code 0, 1, 2, ...}, [N, C, H, W] to the last feature maps; each says by how much it
 * divides the maps' size, so that maps of every size can be taken.
 */
final class Trunk extends Net implements Layer {

    private final List<Layer> layers = new ArrayList<>();
    private final List<Integer> strides = new ArrayList<>();

    /** With one more layer behind it. */
    Trunk then(Layer layer, int stride) {
        layers.add(add(Integer.toString(layers.size()), layer));
        strides.add(stride);
        return this;
    }

    /** All of them, in their order. */
    List<Layer> layers() {
        return List.copyOf(layers);
    }

    @Override
    public Tensor apply(Tensor x) {
        return Sequential.through(layers, x);
    }

    /** Cut before a pooling layer at its end, where maps are finest; {@code head} comes after it. */
    FeatureMaps.Cut cut(Tensor x, UnaryOperator<Tensor> head) {
        int last = layers.size() - 1;
        Tensor y = Sequential.through(layers.subList(0, last), x);
        return strides.get(last) > 1
                ? new FeatureMaps.Cut(y, maps -> head.apply(layers.get(last).forward(maps)))
                : new FeatureMaps.Cut(layers.get(last).forward(y), head);
    }

    /** What each of {@code stages}, one behind the other, gives. */
    static List<Tensor> outputs(List<Layer> stages, Tensor x) {
        var maps = new ArrayList<Tensor>();
        Tensor y = x;
        for (Layer stage : stages) {
            y = stage.forward(y);
            maps.add(y);
        }
        return maps;
    }

    /** The maps before each layer that makes them smaller, from stride {@code finest} on, and the last ones. */
    List<Tensor> maps(Tensor x, int finest) {
        var maps = new ArrayList<Tensor>();
        Tensor y = x;
        int reduced = 1;
        for (int i = 0; i < layers.size(); i++) {
            int stride = strides.get(i);
            if (stride > 1 && reduced >= finest) {
                maps.add(y);
            }
            y = layers.get(i).forward(y);
            reduced *= stride;
        }
        maps.add(y);
        return maps;
    }
}
