package dev.fovea.engine;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What operations make of tensors without values ({@link NoValues}), where libtorch has no kernel for that. */
final class Shapes {

    /** Those that give as many values as their first input has. */
    private static final Set<Op> KEEPING = EnumSet.of(
            Op.RELU,
            Op.SILU,
            Op.GELU,
            Op.HARD_SWISH,
            Op.HARD_SIGMOID,
            Op.LEAKY_RELU,
            Op.SOFTPLUS,
            Op.BATCH_NORM,
            Op.LAYER_NORM,
            Op.GROUP_NORM,
            Op.ROLL);

    private static final Map<Op, Op.Many> RULES = rules();

    private Shapes() {}

    private static Map<Op, Op.Many> rules() {
        var rules = new EnumMap<Op, Op.One>(Op.class);
        KEEPING.forEach(op -> rules.put(op, (x, a) -> torch.empty_like(x[0])));
        rules.put(Op.CONV2D, Shapes::convolved);
        rules.put(Op.CONV3D, Shapes::convolved);
        rules.put(Op.CONV_TRANSPOSE2D, Shapes::transposed);
        rules.put(Op.ADAPTIVE_AVG_POOL2D, Shapes::pooled);
        rules.put(Op.ADAPTIVE_MAX_POOL2D, Shapes::pooled);
        rules.put(Op.ATTENTION, Shapes::attended);
        rules.put(Op.EMBEDDING, Shapes::embedded);
        rules.put(Op.INDEX_SELECT, Shapes::selected);
        rules.put(Op.UPSAMPLE_BICUBIC, (x, a) -> of(x[0].size(0), x[0].size(1), a.whole(0), a.whole(1)));
        var all = new EnumMap<Op, Op.Many>(Op.class);
        rules.forEach((op, rule) -> all.put(op, (x, a) -> new Tensor[] {rule.run(x, a)}));
        all.put(Op.RECURRENT, Shapes::recurrent);
        return all;
    }

    static Optional<Op.Many> rule(Op op) {
        return Optional.ofNullable(RULES.get(op));
    }

    /** Attributes: stride, padding, dilation of each side, groups. */
    private static Tensor convolved(Tensor[] x, Attributes a) {
        long[] sizes = Kernels.sizes(x[0]);
        sizes[1] = x[1].size(0);
        for (int i = 2; i < sizes.length; i++) {
            long covered = a.wholes(2)[i - 2] * (x[1].size(i) - 1) + 1;
            sizes[i] = Math.floorDiv(sizes[i] + 2 * a.wholes(1)[i - 2] - covered, a.wholes(0)[i - 2]) + 1;
        }
        return of(sizes);
    }

    /** Attributes: stride, padding, output padding, dilation of each side, groups. */
    private static Tensor transposed(Tensor[] x, Attributes a) {
        long[] sizes = Kernels.sizes(x[0]);
        sizes[1] = x[1].size(1) * a.whole(4);
        for (int i = 2; i < sizes.length; i++) {
            long covered = a.wholes(3)[i - 2] * (x[1].size(i) - 1) + 1;
            sizes[i] = (sizes[i] - 1) * a.wholes(0)[i - 2] - 2 * a.wholes(1)[i - 2] + covered + a.wholes(2)[i - 2];
        }
        return of(sizes);
    }

    private static Tensor pooled(Tensor[] x, Attributes a) {
        return of(x[0].size(0), x[0].size(1), a.whole(0), a.whole(1));
    }

    private static Tensor attended(Tensor[] x, Attributes a) {
        long[] sizes = Kernels.sizes(x[0]);
        sizes[sizes.length - 1] = x[2].size(-1);
        return of(sizes);
    }

    private static Tensor embedded(Tensor[] x, Attributes a) {
        long[] sizes = Arrays.copyOf(Kernels.sizes(x[0]), (int) x[0].dim() + 1);
        sizes[sizes.length - 1] = x[1].size(1);
        return of(sizes);
    }

    private static Tensor selected(Tensor[] x, Attributes a) {
        long[] sizes = Kernels.sizes(x[0]);
        sizes[(int) Math.floorMod(a.whole(0), x[0].dim())] = x[1].size(0);
        return of(sizes);
    }

    /** Every step [N, T, directions hidden], then the last states as the first ones are. */
    private static Tensor[] recurrent(Tensor[] x, Attributes a) {
        int states = a.get(0, String.class).equals("lstm") ? 2 : 1;
        Tensor[] made = new Tensor[1 + states];
        made[0] = of(x[0].size(0), x[0].size(1), x[1].size(2) * (a.flag(2) ? 2 : 1));
        for (int i = 1; i <= states; i++) {
            made[i] = torch.empty_like(x[i]);
        }
        return made;
    }

    private static Tensor of(long... sizes) {
        if (Arrays.stream(sizes).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException("nothing is left of so small an input");
        }
        return torch.zeros(sizes, Kernels.options(DType.FLOAT32).device(Device.META.optional()));
    }
}
