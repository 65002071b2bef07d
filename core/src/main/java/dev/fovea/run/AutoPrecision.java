package dev.fovea.run;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Computes in bfloat16 if that loses nothing that can be measured: some images are computed in float32, too, and both are
 * compared. Until enough have been, and for good where bfloat16 loses something, the answers are those of float32; so are those
 * about few images.
 */
final class AutoPrecision implements Layer {

    /** So few images are not worth a comparison. */
    private static final long FEW = 16;

    /** Images that are compared. */
    private static final long ENOUGH = 16;

    /** Largest change of a probability, or of a number as a share of the largest. */
    private static final double MOST = 0.02;

    /** Share of the pixels of segmented images that may have another class: they lie on borders, where two are as probable. */
    private static final double MOST_PIXELS = 1e-3;

    private final Layer exact;
    private final Layer quick;
    private final boolean scores;
    private final AtomicLong seen = new AtomicLong();
    private long compared;
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
        return seen.getAndAdd(images.size(0)) < FEW ? exact.forward(images) : compared(images);
    }

    private synchronized Tensor compared(Tensor images) {
        if (chosen != null) {
            return chosen.forward(images);
        }
        Tensor one = exact.forward(images);
        Tensor other = quick.forward(images).to(DType.FLOAT32);
        if (scores) {
            Tensor shares = one.softmax(1);
            Tensor otherShares = other.softmax(1);
            note(images.size(0), shares, otherShares, 1);
            Tensor differ = shares.argmax(1)
                    .sub(otherShares.argmax(1))
                    .abs()
                    .clamp(0, 1)
                    .to(DType.FLOAT32);
            others += Math.round(differ.sum().item());
            places += differ.elements();
        } else {
            note(images.size(0), one, other, Math.max(1e-6, one.abs().max().item()));
        }
        if (compared >= ENOUGH) {
            chosen = losesNothing() ? quick : exact;
        }
        return one;
    }

    private boolean losesNothing() {
        return places > compared ? others <= MOST_PIXELS * places : others == 0 && change <= MOST;
    }

    private void note(long images, Tensor one, Tensor other, double unit) {
        double off = one.sub(other).abs().max().item() / unit;
        change = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(change, off);
        compared += images;
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
        return "%s: of %s images %s".formatted(chosen == quick ? "bfloat16" : "float32", compared, lost);
    }
}
