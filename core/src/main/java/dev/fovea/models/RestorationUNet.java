package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Conv2d.Window;
import dev.fovea.nn.ConvTranspose2d;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Relu;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A small U-Net of three levels with skip connections
 * (Ronneberger et al. 2015, <a href="https://arxiv.org/abs/1505.04597">1505.04597</a>); it finds what is to be added
 * to the degraded image.
 */
public final class RestorationUNet extends Net implements RestorationNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("unet-restorer", new Config(32, false), "https://arxiv.org/abs/1505.04597")
                    .at(3, 64, 64)
                    .classes(1));

    /**
     * @param width channels at full size
     * @param guide whether the input has a guide behind its channels
     */
    record Config(int width, boolean guide) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new RestorationUNet(images.channels(), width, guide);
        }

        @Override
        public Class<?> network() {
            return RestorationNet.class;
        }
    }

    private static final int LEVELS = 3;

    /** The receptive field of two 3x3 convolutions to each side, in cells. */
    private static final int PAIR = 2;

    private final int channels;
    private final boolean guided;
    private final List<Layer> down = new ArrayList<>();
    private final List<Layer> shrink = new ArrayList<>();
    private final List<Layer> grow = new ArrayList<>();
    private final List<Layer> up = new ArrayList<>();
    private final Layer bottom;
    private final Layer head;

    /** @param width channels at full size; doubled at each halving */
    RestorationUNet(int channels, int width, boolean guided) {
        this.channels = channels;
        this.guided = guided;
        int in = channels + (guided ? 1 : 0);
        for (int level = 0; level < LEVELS; level++) {
            int own = width << level;
            down.add(add("down" + level, pair(in, own)));
            shrink.add(add("shrink" + level, new Conv2d(own, own, Window.of(2, 2, 0), 1, true)));
            in = own;
        }
        bottom = add("bottom", pair(in, 2 * in));
        for (int level = LEVELS - 1; level >= 0; level--) {
            int own = width << level;
            grow.add(add("grow" + level, new ConvTranspose2d(2 * own, own, Window.of(2, 2, 0), 0)));
            up.add(add("up" + level, pair(2 * own, own)));
        }
        head = add("head", new Conv2d(width, channels, Window.of(3, 1, 1), 1, true));
    }

    @Override
    public Tensor apply(Tensor degraded) { // (N, C, H, W)
        var kept = new ArrayList<Tensor>();
        Tensor x = degraded;
        for (int level = 0; level < LEVELS; level++) {
            x = down.get(level).forward(x);
            kept.add(x);
            x = shrink.get(level).forward(x); // halves H and W
        }
        x = bottom.forward(x);
        for (int i = 0; i < LEVELS; i++) {
            x = grow.get(i).forward(x); // doubles H and W
            x = up.get(i).forward(Tensor.cat(List.of(x, kept.get(LEVELS - 1 - i).to(x.type())), 1));
        }
        return degraded.narrow(1, 0, channels).add(head.forward(x));
    }

    private static Layer pair(int in, int out) {
        return new Sequential(List.of(
                new Conv2d(in, out, Window.of(3, 1, 1), 1, true),
                new Relu(),
                new Conv2d(out, out, Window.of(3, 1, 1), 1, true),
                new Relu()));
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
        return 1 << LEVELS;
    }

    /** Walks back from the head through the way up, the bottom and the way down, in cells of each size. */
    @Override
    public int reach() {
        int cells = 1 + PAIR;
        for (int level = 0; level < LEVELS; level++) {
            cells = (cells + 1) / 2 + PAIR;
        }
        for (int level = 0; level < LEVELS; level++) {
            cells = 2 * cells + PAIR;
        }
        return cells;
    }
}
