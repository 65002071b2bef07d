package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Conv2d.Window;
import dev.fovea.nn.Dense;
import dev.fovea.nn.GroupNorm;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.SelfAttention;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The U-Net of DDPM, small: residual blocks conditioned on time and class, halved twice, attention at the smallest size
 * (Ho et al. 2020, <a href="https://arxiv.org/abs/2006.11239">2006.11239</a>).
 */
public final class DiffusionUNet extends Net implements DiffusionNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("diffusion-unet", new Config(32), "https://arxiv.org/abs/2006.11239"));

    /** @param width channels at full size, a multiple of 16 */
    record Config(int width) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new DiffusionUNet(images.channels(), images.height(), images.width(), width, classes);
        }

        @Override
        public Class<?> network() {
            return DiffusionNet.class;
        }
    }

    private static final int LEVELS = 3;
    /** Channels of a norm's group; libtorch's kernel fills its vectors of bfloat16 where this is a multiple of 16. */
    private static final int GROUP = 16;

    private final int classes;
    private final TimeEmbedding embedding;
    private final Layer stem;
    private final List<Block> down = new ArrayList<>();
    private final List<Layer> shrink = new ArrayList<>();
    private final Block middle1;
    private final Attention attention;
    private final Block middle2;
    private final List<Block> up = new ArrayList<>();
    private final List<Layer> grow = new ArrayList<>();
    private final GroupNorm norm;
    private final Layer head;

    /**
     * @param width channels at full size, a multiple of 16; twice as many at each halving
     * @param classes of the images
     */
    DiffusionUNet(int channels, int height, int width0, int width, int classes) {
        EncoderDecoder.checkSides("diffusion-unet", height, width0, 1 << (LEVELS - 1));
        if (width % GROUP != 0) {
            throw new IllegalArgumentException("diffusion-unet: width must be a multiple of 16, got width=" + width);
        }
        this.classes = classes;
        int conditioning = 4 * width;
        embedding = add("embedding", new TimeEmbedding(width, conditioning, classes));
        stem = add("stem", conv(channels, width, 1));
        int in = width;
        for (int level = 0; level < LEVELS; level++) {
            int own = width << level;
            down.add(add("down" + level, new Block(in, own, conditioning)));
            if (level < LEVELS - 1) {
                shrink.add(add("shrink" + level, conv(own, own, 2)));
            }
            in = own;
        }
        middle1 = add("middle1", new Block(in, in, conditioning));
        attention = add("attention", new Attention(in));
        middle2 = add("middle2", new Block(in, in, conditioning));
        for (int level = LEVELS - 1; level >= 0; level--) {
            int own = width << level;
            up.add(add("up" + level, new Block(in + own, own, conditioning)));
            in = own;
            if (level > 0) {
                in = own / 2;
                grow.add(add("grow" + level, conv(own, in, 1)));
            }
        }
        norm = add("norm", new GroupNorm(width / GROUP, width));
        head = add("head", conv(width, channels, 1));
    }

    @Override
    public Tensor forward(Tensor x, Tensor time, Tensor labels) {
        Tensor conditioning = embedding.of(time, labels).silu();
        var kept = new ArrayList<Tensor>();
        Tensor y = stem.forward(x);
        for (int level = 0; level < LEVELS; level++) {
            y = down.get(level).forward(y, conditioning);
            kept.add(y);
            if (level < LEVELS - 1) {
                y = shrink.get(level).forward(y); // halves H and W
            }
        }
        y = middle2.forward(attention.forward(middle1.forward(y, conditioning)), conditioning);
        for (int i = 0; i < LEVELS; i++) {
            Tensor beside = kept.get(LEVELS - 1 - i);
            y = up.get(i).forward(Tensor.cat(List.of(y, beside.to(y.type())), 1), conditioning);
            if (i < LEVELS - 1) {
                y = grow.get(i).forward(y);
                y = y.upsampleNearest(2 * y.size(2), 2 * y.size(3)); // doubles H and W
            }
        }
        return head.forward(norm.forward(y).silu());
    }

    @Override
    public int unknown() {
        return classes;
    }

    private static Layer conv(int in, int out, int stride) {
        return new Conv2d(in, out, Window.of(3, stride, 1), 1, true);
    }

    /** Two convolutions behind norms; time and class are added between them. */
    private static final class Block extends Net {

        private final GroupNorm norm1;
        private final Layer conv1;
        private final Dense conditioning;
        private final GroupNorm norm2;
        private final Layer conv2;
        private final Layer shortcut;

        Block(int in, int out, int conditioningWidth) {
            norm1 = add("norm1", new GroupNorm(in / GROUP, in));
            conv1 = add("conv1", conv(in, out, 1));
            conditioning = add("conditioning", new Dense(conditioningWidth, out, true));
            norm2 = add("norm2", new GroupNorm(out / GROUP, out));
            conv2 = add("conv2", conv(out, out, 1));
            shortcut = in == out ? null : add("shortcut", new Conv2d(in, out, Window.of(1, 1, 0), 1, true));
        }

        Tensor forward(Tensor x, Tensor what) {
            return within(() -> conditioned(x, what));
        }

        private Tensor conditioned(Tensor x, Tensor what) {
            Tensor y = conv1.forward(norm1.forward(x).silu());
            y = y.add(conditioning.forward(what).unsqueeze(2).unsqueeze(3));
            y = conv2.forward(norm2.forward(y).silu());
            return y.add(shortcut == null ? x : shortcut.forward(x));
        }
    }

    /** Self-attention over all positions: {@code [N, C, H, W]} to the same shape. */
    private static final class Attention extends Net implements Layer {

        private static final int HEAD = 32;

        private final GroupNorm norm;
        private final SelfAttention attention;

        Attention(int channels) {
            norm = add("norm", new GroupNorm(channels / GROUP, channels));
            attention = add("attn", new SelfAttention(channels, Math.max(1, channels / HEAD), false));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor places = norm.forward(x).flatten(2, 3).transpose(1, 2); // (N, HW, C)
            Tensor seen = attention.forward(places).transpose(1, 2);
            return x.add(seen.reshape(x.shape()));
        }
    }
}
