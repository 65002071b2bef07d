package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import dev.fovea.nn.Traceable;
import dev.fovea.nn.TransformerBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A transformer that reconstructs the masked patches of an image from a few visible ones (He et al. 2021,
 * <a href="https://arxiv.org/abs/2111.06377">2111.06377</a>). The encoder works on the visible patches alone, a smaller
 * decoder on all of them. Positions are learned, where the paper has fixed sinusoids, and the target is the pixels
 * themselves, so that reconstructions can be viewed.
 */
public final class MaskedAutoencoder extends Net implements EncoderNet, Traceable {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("masked-autoencoder", new Config(4, 128, 4, 4), "https://arxiv.org/abs/2111.06377"));

    /**
     * @param patch side of a patch, in pixels
     * @param width of the tokens of the encoder
     * @param depth blocks of the encoder
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
            return new MaskedAutoencoder(
                    images.channels(), images.height(), images.width(), patch, width, depth, heads);
        }

        @Override
        public Class<?> network() {
            return MaskedAutoencoder.class;
        }
    }

    private static final int DECODER_DEPTH = 2;
    private static final double TRACED_SHARE = 0.75;

    private final Patches patches;
    private final Dense embed;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Dense bridge;
    private final List<TransformerBlock> decoderBlocks = new ArrayList<>();
    private final LayerNorm decoderNorm;
    private final Dense head;

    /**
     * Which patches of each image are visible.
     *
     * @param kept positions of the visible ones, [N, K], int64
     * @param restore for each position, its position when the masked ones follow the visible ones, [N, L], int64
     * @param hidden 1 where masked, 0 where visible, [N, L, 1]
     */
    public record Mask(Tensor kept, Tensor restore, Tensor hidden) {}

    /**
     * @param side of a patch
     * @param width of the encoder; the decoder has half of it
     */
    MaskedAutoencoder(int channels, int height, int width0, int side, int width, int depth, int heads) {
        patches = new Patches(channels, height, width0, side);
        if (width % 2 != 0) {
            throw new IllegalArgumentException("masked-autoencoder: width must be even, got width=" + width);
        }
        int small = width / 2;
        embed = add("embed", new Dense(patches.values(), width, true));
        position("positions", width);
        for (int i = 0; i < depth; i++) {
            blocks.add(add("block" + i, new TransformerBlock(width, heads, false)));
        }
        norm = add("norm", new LayerNorm(1e-6, width));
        bridge = add("bridge", new Dense(width, small, true));
        state().parameter("mask_token", Initializer.normal(0.02), 1, 1, small);
        position("decoder_positions", small);
        for (int i = 0; i < DECODER_DEPTH; i++) {
            decoderBlocks.add(add("decoder" + i, new TransformerBlock(small, heads, false)));
        }
        decoderNorm = add("decoder_norm", new LayerNorm(1e-6, small));
        head = add("head", new Dense(small, patches.values(), true));
    }

    private void position(String name, int width) {
        state().parameter(name, Initializer.normal(0.02), 1, patches.count(), width);
    }

    /**
     * A random mask for each of {@code count} images.
     *
     * @throws IllegalArgumentException if so small a share masks none
     */
    public Mask mask(int count, double share, long seed) {
        int all = patches.count();
        int kept = Math.max(1, (int) Math.round((1 - share) * all));
        if (kept == all) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "task.maskRatio=%s masks none of the %d patches of an image. Set it to %.3f or more",
                    share,
                    all,
                    1.0 / all));
        }
        long[] visible = new long[Sizes.product(count, kept)];
        long[] restore = new long[Sizes.product(count, all)];
        float[] hidden = new float[Sizes.product(count, all)];
        for (int n = 0; n < count; n++) {
            var random = new SplittableRandom(seed * 31 + n);
            double[] dice = random.doubles(all).toArray();
            int[] order = IntStream.range(0, all)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> dice[i]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int rank = 0; rank < all; rank++) {
                restore[n * all + order[rank]] = rank;
                if (rank < kept) {
                    visible[n * kept + rank] = order[rank];
                } else {
                    hidden[n * all + order[rank]] = 1;
                }
            }
        }
        return new Mask(
                Tensor.of(visible, count, kept), Tensor.of(restore, count, all), Tensor.of(hidden, count, all, 1));
    }

    /** Images as patches: [N, C, H, W] to [N, L, values]. */
    public Tensor patches(Tensor images) {
        return patches.of(images);
    }

    /** All patches as reconstructed from the visible ones: [N, L, values]. */
    public Tensor reconstructedPatches(Tensor images, Mask mask) {
        Tensor seen = embedded(images);
        Tensor visible = bridge.forward(encoded(chosen(seen, mask.kept())));
        long hidden = patches.count() - visible.size(1);
        Tensor blank = state().get("mask_token").to(visible.type()).expand(visible.size(0), hidden, visible.size(2));
        Tensor all = chosen(Tensor.cat(List.of(visible, blank), 1), mask.restore());
        Tensor x = all.add(state().get("decoder_positions"));
        for (TransformerBlock block : decoderBlocks) {
            x = block.forward(x);
        }
        return head.forward(decoderNorm.forward(x));
    }

    /** Images with their masked patches reconstructed: [N, C, H, W], values 0 to 1. */
    public Tensor reconstructed(Tensor images, Mask mask) {
        Tensor own = patches.of(images);
        Tensor made = reconstructedPatches(images, mask).to(DType.FLOAT32).clamp(0, 1);
        return patches.joined(own.add(made.sub(own).mul(mask.hidden().to(own.device()))));
    }

    /** Images with their masked patches grey: [N, C, H, W]. */
    public Tensor hidden(Tensor images, Mask mask) {
        Tensor own = patches.of(images);
        return patches.joined(own.add(own.neg().add(0.5).mul(mask.hidden().to(own.device()))));
    }

    /** The mean of the encoder's output over all patches: [N, D]. */
    @Override
    public Tensor encode(Tensor images) {
        return encoded(embedded(images)).mean(1);
    }

    /** Reconstructs three quarters of each image, the same patches of each, from the rest. */
    @Override
    public Tensor trace(Tensor images) {
        return reconstructed(images, TRACED_SHARE);
    }

    /** Reconstructs a share of each image, the same patches of each, from the rest: [N, C, H, W], values 0 to 1. */
    public Tensor reconstructed(Tensor images, double share) {
        Mask one = mask(1, share, 0);
        long count = images.size(0);
        return reconstructed(
                images,
                new Mask(
                        one.kept().expand(count, -1),
                        one.restore().expand(count, -1),
                        one.hidden().expand(count, -1, -1)));
    }

    private Tensor embedded(Tensor images) {
        return embed.forward(patches.of(images)).add(state().get("positions"));
    }

    private Tensor encoded(Tensor patches) {
        Tensor x = patches;
        for (TransformerBlock block : blocks) {
            x = block.forward(x);
        }
        return norm.forward(x);
    }

    /** Of each image's rows [N, L, D] those at {@code positions} [N, K]: [N, K, D]. */
    private static Tensor chosen(Tensor rows, Tensor positions) {
        Tensor index =
                positions.to(rows.device()).unsqueeze(2).expand(positions.size(0), positions.size(1), rows.size(2));
        return rows.gather(1, index);
    }
}
