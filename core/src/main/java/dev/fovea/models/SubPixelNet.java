package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Conv2d.Window;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Relu;
import dev.fovea.nn.Residual;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Super-resolution: the residual of a bilinear enlargement is computed at the small size, followed by a pixel shuffle
 * (Shi et al. 2016, <a href="https://arxiv.org/abs/1609.05158">1609.05158</a>; residual blocks without norms as
 * in EDSR, Lim et al. 2017).
 */
public final class SubPixelNet extends Net implements RestorationNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("subpixel", new Config(64, 8, 2), "https://arxiv.org/abs/1609.05158")
                    .at(3, 64, 64)
                    .classes(1));

    /** By how much a network, as recipes name it, enlarges images: 1 for all but these. */
    public static int scaleOf(String model) {
        return Models.find(model)
                .map(entry -> Options.parse(model, entry.config()))
                .filter(Config.class::isInstance)
                .map(config -> ((Config) config).scale())
                .orElse(1);
    }

    /**
     * @param width channels of the blocks
     * @param blocks residual ones
     * @param scale by how much the result is larger, 2 to 8
     */
    record Config(int width, int blocks, int scale) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
            NetConfig.positive("blocks", blocks);
            NetConfig.range("scale", scale, 2, 8);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new SubPixelNet(images.channels(), width, blocks, scale);
        }

        @Override
        public Class<?> network() {
            return RestorationNet.class;
        }
    }

    private final Layer body;
    private final int blocks;
    private final int scale;

    SubPixelNet(int channels, int width, int blocks, int scale) {
        this.blocks = blocks;
        this.scale = scale;
        var layers = new ArrayList<Layer>(List.of(new Conv2d(channels, width, Window.of(3, 1, 1), 1, true)));
        for (int i = 0; i < blocks; i++) {
            layers.add(new Residual(new Sequential(List.of(
                    new Conv2d(width, width, Window.of(3, 1, 1), 1, true),
                    new Relu(),
                    new Conv2d(width, width, Window.of(3, 1, 1), 1, true)))));
        }
        layers.add(new Conv2d(width, channels * scale * scale, Window.of(3, 1, 1), 1, true));
        body = add("body", new Sequential(layers));
    }

    @Override
    public Tensor apply(Tensor small) {
        Tensor large = small.upsampleBilinear(small.size(2) * scale, small.size(3) * scale);
        return large.add(body.forward(small).pixelShuffle(scale));
    }

    @Override
    public boolean guided() {
        return false;
    }

    @Override
    public int scale() {
        return scale;
    }

    @Override
    public int stride() {
        return 1;
    }

    @Override
    public int reach() {
        return 2 * blocks + 2;
    }
}
