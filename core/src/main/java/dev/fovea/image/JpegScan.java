package dev.fovea.image;

import dev.fovea.image.Jpeg.Component;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Goes through the Huffman codes of one scan without making pixels of them, to find whether the data of every block is
 * there: <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU T.81</a>, F.2.2 and G.1.2. It costs about a tenth of decoding.
 */
final class JpegScan {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Input in;
    private final byte[] bytes;
    private final JpegCodes codes;
    private final int restart;
    private final List<int[]> dropped;

    private int at;
    /** The next bits, from the top; behind the data come zeros. */
    private long bits;
    /** How many of them there are; negative once more were used than are there. */
    private int count;

    private boolean marker;
    private int endOfBands;

    JpegScan(Input in, JpegCodes codes, int data, int restart, List<int[]> dropped) {
        this.in = in;
        this.bytes = in.bytes;
        this.codes = codes;
        this.at = data;
        this.restart = restart;
        this.dropped = dropped;
    }

    int sequential(List<Component> components, int[] tables, long units) {
        int perUnit = components.size() == 1
                ? 1
                : components.stream().mapToInt(c -> c.h * c.v).sum();
        // two bits a block at least
        if (units * perUnit / 4 > bytes.length - (long) at) {
            throw in.cutOff();
        }
        var dc = new JpegCodes.Table[perUnit];
        var ac = new JpegCodes.Table[perUnit];
        int filled = 0;
        for (int i = 0; i < components.size(); i++) {
            Component c = components.get(i);
            for (int b = 0; b < (perUnit == 1 ? 1 : c.h * c.v); b++) {
                dc[filled] = codes.table(tables[i] >> 4);
                ac[filled++] = codes.table(16 + (tables[i] & 15));
            }
        }
        int next = 0;
        long every = restart > 0 ? restart : units;
        for (long unit = 0; unit < units; unit += every) {
            if (unit > 0) {
                restart(next++ & 7);
            }
            long count = Math.min(every, units - unit);
            long whole = blocks(dc, ac, count * perUnit) / perUnit;
            if (whole < count) {
                throw missing(unit + whole, units);
            }
        }
        return end();
    }

    /** The hot loop, on local variables: goes through so many blocks and returns how many were there. */
    private long blocks(JpegCodes.Table[] dc, JpegCodes.Table[] ac, long wanted) {
        byte[] bytes = this.bytes;
        int kinds = dc.length;
        int kind = 0;
        for (long block = 0; block < wanted; block++) {
            int[] look = dc[kind].look;
            JpegCodes.Table table = dc[kind];
            long bits = this.bits;
            int count = this.count;
            int at = this.at;
            int k = 0;
            while (k < 64) {
                if (count < 32) {
                    long next;
                    if (at + 8 <= bytes.length && none((next = (long) LONGS.get(bytes, at)))) {
                        // bits behind the whole bytes are the true ones and come again
                        bits |= next >>> count;
                        at += 63 - count >> 3;
                        count |= 56;
                    } else {
                        this.bits = bits;
                        this.count = count;
                        this.at = at;
                        fill();
                        bits = this.bits;
                        count = this.count;
                        at = this.at;
                    }
                }
                int entry = look[(int) (bits >>> 64 - JpegCodes.LOOK)];
                if (entry == 0) {
                    entry = longCode(table, bits, count);
                }
                bits <<= entry;
                count -= entry & 0xFF;
                k = k == 0 ? 1 : k + (entry >> 8 & 0xFF);
                if (k == 1) {
                    table = ac[kind];
                    look = table.look;
                }
            }
            this.bits = bits;
            this.count = count;
            this.at = at;
            if (count < 0) {
                return block;
            }
            if (k > 64 && k < JpegCodes.END) {
                throw corrupt();
            }
            kind = kind + 1 == kinds ? 0 : kind + 1;
        }
        return wanted;
    }

    /** Whether no byte is 0xFF. */
    private static boolean none(long eight) {
        return (~eight - 0x0101010101010101L & eight & 0x8080808080808080L) == 0;
    }

    private int longCode(JpegCodes.Table table, long bits, int count) {
        for (int length = JpegCodes.LOOK + 1; length <= 16; length++) {
            int code = (int) (bits >>> 64 - length);
            if (code <= table.largest[length]) {
                return JpegCodes.entry(length, table.meaning[code + table.offset[length] & 0xFF] & 0xFF);
            }
        }
        if (count < 16) {
            return JpegCodes.entry(17, 0);
        }
        throw corrupt();
    }

    int progressive(
            List<Component> components,
            int[] tables,
            int unitsAcross,
            long units,
            int first,
            int last,
            int high,
            int low) {
        int next = 0;
        int left = restart;
        for (long unit = 0; unit < units; unit++) {
            if (restart > 0 && left-- == 0) {
                restart(next++ & 7);
                left = restart - 1;
            }
            for (int i = 0; i < components.size(); i++) {
                Component c = components.get(i);
                if (first == 0) {
                    int here = components.size() == 1 ? 1 : c.h * c.v;
                    for (int b = 0; b < here; b++) {
                        if (high == 0) {
                            skip(symbol(codes.table(tables[i] >> 4)) & 15);
                        } else {
                            skip(1);
                        }
                    }
                } else {
                    int place = (int) (unit / c.blocksAcross * c.stride + unit % c.blocksAcross);
                    JpegCodes.Table ac = codes.table(16 + (tables[i] & 15));
                    c.known[place] = high == 0
                            ? firstBand(ac, c.known[place], first, last)
                            : laterBand(ac, c.known[place], first, last);
                }
            }
            if (count < 0) {
                throw missing(unit, units);
            }
        }
        return end();
    }

