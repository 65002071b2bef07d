package dev.fovea.io;

import java.util.Arrays;

/**
 * How often each of some neighbouring whole numbers is to be expected, in parts of {@value #TOTAL}; what lies
 * outside them is coded as an escape, which has a part of its own.
 */
public final class FrequencyTable {

    /** Bits of the sum of all frequencies. */
    static final int BITS = 16;

    /** The sum of all frequencies. */
    public static final int TOTAL = 1 << BITS;

    private final int lowest;
    private final int[] starts;

    private FrequencyTable(int lowest, int[] starts) {
        this.lowest = lowest;
        this.starts = starts;
    }

    /**
     * From probabilities; each number gets at least one part, so that it can be coded.
     *
     * @param lowest the number that {@code probabilities[0]} stands for
     * @param probabilities of neighbouring numbers, 0 or more; what they leave of 1 goes to the escape
     * @throws IllegalArgumentException if there are none, too many, or one is not a number
     */
    public static FrequencyTable of(int lowest, double... probabilities) {
        int count = probabilities.length;
        if (count == 0 || count >= TOTAL / 2) {
            throw new IllegalArgumentException(
                    "frequencies: 1 to %s probabilities, got %s".formatted(TOTAL / 2 - 1, count));
        }
        double sum = 0;
        for (double p : probabilities) {
            if (!(p >= 0 && p <= 1 + 1e-6)) {
                throw new IllegalArgumentException("frequencies: a probability is 0 to 1, got " + p);
            }
            sum += p;
        }
        double scale = (TOTAL - count - 1) / Math.max(1, sum);
        int[] frequencies = new int[count];
        int used = 1;
        int largest = 0;
        for (int i = 0; i < count; i++) {
            frequencies[i] = 1 + (int) (probabilities[i] * scale);
            used += frequencies[i];
            largest = frequencies[i] > frequencies[largest] ? i : largest;
        }
        double escape = Math.max(0, 1 - sum);
        int spare = TOTAL - used;
        int toEscape = Math.min(spare, (int) (escape * TOTAL));
        frequencies[largest] += spare - toEscape;
        return ofFrequencies(lowest, frequencies);
    }

    /**
     * From whole frequencies, as {@link #frequencies} gives them.
     *
     * @throws IllegalArgumentException if one is not positive, or they leave nothing for the escape
     */
    public static FrequencyTable ofFrequencies(int lowest, int... frequencies) {
        int[] starts = new int[frequencies.length + 2];
        for (int i = 0; i < frequencies.length; i++) {
            if (frequencies[i] < 1 || frequencies[i] > TOTAL) {
                throw new IllegalArgumentException("frequencies: each is 1 or more, got " + frequencies[i]);
            }
            starts[i + 1] = starts[i] + frequencies[i];
        }
        if (frequencies.length == 0 || starts[frequencies.length] >= TOTAL) {
            throw new IllegalArgumentException("frequencies: must leave a part of %s for the escape".formatted(TOTAL));
        }
        starts[frequencies.length + 1] = TOTAL;
        return new FrequencyTable(lowest, starts);
    }

    /** The smallest number that has a frequency. */
    public int lowest() {
        return lowest;
    }

    /** The largest number that has a frequency. */
    public int highest() {
        return lowest + starts.length - 3;
    }

    /** Of all numbers from {@link #lowest} to {@link #highest}. */
    public int[] frequencies() {
        int[] frequencies = new int[starts.length - 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = starts[i + 1] - starts[i];
        }
        return frequencies;
    }

    /** Bits that coding {@code value} takes, without what follows an escape. */
    public double bits(int value) {
        int at = position(value);
        return BITS - Math.log(starts[at + 1] - starts[at]) / Math.log(2);
    }

    /** Where {@code value} stands, or the escape's place. */
    int position(int value) {
        return value < lowest || value > highest() ? escape() : value - lowest;
    }

    int escape() {
        return starts.length - 2;
    }

    int start(int position) {
        return starts[position];
    }

    int frequency(int position) {
        return starts[position + 1] - starts[position];
    }

    /** Whose part {@code slot}, from 0 to below {@link #TOTAL}, belongs to. */
    int at(int slot) {
        int found = Arrays.binarySearch(starts, slot);
        return found >= 0 ? found : -found - 2;
    }
}
