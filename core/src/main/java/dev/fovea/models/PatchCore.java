package dev.fovea.models;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Remembers what places of sound pictures look like; a place is as odd as it is far from the nearest of these (Roth et
 * al. 2021, <a href="https://arxiv.org/abs/2106.08265">2106.08265</a>, without its reweighting of the image score). Of up
 * to 50,000 places seen, evenly drawn, those are kept that leave none far from a kept one.
 */
public final class PatchCore extends Net implements Oddness {

    private static final int DRAWN = 50_000;

    private final Layer backbone;
    private final PatchFeatures features;
    private final int memory;
    private final List<float[]> seen = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(0);
    private long met;

    /** @param memory places kept */
    PatchCore(Layer backbone, int channels, int height, int width, int memory) {
        this.backbone = add("backbone", backbone);
        this.memory = memory;
        features = new PatchFeatures(backbone, channels, height, width);
        state().buffer("memory", Tensor.zeros(memory, features.channels()));
    }

    @Override
    public Layer backbone() {
        return backbone;
    }

    @Override
    public void see(Tensor pictures) {
        int width = features.channels();
        float[] all = rows(pictures).toFloats();
        for (int from = 0; from < all.length; from += width) {
            met++;
            long place = seen.size() < DRAWN ? seen.size() : random.nextLong(met);
            if (place >= DRAWN) {
                continue;
            }
            float[] row = java.util.Arrays.copyOfRange(all, from, from + width);
            if (place == seen.size()) {
                seen.add(row);
            } else {
                seen.set((int) place, row);
            }
        }
    }

    @Override
    public void finish() {
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("patchcore: saw no pictures");
        }
        int width = features.channels();
        float[] all = new float[seen.size() * width];
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

    /** Squared, of all rows from one of them. */
    private static Tensor distances(Tensor rows, Tensor lengths, long one) {
        Tensor row = rows.select(0, one);
        return lengths.add(lengths.select(0, one))
                .sub(rows.matmul(row.unsqueeze(1)).squeeze(1).mul(2))
                .relu();
    }

    @Override
    public Tensor places(Tensor pictures) {
        Tensor maps = features.of(pictures); // (N, h, w, D)
        Tensor rows = maps.reshape(-1, features.channels());
        Tensor kept = state().get("memory");
        Tensor distances = rows.mul(rows)
                .sum(1)
                .unsqueeze(1)
                .add(kept.mul(kept).sum(1))
                .sub(rows.matmul(kept.transpose(0, 1)).mul(2)); // (N h w, memory)
        return distances.neg().max(1).neg().relu().sqrt().reshape(maps.size(0), maps.size(1), maps.size(2));
    }

    private Tensor rows(Tensor pictures) {
        return features.of(pictures).reshape(-1, features.channels());
    }
}
