package dev.fovea.nn;

import dev.fovea.nn.LayerType.Maps;
import java.util.List;

/** The same values in another shape. */
final class Reshape {

    static final List<LayerType> TYPES = List.of(
            LayerType.of("flatten", Maps.FLATTENED, x -> x.flatten(1, -1)),
            new LayerType(
                    "reshape",
                    LayerArguments.numbers(1, 3).withWord("-1", Spec.REST),
                    Maps.ANY,
                    (spec, in, classes) -> {
                        long[] sizes = sizes(spec, in);
                        return Leaf.of("reshape", x -> x.reshape(sizes));
                    }));

    private Reshape() {}

    /** The sizes of the outputs of a batch, -1 for the batch; another -1 stands for what is left over. */
    private static long[] sizes(Spec spec, Shape in) {
        long[] sizes = new long[spec.values().size() + 1];
        sizes[0] = -1;
        int open = 0;
        long known = 1;
        for (int i = 1; i < sizes.length; i++) {
            double value = spec.values().get(i - 1);
            if (value == Spec.REST) {
                open = i;
            } else {
                sizes[i] = spec.whole(i - 1);
                known = Sizes.product(known, sizes[i]);
            }
        }
        if (open > 0 && known > 0) {
            sizes[open] = in.elements() / known;
            known = Sizes.product(known, sizes[open]);
        }
        if (known != in.elements()) {
            throw new IllegalArgumentException(
                    "%s: does not hold the %s values of its input %s".formatted(spec, in.elements(), in));
        }
        return sizes;
    }
}
