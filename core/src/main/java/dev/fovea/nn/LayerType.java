package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.io.Escaped;
import java.util.function.UnaryOperator;

/**
 * A kind of layer that networks in one expression and as text may name: a constant beside the layer's class, and a line
 * in {@link LayerTypes}.
 *
 * @param word its name
 * @param takes what follows it
 * @param maps what it does to the feature maps of an image
 * @param builder of the layer for the shape before it
 */
record LayerType(String word, LayerArguments takes, Maps maps, Builder builder) {

    /** What a layer does to feature maps {@code [N, C, H, W]}. */
    enum Maps {
        /** Takes values of any shape. */
        ANY,
        /** Takes maps, makes maps. */
        MADE,
        /** Takes maps, makes one value of each window. */
        POOLED,
        /** Takes maps, makes a vector. */
        GATHERED,
        /** Takes values of any shape, makes a vector. */
        FLATTENED;

        boolean needed() {
            return this == MADE || this == POOLED || this == GATHERED;
        }

        boolean ended() {
            return this == GATHERED || this == FLATTENED;
        }
    }

    /** Makes the layer for the shape before it; {@code classes} are 0 where they are not known. */
    @FunctionalInterface
    interface Builder {
        Layer build(Spec spec, Shape in, int classes);
    }

    /** Of a function without weights or arguments. */
    static LayerType of(String word, Maps maps, UnaryOperator<Tensor> function) {
        return new LayerType(word, LayerArguments.none(), maps, (spec, in, classes) -> Leaf.of(word, function));
    }

    /** @throws IllegalArgumentException if it does not fit the shape before it, or makes very much of little */
    Layer build(Spec spec, Shape in, int classes) {
        if (maps.needed() && !in.image()) {
            throw new IllegalArgumentException("%s: needs feature maps CxHxW, its input is %s".formatted(spec, in));
        }
        try {
            return builder.build(spec, in, classes);
        } catch (Sizes.TooLarge e) {
            throw new IllegalArgumentException("%s: %s".formatted(Escaped.of(spec), e.getMessage()), e);
        }
    }
}
