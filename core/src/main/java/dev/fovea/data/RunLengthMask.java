package dev.fovea.data;

import dev.fovea.image.Size;

/**
 * Where an object is seen, as COCO writes it: some hundred characters, where a {@link Mask} has a byte for each pixel.
 *
 * @param size of the image
 * @param counts COCO's compressed run lengths, column by column, the first of pixels outside
 */
public record RunLengthMask(Size size, String counts) {

    /** @throws IllegalArgumentException if the runs are not those of an image of that size */
    public RunLengthMask {
        long total = RunLengths.total(RunLengths.parsed(counts));
        if (total != (long) size.height() * size.width()) {
            throw new IllegalArgumentException(
                    "mask: runs of %s pixels are not %sx%s".formatted(total, size.height(), size.width()));
        }
    }

    /** The pixels of {@code mask} that are not 0. */
    public static RunLengthMask of(Mask mask) {
        return new RunLengthMask(mask.size(), RunLengths.text(RunLengths.of(mask)));
    }

    /** 1 where the object is seen, else 0. */
    public Mask mask() {
        return RunLengths.mask(RunLengths.parsed(counts), size);
    }

    /** How many pixels of the object are seen. */
    public long area() {
        int[] lengths = RunLengths.parsed(counts);
        long area = 0;
        for (int i = 1; i < lengths.length; i += 2) {
            area += lengths[i];
        }
        return area;
    }

    /**
     * The same object in a larger image, of which this one is a part.
     *
     * @param left where the part begins, in pixels
     * @param top where it begins
     * @param whole size of the larger image
     */
    public RunLengthMask within(int left, int top, Size whole) {
        return new RunLengthMask(whole, RunLengths.text(RunLengths.of(mask(), left, top, whole)));
    }
}
