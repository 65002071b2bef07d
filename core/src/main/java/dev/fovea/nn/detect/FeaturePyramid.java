package dev.fovea.nn.detect;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * Feature pyramid: maps of several strides, each told what the coarser ones know (Lin et al. 2016, <a
 * href="https://arxiv.org/abs/1612.03144">1612.03144</a>). Names are torchvision's.
 */
public final class FeaturePyramid extends Net {

    /** Maps that are coarser than all given. */
    public enum Extra {
        /** None. */
        NONE,
        /** Every second place of the coarsest map, as Faster R-CNN has it. */
        POOL,
        /** Two strided convolutions, on the coarsest map of the pyramid. */
        TWO_FROM_PYRAMID,
        /** The same, on the coarsest map given (RetinaNet, Lin et al. 2017). */
        TWO_FROM_MAPS
    }

    private final List<Layer> inner = new ArrayList<>();
    private final List<Layer> outer = new ArrayList<>();
    private final Extra extra;
    private final List<Layer> coarser = new ArrayList<>();

    /**
     * A pyramid.
     *
     * @param in channels of the maps, the finest first
     * @param out channels of all maps of the pyramid
     * @param norm whether a batch norm follows each convolution, which then has no bias
     */
    public FeaturePyramid(List<Integer> in, int out, boolean norm, Extra extra) {
        this.extra = extra;
        for (int channels : in) {
            inner.add(block(channels, out, 1, norm));
            outer.add(block(out, out, 3, norm));
        }
        add("inner_blocks", new Sequential(inner));
        add("layer_blocks", new Sequential(outer));
        if (extra == Extra.TWO_FROM_MAPS || extra == Extra.TWO_FROM_PYRAMID) {
            int first = extra == Extra.TWO_FROM_MAPS ? in.get(in.size() - 1) : out;
            add("extra_blocks", new Coarser(first, out));
        }
        state().initializer(FeaturePyramid::fill, (name, weight) -> weight.dims() == 4);
        state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    /** Evenly within the root of 3 / fan in, He's for linear layers. */
    private static void fill(Tensor weight, dev.fovea.engine.Random random) {
        double limit = Math.sqrt(3.0 * weight.size(0) / weight.elements());
        weight.uniform_(random, -limit, limit);
    }

    private static Layer block(int in, int out, int kernel, boolean norm) {
        var conv = new Conv2d(in, out, Conv2d.Window.of(kernel, 1, kernel / 2), 1, !norm);
        return new Sequential(norm ? List.of(conv, new BatchNorm(out)) : List.of(conv));
    }

    /**
     * The pyramid.
     *
     * @param maps [N, in, H, W] each, the finest first
     * @return [N, out, H, W] each, and the coarser ones behind them
     */
    public List<Tensor> of(List<Tensor> maps) {
        int last = maps.size() - 1;
        var pyramid = new ArrayList<Tensor>();
        Tensor carried = inner.get(last).forward(maps.get(last));
        pyramid.add(outer.get(last).forward(carried));
        for (int i = last - 1; i >= 0; i--) {
            Tensor own = inner.get(i).forward(maps.get(i));
            carried = own.add(carried.upsampleNearest(own.size(2), own.size(3)));
            pyramid.add(0, outer.get(i).forward(carried));
        }
        if (extra == Extra.NONE) {
            return pyramid;
        }
        if (extra == Extra.POOL) {
            pyramid.add(pyramid.get(last).maxPool2d(1, 2, 0, false));
            return pyramid;
        }
        Tensor sixth = coarser.get(0).forward(extra == Extra.TWO_FROM_MAPS ? maps.get(last) : pyramid.get(last));
        pyramid.add(sixth);
        pyramid.add(coarser.get(1).forward(sixth.relu()));
        return pyramid;
    }

    /** The two strided convolutions. */
    private final class Coarser extends Net {

        Coarser(int in, int out) {
            coarser.add(add("p6", new Conv2d(in, out, Conv2d.Window.of(3, 2, 1), 1, true)));
            coarser.add(add("p7", new Conv2d(out, out, Conv2d.Window.of(3, 2, 1), 1, true)));
        }
    }
}