    /** The first bits of a block's band; returns which coefficients are not zero. */
    private long firstBand(JpegCodes.Table ac, long known, int first, int last) {
        if (endOfBands > 0) {
            endOfBands--;
            return known;
        }
        long found = known;
        for (int k = first; k <= last; k++) {
            int symbol = symbol(ac);
            int run = symbol >> 4;
            if ((symbol & 15) != 0) {
                k += run;
                if (k > last) {
                    throw corrupt();
                }
                found |= 1L << k;
                skip(symbol & 15);
            } else if (run == 15) {
                k += 15;
            } else {
                endOfBands = (1 << run) - 1 + take(run);
                return found;
            }
        }
        return found;
    }

    /** One more bit of every coefficient of a band that is not zero, and new ones. */
    private long laterBand(JpegCodes.Table ac, long known, int first, int last) {
        long found = known;
        int k = first;
        if (endOfBands == 0) {
            while (k <= last) {
                int symbol = symbol(ac);
                int run = symbol >> 4;
                boolean fresh = (symbol & 15) != 0;
                if (fresh) {
                    if ((symbol & 15) != 1) {
                        throw corrupt();
                    }
                    skip(1);
                } else if (run != 15) {
                    endOfBands = (1 << run) + take(run);
                    break;
                }
                while (k <= last) {
                    if ((known >>> k & 1) != 0) {
                        skip(1);
                    } else if (--run < 0) {
                        break;
                    }
                    k++;
                }
                if (fresh && k <= last) {
                    found |= 1L << k;
                }
                k++;
            }
        }
        if (endOfBands > 0) {
            for (; k <= last; k++) {
                if ((known >>> k & 1) != 0) {
                    skip(1);
                }
            }
            endOfBands--;
        }
        return found;
    }

    private int symbol(JpegCodes.Table table) {
        if (count < 32) {
            fill();
        }
        int entry = table.look[(int) (bits >>> 64 - JpegCodes.LOOK)];
        if (entry == 0) {
            entry = longCode(table, bits, count);
        }
        bits <<= entry >> 24;
        count -= entry >> 24;
        return entry >> 16 & 0xFF;
    }

    private void skip(int n) {
        if (count < n) {
            fill();
        }
        bits <<= n;
        count -= n;
    }

    private int take(int n) {
        if (n == 0) {
            return 0;
        }
        if (count < n) {
            fill();
        }
        int value = (int) (bits >>> 64 - n);
        bits <<= n;
        count -= n;
        return value;
    }

    /** Takes in whole bytes up to a marker. */
    private void fill() {
        while (count <= 56 && !marker && count >= 0) {
            if (at >= bytes.length) {
                marker = true;
                return;
            }
            int value = bytes[at] & 0xFF;
            if (value == 0xFF) {
                int next = at + 1;
                while (next < bytes.length && bytes[next] == (byte) 0xFF) {
                    next++;
                }
                if (next >= bytes.length || bytes[next] != 0) {
                    marker = true;
                    return;
                }
                at = next;
            }
            at++;
            bits |= (long) value << 56 - count;
            count += 8;
        }
    }

    /** Steps back over bytes that were taken in and not used, then to the marker that must follow. */
    private int end() {
        for (int unused = count / 8; unused > 0; unused--) {
            at -= bytes[at - 1] == 0 && bytes[at - 2] == (byte) 0xFF ? 2 : 1;
        }
        bits = 0;
        count = 0;
        marker = false;
        endOfBands = 0;
        return at;
    }

    private void restart(int expected) {
        int from = end();
        int place = from;
        while (place + 1 < bytes.length
                && !(bytes[place] == (byte) 0xFF && bytes[place + 1] != 0 && bytes[place + 1] != (byte) 0xFF)) {
            place++;
        }
        if (place + 1 >= bytes.length) {
            throw in.cutOff();
        }
        if ((bytes[place + 1] & 0xFF) != 0xD0 + expected) {
            throw (bytes[place + 1] & 0xFF) == 0xD9 ? in.cutOff() : corrupt();
        }
        if (place > from && bytes[from] != (byte) 0xFF) {
            in.note("stray bytes before a marker");
            dropped.add(new int[] {from, place});
        }
        at = place + 2;
    }

    private ImageException corrupt() {
        return count < 0 ? in.cutOff() : in.damaged("its codes make no sense from byte %s on".formatted(at));
    }

    private ImageException missing(long unit, long units) {
        return in.failed(
                "the jpeg is cut off before its end: the data of %s %% of it is there. Delete it, or skip broken images"
                        .formatted(100 * unit / units));
    }
}
