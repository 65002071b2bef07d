package dev.fovea.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Whole numbers in hardly more bits than their frequencies say, by range asymmetric numeral systems (Duda 2013,
 * <a href="https://arxiv.org/abs/1311.2540">1311.2540</a>): a state of 31 bits, renormalised by bytes. Only whole
 * numbers are computed with, so that the same numbers give the same bytes on every machine.
 *
 * <p>A number without a frequency is coded as an escape, a sign, the length of its distance from the table and the
 * distance.
 */
public final class EntropyCoder {

    private static final long LOWEST_STATE = 1L << 23;
    private static final int LENGTH_BITS = 5;
    private static final int LONGEST = 24;

    private EntropyCoder() {}

    /**
     * Codes numbers.
     *
     * @param tables for each position of {@code values}, the frequencies there
     * @throws IllegalArgumentException if a number is more than 2^24 away from its table
     */
    public static byte[] encode(int[] values, IntFunction<FrequencyTable> tables) {
        var parts = new Parts(values.length);
        for (int i = 0; i < values.length; i++) {
            FrequencyTable table = tables.apply(i);
            int position = table.position(values[i]);
            parts.add(table.start(position), table.frequency(position));
            if (position == table.escape()) {
                escape(parts, values[i], table);
            }
        }
        return parts.bytes();
    }

    /**
     * The {@code count} numbers that {@link #encode} was given, with the same tables.
     *
     * @throws FormatException if {@code bytes} are damaged so that they end too early or too late
     */
    public static int[] decode(byte[] bytes, int count, IntFunction<FrequencyTable> tables) {
        var reader = new Reader(bytes);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            FrequencyTable table = tables.apply(i);
            int position = table.at(reader.slot());
            reader.take(table.start(position), table.frequency(position));
            values[i] = position == table.escape() ? escaped(reader, table) : table.lowest() + position;
        }
        reader.end();
        return values;
    }

    private static void escape(Parts parts, int value, FrequencyTable table) {
        boolean below = value < table.lowest();
        long distance = below ? (long) table.lowest() - value : (long) value - table.highest();
        int length = Long.SIZE - Long.numberOfLeadingZeros(distance);
        if (length > LONGEST) {
            throw new IllegalArgumentException("entropy coder: %s is too far from what was expected, %s to %s"
                    .formatted(value, table.lowest(), table.highest()));
        }
        parts.addBits(below ? 1 : 0, 1);
        parts.addBits(length, LENGTH_BITS);
        for (int at = length; at > 0; at -= 8) {
            int bits = Math.min(8, at);
            parts.addBits((int) (distance >> (at - bits)) & ((1 << bits) - 1), bits);
        }
    }

    private static int escaped(Reader reader, FrequencyTable table) {
        boolean below = reader.bits(1) == 1;
        int length = reader.bits(LENGTH_BITS);
        if (length < 1 || length > LONGEST) {
            throw new FormatException("entropy coder: the data is damaged (an impossible distance)");
        }
        int distance = 0;
        for (int at = length; at > 0; at -= 8) {
            int bits = Math.min(8, at);
            distance = distance << bits | reader.bits(bits);
        }
        return below ? table.lowest() - distance : table.highest() + distance;
    }

    /** What is to be coded; the coder runs from the last to the first, so that the reader meets the first first. */
    private static final class Parts {
        private final List<int[]> parts;

        Parts(int expected) {
            parts = new ArrayList<>(expected);
        }

        void add(int start, int frequency) {
            parts.add(new int[] {start, frequency});
        }

        /** {@code value} of so many bits, all values as likely. */
        void addBits(int value, int bits) {
            int width = FrequencyTable.TOTAL >> bits;
            add(value * width, width);
        }

        byte[] bytes() {
            byte[] out = new byte[16 + 4 * parts.size()];
            int at = out.length;
            long state = LOWEST_STATE;
            for (int i = parts.size() - 1; i >= 0; i--) {
                int start = parts.get(i)[0];
                int frequency = parts.get(i)[1];
                long most = (LOWEST_STATE >> FrequencyTable.BITS << 8) * frequency;
                for (; state >= most; state >>= 8) {
                    out[--at] = (byte) state;
                }
                state = (state / frequency << FrequencyTable.BITS) + state % frequency + start;
            }
            for (int i = 0; i < 4; i++, state >>= 8) {
                out[--at] = (byte) state;
            }
            return Arrays.copyOfRange(out, at, out.length);
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;
        private long state;

        Reader(byte[] bytes) {
            this.bytes = bytes;
            for (int i = 0; i < 4; i++) {
                state = state << 8 | next();
            }
            if (state < LOWEST_STATE || state >= LOWEST_STATE << 8) {
                throw new FormatException("entropy coder: the data is damaged (an impossible beginning)");
            }
        }

        int slot() {
            return (int) (state & (FrequencyTable.TOTAL - 1));
        }

        void take(int start, int frequency) {
            state = frequency * (state >> FrequencyTable.BITS) + slot() - start;
            while (state < LOWEST_STATE) {
                state = state << 8 | next();
            }
        }

        int bits(int count) {
            int width = FrequencyTable.TOTAL >> count;
            int value = slot() / width;
            take(value * width, width);
            return value;
        }

        /** The state an encoder starts from must be back, and nothing be left. */
        void end() {
            if (state != LOWEST_STATE || at != bytes.length) {
                throw new FormatException("entropy coder: the data is damaged (it does not come out even)");
            }
        }

        private int next() {
            if (at == bytes.length) {
                throw new FormatException("entropy coder: the data ends too early");
            }
            return bytes[at++] & 0xFF;
        }
    }
}
