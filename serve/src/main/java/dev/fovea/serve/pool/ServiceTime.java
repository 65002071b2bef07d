package dev.fovea.serve.pool;

/**
 * How long batches take: a line through the times of a single image and of a full batch, both measured at warm-up, times a factor
 * that follows what is seen since. Thread-safe.
 */
final class ServiceTime {

    private static final double WEIGHT = 0.1;

    /** One batch that a pause of the machine made far longer says little about the next. */
    private static final double MOST_RATIO = 10;

    private final double one;
    private final double full;
    private final int size;
    private double factor = 1;

    /**
     * @param one seconds of a batch of one image, above 0
     * @param full seconds of a batch of {@code size} images
     */
    ServiceTime(double one, double full, int size) {
        this.one = one;
        this.full = Math.max(one, full);
        this.size = size;
    }

    private double line(int images) {
        return size == 1 ? one * images : one + (full - one) * (images - 1) / (size - 1);
    }

    /** Seconds that a batch is expected to take. */
    synchronized double batch(int images) {
        return factor * line(images);
    }

    /** Seconds until all of so many queued images are answered by one worker. */
    synchronized double queue(int images) {
        int rest = images % size;
        return factor * (images / size * line(size) + (rest == 0 ? 0 : line(rest)));
    }

    /** Takes in how long a batch took. */
    synchronized void saw(int images, double seconds) {
        double ratio = Math.min(MOST_RATIO, seconds / line(images));
        factor += WEIGHT * (ratio - factor);
    }
}
