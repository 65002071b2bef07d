package dev.fovea.export;

/**
 * What a network is shown while it is recorded.
 *
 * @param batch images at once
 * @param height of the images, in pixels
 * @param width of the images, in pixels
 * @param seed of the random values
 */
record Setting(int batch, int height, int width, int seed) {

    private static final int LARGEST_STEP = 32;

    Setting withSeed(int value) {
        return new Setting(batch, height, width, value);
    }

    Setting withBatch(int value) {
        return new Setting(value, height, width, seed);
    }

    /** With images that are so many steps higher and wider; a step is what networks halve as often as they can. */
    Setting larger(int high, int wide) {
        int step = Math.min(LARGEST_STEP, Math.min(Integer.lowestOneBit(height), Integer.lowestOneBit(width)));
        return new Setting(batch, height + high * step, width + wide * step, seed);
    }

    @Override
    public String toString() {
        return "%s of %sx%s".formatted(batch, height, width);
    }
}
