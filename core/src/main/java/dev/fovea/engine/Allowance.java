package dev.fovea.engine;

/**
 * A limit on the weights that this thread makes while it is open, checked before memory is taken: a few letters of text
 * can describe a network of any size. Of several that are open the outermost holds.
 *
 * <pre>{@code try (var allowance = Allowance.open(values, tensors, "the file holds 8 tensors")) { net = build(); }}</pre>
 */
public final class Allowance implements AutoCloseable {

    /** Values of one tensor that is no weight, such as the empty image that sizes are learned from: 256 MB. */
    private static final long MOST_BESIDE = 1L << 26;

    private static final ThreadLocal<Allowance> OPEN = new ThreadLocal<>();

    private final boolean outermost = OPEN.get() == null;
    private final long values;
    private final long tensors;
    private final String reason;
    private long valuesTaken;
    private long tensorsTaken;

    private Allowance(long values, long tensors, String reason) {
        this.values = values;
        this.tensors = tensors;
        this.reason = reason;
    }

    /** Opens one for a network that is named, or described by text: 640 MB, where VGG-16 takes 553. */
    public static Allowance ofText() {
        return open(160_000_000, 20_000, "one by name or text can have 160,000,000 values in 20,000 tensors");
    }

    /** Opens one for a registered network as it is published: 4 GB, where ViT-H/14 and RegNetY-128GF take 2.6. */
    public static Allowance ofPublished() {
        return open(1_000_000_000, 20_000, "a registered one can have 1,000,000,000 values in 20,000 tensors");
    }

    /**
     * Opens one.
     *
     * @param values of all weights together
     * @param tensors that hold them
     * @param reason of the limit, as the message ends: {@code a network can have 160,000,000 weights}
     */
    public static Allowance open(long values, long tensors, String reason) {
        var allowance = new Allowance(values, tensors, reason);
        if (allowance.outermost) {
            OPEN.set(allowance);
        }
        return allowance;
    }

    /**
     * Counts a weight that was made.
     *
     * @throws IllegalArgumentException if there are now more than an open allowance has
     */
    public static void take(Tensor weight) {
        Allowance open = OPEN.get();
        if (open != null) {
            open.valuesTaken += weight.elements();
            open.tensorsTaken++;
            if (open.valuesTaken > open.values || open.tensorsTaken > open.tensors) {
                throw open.exceeded();
            }
        }
    }

    /** Before a tensor of this shape is made. */
    static void check(long... shape) {
        Allowance open = OPEN.get();
        if (open != null && Tensor.count(shape) > Math.max(MOST_BESIDE, open.values - open.valuesTaken)) {
            throw open.exceeded();
        }
    }

    private IllegalArgumentException exceeded() {
        return new IllegalArgumentException("the network is too large: " + reason);
    }

    @Override
    public void close() {
        if (outermost) {
            OPEN.remove();
        }
    }
}
