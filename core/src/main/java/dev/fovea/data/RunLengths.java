package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Masks as COCO writes them: how many pixels are outside, then inside, and so on by turns, column by column; as numbers, or
 * as text in which each number takes few characters.
 */
final class RunLengths {

    /** The first of the 64 characters that stand for six bits. */
    private static final int FIRST = 48;

    private static final int MORE = 0x20;
    private static final int NEGATIVE = 0x10;

    private RunLengths() {}

    /**
     * The numbers that a text stands for. From the third on, each is written as its difference from the last but one.
     *
     * @throws IllegalArgumentException if it is no such text
     */
    static int[] parsed(String text) {
        int[] counts = new int[text.length()];
        int count = 0;
        int at = 0;
        while (at < text.length()) {
            long value = 0;
            int shift = 0;
            int six;
            do {
                six = at < text.length() && shift < 35 ? text.charAt(at++) - FIRST : -1;
                if (six < 0 || six > 63) {
                    throw new IllegalArgumentException("cut off, or of other characters");
                }
                value |= (long) (six & 0x1F) << shift;
                shift += 5;
            } while ((six & MORE) != 0);
            if ((six & NEGATIVE) != 0) {
                value |= -1L << shift;
            }
            value += count > 2 ? counts[count - 2] : 0;
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a run of " + value + " pixels");
            }
            counts[count++] = (int) value;
        }
        return Arrays.copyOf(counts, count);
    }

    /** The text that {@link #parsed} reads. */
    static String text(int[] counts) {
        var text = new StringBuilder();
        for (int i = 0; i < counts.length; i++) {
            int value = counts[i] - (i > 2 ? counts[i - 2] : 0);
            boolean more;
            do {
                int five = value & 0x1F;
                value >>= 5;
                more = (five & NEGATIVE) != 0 ? value != -1 : value != 0;
                text.append((char) (FIRST + (more ? five | MORE : five)));
            } while (more);
        }
        return text.toString();
    }

    /** The pixels of all runs. */
    static long total(int[] counts) {
        return IntStream.of(counts).asLongStream().sum();
    }

    static Mask mask(int[] counts, Size size) {
        byte[] values = new byte[size.height() * size.width()];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int end = at + counts[i]; at < end; at++) {
                if (i % 2 == 1) {
                    values[at % size.height() * size.width() + at / size.height()] = 1;
                }
            }
        }
        return new Mask(size, values);
    }

    static int[] of(Mask mask) {
        return of(mask, 0, 0, mask.size());
    }

    /**
     * Those of a larger image.
     *
     * @param left where the mask's left edge lies in it, in pixels
     * @param top where its upper edge lies
     * @param whole size of that image, which holds all of the mask
     */
    static int[] of(Mask mask, int left, int top, Size whole) {
        var runs = new Runs();
        Box seen = mask.box().orElse(new Box(0, 0, 0, 0));
        int width = mask.size().width();
        for (int x = (int) seen.left(); x < seen.right(); x++) {
            for (int y = (int) seen.top(); y < seen.bottom(); y++) {
                if (mask.values()[y * width + x] != 0) {
                    runs.add((left + x) * whole.height() + top + y);
                }
            }
        }
        return runs.until(whole.height() * whole.width());
    }

    /** Runs of pixels inside, which come one by one in their order. */
    private static final class Runs {
        private int[] counts = new int[16];
        private int count;
        private int end;

        void add(int pixel) {
            if (pixel > end || count == 0) {
                append(pixel - end);
                append(0);
            }
            counts[count - 1]++;
            end = pixel + 1;
        }

        private void append(int length) {
            counts = count == counts.length ? Arrays.copyOf(counts, 2 * count) : counts;
            counts[count++] = length;
        }

        int[] until(int total) {
            if (end < total) {
                append(total - end);
            }
            return Arrays.copyOf(counts, count);
        }
    }
}
