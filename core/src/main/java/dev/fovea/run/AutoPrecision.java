package dev.fovea.run;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.stream.IntStream;

/**
 * Computes in bfloat16 if that loses nothing that can be measured: some images are computed in float32, too, and both are
 * compared. Images of one colour, and those that come again, say nothing about others and do not count. Until enough have been
 * compared, and for good where bfloat16 loses something, the answers are those of float32; so are those about few images.
 */
final class AutoPrecision implements Layer {

    /** So few images are not worth a comparison. */
    private static final long FEW = 16;

    /** Images that are compared. */
    private static final long ENOUGH = 128;

    /** Largest change of a probability, or of a number as a share of the largest. */
    private static final double MOST = 0.02;

    /** Share of the pixels of segmented images that may have another class: they lie on borders, where two are as probable. */
    private static final double MOST_PIXELS = 1e-3;

    private final Layer exact;
    private final Layer quick;
    private final boolean scores;
    private final AtomicLong seen = new AtomicLong();
    private final Set<Float> known = new HashSet<>();
    private long compared;
    private long computed;
    private long places;
    private long others;
    private double change;
    private volatile Layer chosen;

    /** @param scores whether the outputs are scores of classes, {@code [N, K, ...]}, else any numbers */
    AutoPrecision(Layer exact, Layer quick, boolean scores) {
        this.exact = exact;
        this.quick = quick;
        this.scores = scores;
    }

    @Override
    public State state() {
        return exact.state();
    }

    @Override
    public Tensor apply(Tensor images) {
        if (chosen != null) {
            return chosen.forward(images);
        }
        if (seen.getAndAdd(images.size(0)) < FEW) {
            return exact.forward(images);
        }
        Lock reading = state().use().readLock(); // before the monitor, as both networks take it within
        reading.lock();
        try {
            return compared(images);
        } finally {
            reading.unlock();
        }
    }

    private synchronized Tensor compared(Tensor images) {
        if (chosen != null) {
            return chosen.forward(images);
        }
        Tensor one = exact.forward(images);
        long different = different(images);
        if (different == 0) {
            return one;
        }
        compared += different;
        computed += images.size(0);
        Tensor other = quick.forward(images).to(DType.FLOAT32);
        if (scores) {
            Tensor shares = one.softmax(1);
            Tensor otherShares = other.softmax(1);
            note(shares, otherShares, 1);
            Tensor differ = shares.argmax(1)
                    .sub(otherShares.argmax(1))
                    .abs()
                    .clamp(0, 1)
                    .to(DType.FLOAT32);
            others += Math.round(differ.sum().item());
            places += differ.elements();
        } else {
            note(one, other, Math.max(1e-6, one.abs().max().item()));
        }
        if (compared >= ENOUGH) {
            chosen = losesNothing() ? quick : exact;
        }
        return one;
    }

    private boolean losesNothing() {
        return places > computed ? others <= MOST_PIXELS * places : others == 0 && change <= MOST;
    }

    /** How many of the images are neither of one colour nor have been compared before. */
    private long different(Tensor images) {
        Tensor each = images.flatten(1, -1);
        float[] least = each.neg().max(1).neg().toFloats();
        float[] most = each.max(1).toFloats();
        float[] means = each.mean(1).toFloats();
        return IntStream.range(0, means.length)
                .filter(i -> most[i] > least[i] && known.add(means[i]))
                .count();
    }

    private void note(Tensor one, Tensor other, double unit) {
        double off = one.sub(other).abs().max().item() / unit;
        change = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(change, off);
    }

    /** What it has chosen, and what was lost. */
    synchronized String description() {
        if (compared == 0) {
            return "float32";
        }
        String lost = scores
                ? String.format(
                        Locale.ROOT,
                        "%d of %d answers change in bfloat16, probabilities by up to %.4f",
                        others,
                        places,
                        change)
                : String.format(Locale.ROOT, "numbers change in bfloat16 by up to %.4f of the largest", change);
        return "%s: of %s images %s%s"
                .formatted(
                        chosen == quick ? "bfloat16" : "float32",
                        compared,
                        lost,
                        chosen == null ? "; %s images decide".formatted(ENOUGH) : "");
    }
}
