package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.Optional;

/**
 * One number from 0 to 255 for each pixel of an image: 1 where an object is seen and 0 elsewhere, or the class of the
 * pixel. Immutable by agreement: who is given {@link #values} does not write to it.
 */
public final class Mask {

    private final Size size;
    private final byte[] values;

    /**
     * @param values row by row
     * @throws IllegalArgumentException if there are not {@code height width} values
     */
    public Mask(Size size, byte[] values) {
        if ((long) size.height() * size.width() != values.length) {
            throw new IllegalArgumentException(
                    "mask: %s values are not %sx%s pixels".formatted(values.length, size.height(), size.width()));
        }
        this.size = size;
        this.values = values;
    }

    public Size size() {
        return size;
    }

    /** The bytes themselves, not a copy. */
    public byte[] values() {
        return values;
    }

    /** From 0 to 255. */
    public int at(int x, int y) {
        return values[y * size.width() + x] & 0xFF;
    }

    /** Pixels that are not 0. */
    public int count() {
        int count = 0;
        for (byte value : values) {
            count += value == 0 ? 0 : 1;
        }
        return count;
    }

    /** The smallest box around all pixels that are not 0; empty where all are. */
    public Optional<Box> box() {
        int left = size.width();
        int right = -1;
        int top = -1;
        int bottom = -1;
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                if (values[y * size.width() + x] != 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = top < 0 ? y : top;
                    bottom = y;
                }
            }
        }
        return right < 0 ? Optional.empty() : Optional.of(new Box(left, top, right + 1.0, bottom + 1.0));
    }

    /**
     * Intersection over union of the pixels that are not 0, from 0 to 1; 0 where there are none.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    public double iou(Mask other) {
        if (!size.equals(other.size)) {
            throw new IllegalArgumentException("mask: sizes must be equal, got %s and %s".formatted(size, other.size));
        }
        int both = 0;
        int either = 0;
        for (int i = 0; i < values.length; i++) {
            both += values[i] != 0 && other.values[i] != 0 ? 1 : 0;
            either += values[i] != 0 || other.values[i] != 0 ? 1 : 0;
        }
        return either == 0 ? 0 : both / (double) either;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask that && size.equals(that.size) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * size.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Mask[%sx%s, %s pixels]".formatted(size.height(), size.width(), count());
    }
}
