package dev.fovea.image;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Remembers, by two checksums, which files were gone through and found whole: training decodes the same files in every
 * epoch, and a third of the time of decoding is worth paying once. Forgets when two fall on one place; never takes more than 8 MB.
 */
final class Checked {

    private static final int PLACES = 1 << 20;

    // Races are harmless: a long is written whole, and what is lost is checked again.
    private static final long[] KEYS = new long[PLACES];

    private Checked() {}

    static long key(byte[] bytes) {
        long key = sum(new CRC32(), bytes) << 32 | sum(new CRC32C(), bytes);
        return key == 0 ? 1 : key;
    }

    private static long sum(Checksum sum, byte[] bytes) {
        sum.update(bytes, 0, bytes.length);
        return sum.getValue();
    }

    static boolean contains(long key) {
        return KEYS[place(key)] == key;
    }

    static void add(long key) {
        KEYS[place(key)] = key;
    }

    private static int place(long key) {
        return (int) (key & PLACES - 1);
    }
}
