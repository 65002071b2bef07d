package dev.fovea.train;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.models.Restoring;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Damages sound pictures as a {@link Task.Restoration} says, on the processor. */
public final class Damaging {

    private static final int BLOCK = 8;

    private final Task.Restoration task;
    private final boolean guided;

    /**
     * @param net the network that is to restore them
     * @throws IllegalArgumentException if the damage is not one that this network can undo
     */
    public Damaging(Task.Restoration task, Restoring net) {
        this.task = task;
        guided = net.guided();
        boolean smaller = task.damage() == Task.Damage.SCALE;
        if (smaller ? net.scale() < 2 || task.low() != net.scale() || task.high() != net.scale() : net.scale() != 1) {
            throw new IllegalArgumentException(
                    "task.damage=%s with amounts %s to %s does not fit a network that makes pictures %d times as large"
                            .formatted(
                                    task.damage().name().toLowerCase(java.util.Locale.ROOT),
                                    task.low(),
                                    task.high(),
                                    net.scale()));
        }
    }

    /**
     * What a network is shown of sound pictures [N, C, H, W] of values from 0 to 1, its guide behind it where it takes
     * one.
     *
     * @param seed of the damage; the same for the same pictures gives the same
     */
    public Tensor apply(Tensor sound, long seed) {
        var random = new SplittableRandom(seed);
        int count = (int) sound.size(0);
        double[] amounts = new double[count];
        for (int i = 0; i < count; i++) {
            amounts[i] = task.low() + (task.high() - task.low()) * random.nextDouble();
        }
        Tensor damaged = switch (task.damage()) {
            case NOISE -> noisy(sound, amounts, random.nextLong());
            case JPEG -> each(sound, (image, i) -> image.jpeg((int) Math.round(amounts[i])));
            case SCALE -> each(sound, (image, i) -> smaller(image, (int) amounts[i]));
            case HOLES -> sound;
        };
        if (task.damage() == Task.Damage.HOLES) {
            Tensor holes = holes(sound, amounts, random).to(sound.device());
            damaged = damaged.mul(holes.neg().add(1));
            return guided ? Tensor.cat(List.of(damaged, holes), 1) : damaged;
        }
        return guided ? Tensor.cat(List.of(damaged, guide(damaged, amounts)), 1) : damaged;
    }

    private static Tensor noisy(Tensor sound, double[] deviations, long seed) {
        new dev.fovea.engine.Seed(seed).apply();
        Tensor scale = Tensor.of(deviations, deviations.length, 1, 1, 1)
                .to(DType.FLOAT32)
                .mul(1.0 / 255);
        return sound.add(Tensor.randn(sound.shape()).mul(scale).to(sound.device()));
    }

    /** One level for all of a picture: the amount in parts of 255. */
    private static Tensor guide(Tensor damaged, double[] amounts) {
        Tensor levels =
                Tensor.of(amounts, amounts.length, 1, 1, 1).to(DType.FLOAT32).mul(1.0 / 255);
        return levels.to(damaged.device()).expand(amounts.length, 1, damaged.size(2), damaged.size(3));
    }

    /** 1 where blocks of 8x8 pixels are missing, 0 elsewhere: [N, 1, H, W]. */
    private static Tensor holes(Tensor sound, double[] shares, SplittableRandom random) {
        int height = (int) sound.size(2);
        int width = (int) sound.size(3);
        float[] holes = new float[shares.length * height * width];
        int across = (width + BLOCK - 1) / BLOCK;
        int down = (height + BLOCK - 1) / BLOCK;
        for (int i = 0; i < shares.length; i++) {
            boolean[] missing = new boolean[across * down];
            for (int b = 0; b < missing.length; b++) {
                missing[b] = random.nextDouble() < shares[i];
            }
            for (int p = 0; p < height * width; p++) {
                boolean hole = missing[p / width / BLOCK * across + p % width / BLOCK];
                holes[i * height * width + p] = hole ? 1 : 0;
            }
        }
        return Tensor.of(holes, shares.length, 1, height, width);
    }

    /** Another picture for each. */
    @FunctionalInterface
    private interface Change {
        Image of(Image image, int index);
    }

    private static Tensor each(Tensor sound, Change change) {
        var changed = new ArrayList<Image>();
        for (Image image : Pictures.of(sound)) {
            Image made = change.of(image, changed.size());
            changed.add(sound.size(1) == 1 ? made.toGray() : made);
        }
        return Pictures.of(changed).to(sound.device());
    }

    private static Image smaller(Image image, int factor) {
        return image.resize(image.width() / factor, image.height() / factor, Filter.BICUBIC);
    }
}
