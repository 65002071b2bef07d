package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Conv2d.Window;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Relu;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of convolutions that predicts the residual of a degraded image (Zhang et al. 2016,
 * <a href="https://arxiv.org/abs/1608.03981">1608.03981</a>).
 *
 * <p>With {@code shuffle} 2 it works on 2x2 blocks as channels, at a quarter of the cost (FFDNet, Zhang et al. 2017,
 * <a href="https://arxiv.org/abs/1710.04026">1710.04026</a>).
 */
public final class DnCnn extends Net implements RestorationNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            ModelEntry.row("dncnn", new Config(17, 64, 1, false), "https://arxiv.org/abs/1608.03981")
                    .at(1, 64, 64)
                    .classes(1),
            ModelEntry.row("ffdnet", new Config(15, 64, 2, true), "https://arxiv.org/abs/1710.04026")
                    .at(1, 64, 64)
                    .classes(1));

    /**
     * @param depth convolutions, at least 3
     * @param width channels between them
     * @param shuffle side of the blocks of pixels that become channels
     * @param guide whether the input has a guide behind its channels
     */
    record Config(int depth, int width, int shuffle, boolean guide) implements NetConfig {

        Config {
            NetConfig.positive("depth", depth);
            NetConfig.positive("width", width);
            NetConfig.positive("shuffle", shuffle);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new DnCnn(images.channels(), depth, width, shuffle, guide);
        }

        @Override
        public Class<?> network() {
            return RestorationNet.class;
        }
    }

    private final Layer body;
    private final int channels;
    private final int depth;
    private final int shuffle;
    private final boolean guided;

    /**
     * @param depth convolutions, at least 3
     * @param width channels between them
     * @param shuffle side of the blocks of pixels that become channels
     * @param guided whether the input has a guide behind its channels
     * @throws IllegalArgumentException if {@code depth} is below 3
     */
    DnCnn(int channels, int depth, int width, int shuffle, boolean guided) {
        if (depth < 3) {
            throw new IllegalArgumentException(
                    "dncnn: option depth must be at least 3, the first and last convolution included, got depth="
                            + depth);
        }
        this.channels = channels;
        this.depth = depth;
        this.shuffle = shuffle;
        this.guided = guided;
        int block = Sizes.product(shuffle, shuffle, channels) / channels;
        var layers = new ArrayList<Layer>(List.of(
                new Conv2d(channels * block + (guided ? 1 : 0), width, Window.of(3, 1, 1), 1, true), new Relu()));
        for (int i = 0; i < depth - 2; i++) {
            layers.addAll(
                    List.of(new Conv2d(width, width, Window.of(3, 1, 1), 1, false), new BatchNorm(width), new Relu()));
        }
        layers.add(new Conv2d(width, channels * block, Window.of(3, 1, 1), 1, true));
        body = add("body", new Sequential(layers));
    }

    @Override
    public Tensor apply(Tensor degraded) {
        Tensor pixels = degraded.narrow(1, 0, channels);
        Tensor blocks = shuffle == 1 ? pixels : pixels.pixelUnshuffle(shuffle);
        if (guided) {
            blocks = Tensor.cat(List.of(blocks, guide(degraded)), 1);
        }
        Tensor excess = body.forward(blocks);
        Tensor whole = shuffle == 1 ? excess : excess.pixelShuffle(shuffle);
        return pixels.sub(whole);
    }

    /** At the size of the blocks; 0, not degraded, where there is none. */
    private Tensor guide(Tensor degraded) {
        Tensor guide = degraded.size(1) > channels
                ? degraded.narrow(1, channels, 1)
                : degraded.narrow(1, 0, 1).mul(0);
        return guide.avgPool2d(shuffle, shuffle, 0);
    }

    @Override
    public boolean guided() {
        return guided;
    }

    @Override
    public int scale() {
        return 1;
    }

    @Override
    public int stride() {
        return shuffle;
    }

    @Override
    public int reach() {
        return depth * shuffle;
    }
}
