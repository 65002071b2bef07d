package dev.fovea.task.restore;

import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.models.RestorationNet;
import dev.fovea.train.ImageTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Degrades clean images as a {@link Restoration} says, on the processor. */
final class Degradation {

    /** Sides of holes, in pixels: what a network that sees some dozens of them can fill. */
    private static final int SMALLEST = 2;

    private static final int LARGEST = 24;

    private final Restoration task;
    private final boolean guided;

    /**
     * @param net the network that is to restore them
     * @throws IllegalArgumentException if the degradation is not one that this network can undo
     */
    public Degradation(Restoration task, RestorationNet net) {
        this.task = task;
        guided = net.guided();
        boolean smaller = task.degradation() == DegradationType.SCALE;
        if (smaller ? net.scale() < 2 || task.low() != net.scale() || task.high() != net.scale() : net.scale() != 1) {
            throw new IllegalArgumentException(
                    "task.degradation=%s with task.low=%s and task.high=%s does not fit a network whose images are %s. %s"
                            .formatted(
                                    task.degradation().word(),
                                    task.low(),
                                    task.high(),
                                    net.scale() == 1 ? "as large as they were" : net.scale() + " times as large",
                                    net.scale() == 1
                                            ? "Use task.degradation=noise, jpeg or holes, or a network that makes images larger"
                                            : String.format(
                                                    Locale.ROOT,
                                                    "Set task.degradation=scale, task.low=%1$d and task.high=%1$d",
                                                    net.scale())));
        }
    }

    /**
     * The input of the network for clean images [N, C, H, W], values 0 to 1, with the guide channel behind it where it
     * takes one.
     *
     * @param seed of the degradation; the same seed and images give the same result
     */
    public Tensor apply(Tensor clean, Seed seed) {
        SplittableRandom random = seed.random();
        int count = (int) clean.size(0);
        double[] amounts = new double[count];
        for (int i = 0; i < count; i++) {
            amounts[i] = task.low() + (task.high() - task.low()) * random.nextDouble();
        }
        Tensor degraded = switch (task.degradation()) {
            case NOISE -> noisy(clean, amounts, Random.of(new Seed(random.nextLong())));
            case JPEG -> each(clean, (image, i) -> image.jpeg((int) Math.round(amounts[i])));
            case SCALE -> each(clean, (image, i) -> smaller(image, (int) amounts[i]));
            case HOLES -> clean;
        };
        if (task.degradation() == DegradationType.HOLES) {
            Tensor holes = holes(clean, amounts, random).to(clean.device());
            degraded = degraded.mul(holes.neg().add(1));
            return guided ? Tensor.cat(List.of(degraded, holes), 1) : degraded;
        }
        return guided ? Tensor.cat(List.of(degraded, guide(degraded, amounts)), 1) : degraded;
    }

    private static Tensor noisy(Tensor clean, double[] deviations, Random random) {
        Tensor scale = Tensor.of(deviations, deviations.length, 1, 1, 1)
                .to(DType.FLOAT32)
                .mul(1.0 / 255);
        return clean.add(Tensor.randn(random, clean.shape()).mul(scale).to(clean.device()));
    }

    /** One level for all of an image: the amount in parts of 255. */
    private static Tensor guide(Tensor degraded, double[] amounts) {
        Tensor levels =
                Tensor.of(amounts, amounts.length, 1, 1, 1).to(DType.FLOAT32).mul(1.0 / 255);
        return levels.to(degraded.device()).expand(amounts.length, 1, degraded.size(2), degraded.size(3));
    }

    /** 1 in rectangles of random place, size and shape, 0 elsewhere: [N, 1, H, W]. */
    private static Tensor holes(Tensor clean, double[] shares, SplittableRandom random) {
        int height = (int) clean.size(2);
        int width = (int) clean.size(3);
        float[] holes = new float[shares.length * height * width];
        for (int i = 0; i < shares.length; i++) {
            int wanted = (int) Math.round(shares[i] * height * width);
            while (wanted > 0) {
                wanted -= hole(holes, i * height * width, height, width, wanted, random);
            }
        }
        return Tensor.of(holes, shares.length, 1, height, width);
    }

    /** One more of at most about so many pixels; returns how many were whole before. */
    private static int hole(float[] holes, int image, int height, int width, int most, SplittableRandom random) {
        int across = side(width, random);
        int down = Math.min(side(height, random), (most + across - 1) / across);
        int top = random.nextInt(height - down + 1);
        int left = random.nextInt(width - across + 1);
        int fresh = 0;
        for (int y = top; y < top + down; y++) {
            for (int x = left; x < left + across; x++) {
                int at = image + y * width + x;
                fresh += holes[at] == 0 ? 1 : 0;
                holes[at] = 1;
            }
        }
        return fresh;
    }

    private static int side(int most, SplittableRandom random) {
        return Math.min(most, random.nextInt(SMALLEST, LARGEST + 1));
    }

    /** A function of each image. */
    @FunctionalInterface
    private interface Change {
        Image of(Image image, int index);
    }

    private static Tensor each(Tensor clean, Change change) {
        var changed = new ArrayList<Image>();
        for (Image image : ImageTensors.of(clean)) {
            Image made = change.of(image, changed.size());
            changed.add(clean.size(1) == 1 ? made.toGray() : made);
        }
        return ImageTensors.of(changed).to(clean.device());
    }

    private static Image smaller(Image image, int factor) {
        return image.resize(image.width() / factor, image.height() / factor, Filter.BICUBIC);
    }
}
