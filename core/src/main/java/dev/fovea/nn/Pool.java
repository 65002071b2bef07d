package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d.Window;
import dev.fovea.nn.LayerType.Maps;
import java.util.List;
import java.util.function.UnaryOperator;

/** Pooling layers: one value for each window of a feature map {@code [N, C, H, W]}. */
final class Pool {

    /** What is made of a window. */
    private interface Of {
        Tensor pooled(Tensor x, Window window);
    }

    static final List<LayerType> TYPES = List.of(
            windows("maxpool", (x, w) -> x.maxPool2d(w.kernel(), w.stride(), w.padding(), false)),
            windows(
                    "minpool",
                    (x, w) -> x.neg()
                            .maxPool2d(w.kernel(), w.stride(), w.padding(), false)
                            .neg()),
            windows("avgpool", (x, w) -> x.avgPool2d(w.kernel(), w.stride(), w.padding())),
            adaptive("adaptiveavgpool", side -> x -> x.adaptiveAvgPool2d(side, side)),
            adaptive("adaptivemaxpool", side -> x -> x.adaptiveMaxPool2d(side, side)),
            LayerType.of("globalavgpool", Maps.GATHERED, x -> x.mean(2, 3)),
            LayerType.of(
                    "globalmaxpool",
                    Maps.GATHERED,
                    x -> x.adaptiveMaxPool2d(1, 1).flatten(1, -1)));

    private Pool() {}

    private static LayerType windows(String word, Of of) {
        return new LayerType(
                word, LayerArguments.numbers(1).withOptions("stride", "pad"), Maps.POOLED, (spec, in, classes) -> {
                    Window window = spec.symmetricWindow(0, spec.whole(0));
                    Sizes.product(in.height() + 2L * window.padding(), in.width() + 2L * window.padding());
                    return Leaf.of(word, x -> of.pooled(x, window));
                });
    }

    /** Builds the pooling to so many values a side. */
    private interface ToSide {
        UnaryOperator<Tensor> to(int side);
    }

    private static LayerType adaptive(String word, ToSide pooling) {
        return new LayerType(word, LayerArguments.numbers(1), Maps.POOLED, (spec, in, classes) -> {
            int side = spec.whole(0);
            Sizes.product(in.channels(), side, side);
            return Leaf.of(word, pooling.to(side));
        });
    }
}
