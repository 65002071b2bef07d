package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A memory bank of patch features of normal images; the score of a patch is its distance from the nearest of these
 * (Roth et
 * al. 2021, <a href="https://arxiv.org/abs/2106.08265">2106.08265</a>). The bank is a greedy coreset of up to 50,000
 * patches, drawn at random. The score of an image is that of its most anomalous patch, reweighted by the density of the
 * bank around its nearest neighbour (equation 7).
 */
public final class PatchCore extends Net implements AnomalyNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("patchcore", new Config("resnet18", 1000), "https://arxiv.org/abs/2106.08265")
                    .at(3, 224, 224)
                    .classes(1000));

    /**
     * @param backbone network that gives the features
     * @param memory patches in the memory bank
     */
    record Config(String backbone, int memory) implements NetConfig {

        Config {
            NetConfig.range("memory", memory, 1, MOST_PATCHES);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new PatchCore(
                    Models.create(backbone, images, classes),
                    images.channels(),
                    images.height(),
                    images.width(),
                    memory);
        }

        @Override
        public Class<?> network() {
            return AnomalyNet.class;
        }
    }

    private static final int MOST_PATCHES = 1 << 20;

    private static final int DRAWN = 50_000;

    /** Neighbours that the score of an image is reweighted by: b of equation 7. */
    private static final int NEIGHBOURS = 9;

    private final Module backbone;
    private final PatchFeatures features;
    private final int memory;
    private final List<float[]> seen = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(0);
    private long met;

    /** @param memory patches in the memory bank */
    PatchCore(Module backbone, int channels, int height, int width, int memory) {
        this.backbone = add("backbone", backbone);
        this.memory = memory;
        features = new PatchFeatures(backbone, channels, height, width);
        state().buffer("memory", Tensor.zeros(memory, features.channels()));
    }

    @Override
    public Module backbone() {
        return backbone;
    }

    @Override
    public void fit(Tensor images) {
        int width = features.channels();
        float[] all = rows(images).toFloats();
        for (int from = 0; from < all.length; from += width) {
            met++;
            long place = seen.size() < DRAWN ? seen.size() : random.nextLong(met);
            if (place >= DRAWN) {
                continue;
            }
            float[] row = Arrays.copyOfRange(all, from, from + width);
            if (place == seen.size()) {
                seen.add(row);
            } else {
                seen.set((int) place, row);
            }
        }
    }

    @Override
    public void finishFit() {
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("patchcore: saw no images");
        }
        int width = features.channels();
        float[] all = new float[Math.multiplyExact(seen.size(), width)];
        for (int i = 0; i < seen.size(); i++) {
            System.arraycopy(seen.get(i), 0, all, i * width, width);
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor rows = Tensor.of(all, seen.size(), width);
            Tensor lengths = rows.mul(rows).sum(1);
            long[] chosen = new long[memory];
            Tensor far = distances(rows, lengths, 0);
            for (int i = 1; i < memory; i++) {
                try (var step = new Scope()) {
                    chosen[i] = far.argmax(0).toLongs()[0];
                    far.copy_(far.minimum(distances(rows, lengths, chosen[i])));
                }
            }
            state().get("memory").copy_(rows.indexSelect(0, Tensor.of(chosen, memory)));
        }
        seen.clear();
    }

    /** SquaredError, of all rows from one of them. */
    private static Tensor distances(Tensor rows, Tensor lengths, long one) {
        Tensor row = rows.select(0, one);
        return lengths.add(lengths.select(0, one))
                .sub(rows.matmul(row.unsqueeze(1)).squeeze(1).mul(2))
                .relu();
    }

    @Override
    public Scores score(Tensor images) {
        Tensor maps = features.of(images); // (N, h, w, D)
        Tensor apart = apart(maps.reshape(-1, features.channels())); // (N h w, memory)
        Tensor places = apart.neg().max(1).neg().reshape(maps.size(0), -1); // (N, h w)
        long count = maps.size(0);
        Tensor highest = places.argmax(1).reshape(-1, 1, 1).expand(count, 1, memory);
        Tensor distances = apart.reshape(count, -1, memory).gather(1, highest).squeeze(1); // (N, memory)
        return new Scores(weighed(distances), places.reshape(count, maps.size(1), maps.size(2)));
    }

    /** Distances of rows [n, D] from all that is kept: [n, memory]. */
    private Tensor apart(Tensor rows) {
        Tensor kept = state().get("memory");
        return rows.mul(rows)
                .sum(1)
                .unsqueeze(1)
                .add(kept.mul(kept).sum(1))
                .sub(rows.matmul(kept.transpose(0, 1)).mul(2))
                .relu()
                .sqrt();
    }

    /** The distance from the nearest neighbour, reweighted by the distances from that one's neighbours: [N, memory] to [N]. */
    private Tensor weighed(Tensor distances) {
        Tensor least = distances.neg().max(1).neg();
        if (memory == 1) {
            return least; // nothing to compare with
        }
        Tensor nearest = distances.neg().argmax(1); // (N)
        Tensor itself = Tensor.arange(memory)
                .to(distances.device())
                .unsqueeze(0)
                .eq(nearest.unsqueeze(1))
                .to(DType.FLOAT32);
        Tensor away = apart(state().get("memory").indexSelect(0, nearest));
        // Itself first: rounding may put a copy of it before it.
        Tensor order = away.add(1).mul(itself.neg().add(1)).neg();
        Tensor neighbours = Tensor.call("aten::topk", order, (long) Math.min(NEIGHBOURS, memory), 1L, true, true)
                .get(1);
        Tensor apart = distances.gather(1, neighbours).sub(least.unsqueeze(1));
        Tensor one = Tensor.ones(1).to(distances.device());
        return least.mul(one.sub(one.div(apart.exp().sum(1))));
    }

    private Tensor rows(Tensor images) {
        return features.of(images).reshape(-1, features.channels());
    }
}
