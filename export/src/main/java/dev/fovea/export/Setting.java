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

    /** With so many pixels more every map changes its size, down to a thirty-second of the image's. */
    private static final int STEP = 32;

    private static final int UNEVEN = 64;

    Setting withSeed(int value) {
        return new Setting(batch, height, width, value);
    }

    Setting withBatch(int value) {
        return new Setting(value, height, width, seed);
    }

    /** With images that are so many steps higher and wider. */
    Setting larger(int high, int wide) {
        return new Setting(batch, height + high * STEP, width + wide * STEP, seed);
    }

    /** With the next sides that are so many pixels more than a multiple of 64: by 1 they stay odd when they are halved. */
    Setting uneven(int high, int wide) {
        return new Setting(batch, (height / UNEVEN + 1) * UNEVEN + high, (width / UNEVEN + 1) * UNEVEN + wide, seed);
    }

    /** With images that are so many pixels higher and wider. */
    Setting grown(int high, int wide) {
        return new Setting(batch, height + high, width + wide, seed);
    }

    @Override
    public String toString() {
        return "%s of %sx%s".formatted(batch, height, width);
    }
}
