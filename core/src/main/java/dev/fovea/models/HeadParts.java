package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** What the heads of published detectors have in common. */
final class HeadParts {

    private static final double DEVIATION = 0.01;

    private HeadParts() {}

    /** A convolution with bias that keeps the size. */
    static Conv2d conv(int in, int out, int kernel) {
        return new Conv2d(in, out, Conv2d.Window.of(kernel, 1, kernel / 2), 1, true);
    }

    /** A convolution of 3x3, its norm and ReLU; with a bias where there is no norm. */
    static Layer block(int in, int out, Optional<IntFunction<Layer>> norm) {
        var layers = new ArrayList<Layer>();
        layers.add(new Conv2d(in, out, Conv2d.Window.of(3, 1, 1), 1, norm.isEmpty()));
        norm.ifPresent(make -> layers.add(make.apply(out)));
        layers.add(relu());
        return new Sequential(layers);
    }

    /** Some of them one after another. */
    static Sequential blocks(int count, int in, int out, Optional<IntFunction<Layer>> norm) {
        var blocks = new ArrayList<Layer>();
        for (int i = 0; i < count; i++) {
            blocks.add(block(i == 0 ? in : out, out, norm));
        }
        return new Sequential(blocks);
    }

    static Layer relu() {
        return Leaf.of("relu", Tensor::relu);
    }

    /** Convolutions' weights of a small deviation, biases zero (Lin et al. 2017, section 4.1). */
    static void small(State state) {
        state.initializer(Initializer.normal(DEVIATION), (name, weight) -> weight.dims() == 4);
        state.initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    /** A bias for which a sigmoid gives one in a hundred. */
    static void rare(State state) {
        state.initializer(Initializer.constant(-Math.log(99)), (name, bias) -> name.equals("bias"));
    }

    /** [N, A C, H, W] to [N, H W A, C], in float32. */
    static Tensor places(Tensor map, int columns) {
        return map.to(DType.FLOAT32).permute(0, 2, 3, 1).reshape(map.size(0), -1, columns);
    }

    /** What {@code head} gives on all maps, behind one another: [N, places, columns]. */
    static Tensor all(List<Tensor> maps, UnaryOperator<Tensor> head, int columns) {
        return Tensor.cat(
                maps.stream().map(map -> places(head.apply(map), columns)).toList(), 1);
    }

    /** The sum of differences, squared and halved over {@code beta} below it and less half of {@code beta} above it. */
    static Tensor smooth(Tensor found, Tensor target, double beta) {
        return Tensor.call("aten::smooth_l1_loss", found, target, 2, beta).get(0);
    }
}
