package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.SelfAttention;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A transformer over patches whose conditioning, time and class, scales and shifts its norms (Peebles and Xie
 * 2022, <a href="https://arxiv.org/abs/2212.09748">2212.09748</a>, adaLN-Zero): at the start every block is the
 * identity.
 * Positions are learned, where the paper has fixed sinusoids.
 */
public final class DiffusionTransformer extends Net implements DiffusionNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("dit", new Config(2, 128, 6, 4), "https://arxiv.org/abs/2212.09748"));

    /**
     * @param patch side of a patch, in pixels
     * @param width of the tokens
     * @param depth number of blocks
     */
    record Config(int patch, int width, int depth, int heads) implements NetConfig {

        Config {
            NetConfig.positive("patch", patch);
            NetConfig.positive("width", width);
            NetConfig.positive("depth", depth);
            NetConfig.positive("heads", heads);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new DiffusionTransformer(
                    images.channels(), images.height(), images.width(), patch, width, depth, heads, classes);
        }

        @Override
        public Class<?> network() {
            return DiffusionNet.class;
        }
    }

    private static final double EPS = 1e-6;

    private final Patches patches;
    private final int classes;
    private final Dense embed;
    private final TimeEmbedding conditioning;
    private final List<Block> blocks = new ArrayList<>();
    private final Dense modulation;
    private final Dense head;

    /**
     * @param side of a patch, in pixels
     * @param width of the tokens
     */
    DiffusionTransformer(int channels, int height, int width0, int side, int width, int depth, int heads, int classes) {
        patches = new Patches(channels, height, width0, side);
        this.classes = classes;
        embed = add("embed", new Dense(patches.values(), width, true));
        state().parameter("positions", Initializer.normal(0.02), 1, patches.count(), width);
        conditioning = add("conditioning", new TimeEmbedding(width, width, classes));
        for (int i = 0; i < depth; i++) {
            blocks.add(add("block" + i, new Block(width, heads)));
        }
        modulation = add("modulation", zero(new Dense(width, 2 * width, true)));
        head = add("head", zero(new Dense(width, patches.values(), true)));
    }

    @Override
    public Tensor forward(Tensor x, Tensor time, Tensor labels) {
        Tensor what = conditioning.of(time, labels).silu();
        Tensor y = embed.forward(patches.of(x)).add(state().get("positions")); // (N, L, D)
        for (Block block : blocks) {
            y = block.forward(y, what);
        }
        List<Tensor> change = parts(modulation.forward(what), 2);
        return patches.joined(head.forward(modulated(y, change.get(0), change.get(1)))); // (N, C, H, W)
    }

    @Override
    public int unknown() {
        return classes;
    }

    private static Dense zero(Dense layer) {
        layer.state().initializer(Initializer.ZEROS, (name, weight) -> true);
        return layer;
    }

    /** [N, count D] to so many [N, 1, D]. */
    private static List<Tensor> parts(Tensor all, int count) {
        long width = all.size(1) / count;
        var parts = new ArrayList<Tensor>();
        for (int i = 0; i < count; i++) {
            parts.add(all.narrow(1, i * width, width).unsqueeze(1));
        }
        return parts;
    }

    /** Normalised over D, then scaled and shifted. */
    private static Tensor modulated(Tensor x, Tensor shift, Tensor scale) {
        long width = x.size(2);
        Tensor plain = x.layerNorm(
                Tensor.ones(width).to(x.device()), Tensor.zeros(width).to(x.device()), EPS);
        return plain.mul(scale.add(1)).add(shift);
    }

    /** Attention and MLP, each between a conditioned norm and a conditioned gate. */
    private static final class Block extends Net {

        private final SelfAttention attention;
        private final Dense in;
        private final Dense out;
        private final Dense modulation;

        Block(int width, int heads) {
            attention = add("attn", new SelfAttention(width, heads, false));
            in = add("fc1", new Dense(width, 4 * width, true));
            out = add("fc2", new Dense(4 * width, width, true));
            modulation = add("modulation", zero(new Dense(width, 6 * width, true)));
        }

        Tensor forward(Tensor x, Tensor what) {
            return within(() -> conditioned(x, what));
        }

        private Tensor conditioned(Tensor x, Tensor what) {
            List<Tensor> change = parts(modulation.forward(what), 6);
            Tensor seen = attention.forward(modulated(x, change.get(0), change.get(1)));
            Tensor y = x.add(seen.mul(change.get(2)));
            Tensor thought = out.forward(
                    in.forward(modulated(y, change.get(3), change.get(4))).gelu());
            return y.add(thought.mul(change.get(5)));
        }
    }
}
