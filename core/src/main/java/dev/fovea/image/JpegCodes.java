package dev.fovea.image;

/** A JPEG's Huffman codes: of each table, what every start of ten bits means, and the longer codes by length. */
final class JpegCodes {

    /** Bits looked up at once. */
    static final int LOOK = 10;

    /** The coefficients that the code for the end of a block is about: more than there are. */
    static final int END = 128;

    /** One table. */
    static final class Table {
        /**
         * By the next ten bits; 0 where the code is longer. From the lowest byte: the bits of code and value together, how many
         * coefficients it is about, its meaning, the bits of the code.
         */
        final int[] look = new int[1 << LOOK];
        /** The largest code of each length, -1 where there is none. */
        final int[] largest = new int[18];
        /** What to add to a code of that length to find its meaning. */
        final int[] offset = new int[17];

        final byte[] meaning;

        Table(byte[] meaning) {
            this.meaning = meaning;
        }
    }

    private final Input in;
    private final Table[] tables = new Table[32];

    JpegCodes(Input in) {
        this.in = in;
    }

    /** @param which 0 to 15 for DC, 16 to 31 for AC */
    Table table(int which) {
        Table table = tables[which];
        if (table == null) {
            throw in.damaged("a scan uses a table of codes that it does not have");
        }
        return table;
    }

    /** Whether there is none at all: frames of MJPEG films leave out the tables everybody knows. */
    boolean none() {
        for (Table table : tables) {
            if (table != null) {
                return false;
            }
        }
        return true;
    }

    void readTables(int from, int to) {
        int at = from;
        while (at < to) {
            int which = in.u8(at);
            int count = 0;
            for (int length = 1; length <= 16; length++) {
                count += in.u8(at + (long) length);
            }
            if ((which & 0xEF) > 3 || count > 256 || at + 17 + count > to) {
                throw in.damaged("its tables of codes");
            }
            tables[which] = table(at + 1, count);
            at += 17 + count;
        }
    }

    /** As it stands in {@link Table#look}. */
    static int entry(int length, int symbol) {
        int size = symbol & 15;
        int about = size > 0 ? 1 + (symbol >> 4) : symbol == 0xF0 ? 16 : END;
        return length << 24 | symbol << 16 | about << 8 | length + size;
    }

    private Table table(int lengths, int count) {
        byte[] meaning = new byte[256];
        System.arraycopy(in.bytes, lengths + 16, meaning, 0, count);
        var table = new Table(meaning);
        int code = 0;
        int done = 0;
        for (int length = 1; length <= 16; length++) {
            int here = in.u8(lengths + length - 1L);
            table.offset[length] = done - code;
            table.largest[length] = here > 0 ? code + here - 1 : -1;
            if (code + here > 1 << length) {
                throw in.damaged("its tables of codes");
            }
            for (int i = 0; i < here && length <= LOOK; i++) {
                int entry = entry(length, meaning[done + i] & 0xFF);
                int start = code + i << LOOK - length;
                java.util.Arrays.fill(table.look, start, start + (1 << LOOK - length), entry);
            }
            code = code + here << 1;
            done += here;
        }
        return table;
    }
}
