package dev.fovea.image;

import java.util.HashMap;
import java.util.Map;

/**
 * The first directory of a <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF</a>; OpenCV
 * does the rest. Floating-point values are taken to go from 0 to 1.
 */
final class Tiff {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int STRIP_ROWS = 278;
    private static final int STRIP_BYTES = 279;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;
    private static final int EXTRA = 338;
    private static final int SAMPLE_FORMAT = 339;

    /** One entry: the size of its values, their number and where they lie. */
    private record Entry(int size, long count, long at) {}

    private final Input in;
    private final boolean little;
    private final Map<Integer, Entry> entries = new HashMap<>();

    private Tiff(Input in) {
        this.in = in;
        little = in.u8(0) == 'I';
        long at = u32(4);
        int count = u16(at);
        for (int i = 0; i < count; i++) {
            long entry = at + 2 + 12L * i;
            int size = switch (u16(entry + 2)) {
                case 1, 2, 6, 7 -> 1;
                case 3, 8 -> 2;
                case 4, 9, 11 -> 4;
                default -> 8;
            };
            long number = u32(entry + 4);
            entries.putIfAbsent(u16(entry), new Entry(size, number, number * size <= 4 ? entry + 8 : u32(entry + 8)));
        }
    }

    static Image read(Input in) {
        return new Tiff(in).image();
    }

    private Image image() {
        long width = value(WIDTH, 0);
        long height = value(HEIGHT, 0);
        int bits = (int) value(BITS, 1);
        int samples = (int) value(SAMPLES, 1);
        int format = (int) value(SAMPLE_FORMAT, 1);
        boolean real = format == 3;
        if (samples < 1
                || samples > 4
                || !(real ? bits == 32 || bits == 64 : bits == 1 || bits == 4 || bits == 8 || bits == 16)
                || format == 2) {
            throw in.failed(
                    "a tiff of %s samples of %s bits (format %s), which is not read here. Save it with 8 or 16 bits a sample, or skip broken images"
                            .formatted(samples, bits, format));
        }
        boolean tiled = entries.containsKey(TILE_WIDTH);
        long unitWidth = tiled ? value(TILE_WIDTH, 0) : width;
        long unitHeight = tiled ? value(TILE_HEIGHT, 0) : Math.min(height, value(STRIP_ROWS, height));
        int bytes = Math.max(1, bits / 8);
        // the image, and one tile or strip as red, green, blue and opacity
        int perPixel = (samples == 3 || samples == 1 ? 3 : 4) * bytes;
        in.size(width, height, perPixel);
        in.size(unitWidth, unitHeight, 4 * bytes);
        in.size(width, height, (int) Math.min(1000, perPixel + 4 * bytes * unitWidth * unitHeight / (width * height)));
        checkData(tiled ? TILE_OFFSETS : STRIP_OFFSETS, tiled ? TILE_BYTES : STRIP_BYTES);
        boolean alpha = samples == 4 && value(EXTRA, 2) != 0 || samples == 2;
        if (!alpha && bits <= 8) {
            return Native.colours(in, in.bytes, (int) width, (int) height);
        }
        // libtiff multiplies 8 bits itself
        var kind = bits == 8 || value(EXTRA, 2) == 1 ? Native.Alpha.MULTIPLIED : Native.Alpha.STRAIGHT;
        return Native.unchanged(in, (int) width, (int) height, alpha ? kind : Native.Alpha.NONE);
    }

    /** Whether all strips or tiles lie within the file. */
    private void checkData(int offsets, int bytes) {
        Entry where = entries.get(offsets);
        Entry size = entries.get(bytes);
        if (where == null || size == null) {
            return;
        }
        long least = in.length();
        long most = 0;
        for (long i = 0; i < Math.min(where.count(), size.count()); i++) {
            long from = value(where, i);
            long count = value(size, i);
            if (!in.has(from, count)) {
                throw in.cutOff();
            }
            least = Math.min(least, from);
            most = Math.max(most, from + count);
        }
        if (value(COMPRESSION, 1) == 1 && least < most) {
            in.noteZeros((int) least, (int) most);
        }
    }

    private long value(int tag, long otherwise) {
        Entry entry = entries.get(tag);
        return entry == null || entry.count() == 0 ? otherwise : value(entry, 0);
    }

    private long value(Entry entry, long index) {
        long at = entry.at() + index * entry.size();
        return switch (entry.size()) {
            case 1 -> in.u8(at);
            case 2 -> u16(at);
            default -> u32(at);
        };
    }

    private int u16(long at) {
        return little ? in.le16(at) : in.be16(at);
    }

    private long u32(long at) {
        return little ? in.le32(at) : in.be32(at);
    }
}
