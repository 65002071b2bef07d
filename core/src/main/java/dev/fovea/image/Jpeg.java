package dev.fovea.image;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The structure of a JPEG, walked as libjpeg walks it before libjpeg sees it: its size, how the camera was held, where it
 * truly ends (films and further images may follow), and whether the data of all blocks is there. libjpeg fills in what is missing
 * with grey and writes a line to the terminal; here the file is refused, and what can do no harm is taken out and noted.
 */
final class Jpeg {

    /** Passes over blocks of all scans together; a file of a few bytes could ask for days. */
    private static final long MOST_BLOCKS = 50_000_000;

    /** So many zeros that no block needed are no mistake of a writer's: the rest of the file was never copied. */
    private static final int ZEROS = 16;

    /** One colour of a frame: its number, sampling factors, and blocks across and down. */
    static final class Component {
        final int id;
        final int h;
        final int v;
        int blocksAcross;
        int blocksDown;
        /** Blocks across as they are stored, whole units. */
        int stride;
        /** Which coefficients of each block are not zero: in progressive files later scans depend on it. */
        long[] known = new long[0];
        /** The lowest bit that each coefficient has been sent down to, -1 for none. */
        final int[] sent = new int[64];

        Component(int id, int h, int v) {
            this.id = id;
            this.h = h;
            this.v = v;
            Arrays.fill(sent, -1);
        }
    }

    private final Input in;
    private final boolean checked;
    private final List<Component> components = new ArrayList<>();
    private final JpegCodes codes;
    /** Ranges, from and to, that libjpeg is not shown. */
    private final List<int[]> dropped = new ArrayList<>();

    /** Places and values of bytes that are harmless and that libjpeg would write to the terminal about. */
    private final Map<Integer, Integer> mended = new LinkedHashMap<>();

    private int frame;
    private int width;
    private int height;
    private int unitsAcross;
    private int unitsDown;
    private int restart;
    private int orientation = 1;
    private long blocks;
    private boolean complete;
    private int end;

    private Jpeg(Input in, boolean checked) {
        this.in = in;
        this.checked = checked;
        codes = new JpegCodes(in);
    }

    /** @throws ImageException if it is damaged, cut off or too large */
    static Jpeg of(Input in) {
        long key = Checked.key(in.bytes);
        var jpeg = new Jpeg(in, Checked.contains(key));
        jpeg.walk();
        if (jpeg.asItIs() && in.notes().isEmpty()) {
            Checked.add(key);
        }
        return jpeg;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int orientation() {
        return orientation;
    }

    /** The bytes for libjpeg: the file itself where nothing in it is odd. */
    byte[] clean() {
        if (asItIs()) {
            return in.bytes;
        }
        var out = new ByteArrayOutputStream(end + 2);
        int at = 0;
        for (int[] range : dropped) {
            out.write(in.bytes, at, range[0] - at);
            at = range[1];
        }
        out.write(in.bytes, at, end - at);
        if (!complete) {
            out.write(0xFF);
            out.write(0xD9);
        }
        byte[] bytes = out.toByteArray();
        mended.forEach((place, value) -> bytes[place] = value.byteValue());
        return bytes;
    }

    private boolean asItIs() {
        return complete && dropped.isEmpty() && mended.isEmpty();
    }

    private void walk() {
        int at = 2;
        boolean scanned = false;
        while (true) {
            int marker = nextMarker(at);
            if (marker < 0) {
                if (!scanned) {
                    throw in.cutOff();
                }
                in.note("it has no end mark");
                end = at;
                break;
            }
            int code = in.bytes[marker] & 0xFF;
            at = marker + 1;
            if (code == 0xD9) {
                if (!scanned) {
                    throw in.cutOff();
                }
                complete = true;
                end = at;
                break;
            }
            if (code >= 0xD0 && code <= 0xD7 || code == 0x01) {
                continue;
            }
            if (whole() && !passable(code, at)) {
                in.note("it has no end mark");
                end = marker - 1;
                break;
            }
            int length = in.be16(at);
            if (length < 2) {
                throw in.damaged("marker %02X has length %s".formatted(code, length));
            }
            if (!in.has(at, length)) {
                throw in.cutOff();
            }
            segment(code, at + 2, at + length);
            at += length;
            if (code == 0xDA && checked) {
                complete = true;
                return;
            }
            if (code == 0xDA) {
                at = scan(at - length + 2, at);
                scanned = true;
            }
        }
        checkComplete();
    }

    /** Whether the data of all pixels has been gone through: whatever else stands behind it has nothing to do with them. */
    private boolean whole() {
        return frame != 0 && !progressive() && components.stream().allMatch(c -> c.sent[0] >= 0);
    }

    /** Whether a segment that may stand behind the data (text, an application's, the number of lines) lies in the file. */
    private boolean passable(int code, int at) {
        boolean known = code >= 0xE0 && code <= 0xEF || code == 0xFE || code == 0xDC;
        return known && in.has(at, 2) && in.be16(at) >= 2 && in.has(at, in.be16(at));
    }

    /** Where the code of the next marker lies, or -1; bytes before it are dropped. */
    private int nextMarker(int from) {
        int at = from;
        while (true) {
            while (at < in.length() && in.bytes[at] != (byte) 0xFF) {
                at++;
            }
            int start = at;
            while (at < in.length() && in.bytes[at] == (byte) 0xFF) {
                at++;
            }
            if (at >= in.length()) {
                return -1;
            }
            if (in.bytes[at] != 0) {
                if (start > from) {
                    if (start - from >= ZEROS && in.zeros(start) >= start - from) {
                        throw in.cutOff();
                    }
                    in.note("stray bytes before a marker");
                    dropped.add(new int[] {from, start});
                }
                return at;
            }
        }
    }

    private void segment(int code, int from, int to) {
        switch (code) {
            case 0xC4 -> codes.readTables(from, to);
            case 0xDD -> restart = in.be16(from);
            case 0xE0 -> {
                if (to - from >= 14 && in.text(from, 5).equals("JFIF\0") && in.u8(from + 5) != 1) {
                    mend(from + 5, 1);
                }
            }
            case 0xE1 -> {
                if (to - from > 6 && in.text(from, 6).equals("Exif\0\0") && orientation == 1) {
                    orientation = Orientation.of(in, from + 6L, to);
                }
            }
            case 0xEE -> {
                if (to - from >= 12 && in.text(from, 5).equals("Adobe") && in.u8(from + 11) > 2) {
                    mend(from + 11, components.size() == 4 ? 2 : 1);
                    in.note("it names a kind of colours that there is not");
                }
            }
            default -> {
                if (code >= 0xC0 && code <= 0xCF && code != 0xC8 && code != 0xCC) {
                    frame(code, from, to);
                }
            }
        }
    }

    private void mend(int at, int value) {
        mended.put(at - droppedBefore(at), value);
    }

    private int droppedBefore(int at) {
        return dropped.stream()
                .filter(r -> r[1] <= at)
                .mapToInt(r -> r[1] - r[0])
                .sum();
    }

    private void frame(int code, int from, int to) {
        if (frame != 0) {
            throw in.damaged("two sizes");
        }
        if (code != 0xC0 && code != 0xC1 && code != 0xC2 && code != 0xC9 && code != 0xCA) {
            throw in.failed(
                    "a lossless or hierarchical jpeg (process %s), which is not read here. Convert it to PNG, or skip broken images"
                            .formatted(code - 0xC0));
        }
        if (in.u8(from) != 8) {
            throw in.failed(
                    "a jpeg of %s bits a sample, which is not read here. Convert it to PNG, or skip broken images"
                            .formatted(in.u8(from)));
        }
        frame = code;
        height = in.be16(from + 1L);
        width = in.be16(from + 3L);
        in.size(width, height, 3);
        int count = in.u8(from + 5L);
        if (count < 1 || count > 4 || to - from < 6 + 3 * count) {
            throw in.damaged(count + " colours");
        }
        int maxH = 1;
        int maxV = 1;
        int perUnit = 0;
        for (int i = 0; i < count; i++) {
            int at = from + 6 + 3 * i;
            int h = in.u8(at + 1L) >> 4;
            int v = in.u8(at + 1L) & 15;
            if (h < 1 || h > 4 || v < 1 || v > 4) {
                throw in.damaged("sampling of %s x %s".formatted(h, v));
            }
            components.add(new Component(in.u8(at), h, v));
            maxH = Math.max(maxH, h);
            maxV = Math.max(maxV, v);
            perUnit += h * v;
        }
        // a progressive file's coefficients are held all at once, two bytes each
        int coefficients = progressive() ? (2 * perUnit + maxH * maxV - 1) / (maxH * maxV) : 0;
        in.size(width, height, 3 + coefficients);
        unitsAcross = (width + 8 * maxH - 1) / (8 * maxH);
        unitsDown = (height + 8 * maxV - 1) / (8 * maxV);
        for (Component c : components) {
            c.blocksAcross = ((width * c.h + maxH - 1) / maxH + 7) / 8;
            c.blocksDown = ((height * c.v + maxV - 1) / maxV + 7) / 8;
            c.stride = unitsAcross * c.h;
        }
    }

    private boolean progressive() {
        return frame == 0xC2 || frame == 0xCA;
    }

    /** Goes through the data of one scan; returns where it ends. */
    private int scan(int from, int data) {
        if (frame == 0) {
            throw in.damaged("a scan before its size");
        }
        int count = in.u8(from);
        if (count < 1 || count > 4 || data - from < 4 + 2 * count) {
            throw in.damaged("a scan of %s colours".formatted(count));
        }
        var chosen = new ArrayList<Component>();
        int[] tables = new int[count];
        for (int i = 0; i < count; i++) {
            int id = in.u8(from + 1L + 2 * i);
            chosen.add(components.stream()
                    .filter(c -> c.id == id && !chosen.contains(c))
                    .findFirst()
                    .orElseThrow(() -> in.damaged("a scan of colour %s, which it does not have".formatted(id))));
            tables[i] = in.u8(from + 2L + 2 * i);
        }
        int at = from + 1 + 2 * count;
        int first = in.u8(at);
        int last = in.u8(at + 1L);
        int high = in.u8(at + 2L) >> 4;
        int low = in.u8(at + 2L) & 15;
        if (!progressive()) {
            if (first != 0 || last != 63 || high != 0 || low != 0) {
                in.note("a scan of a sequential file that names coefficients");
                mend(at, 0);
                mend(at + 1, 63);
                mend(at + 2, 0);
            }
            first = 0;
            last = 63;
            high = 0;
            low = 0;
        } else if (first > last || last > 63 || low > 13 || first == 0 && last != 0 || first > 0 && count > 1) {
            throw in.damaged("a scan of coefficients %s to %s".formatted(first, last));
        }
        Component only = count == 1 ? chosen.get(0) : null;
        long units = only != null ? (long) only.blocksAcross * only.blocksDown : (long) unitsAcross * unitsDown;
        blocks += units
                * (only != null ? 1 : chosen.stream().mapToInt(c -> c.h * c.v).sum());
        if (blocks > MOST_BLOCKS) {
            throw in.damaged("its scans pass over more than %s million blocks".formatted(MOST_BLOCKS / 1_000_000));
        }
        for (Component c : chosen) {
            for (int k = first; k <= last; k++) {
                if (progressive() && high != Math.max(0, c.sent[k])) {
                    throw in.damaged("its scans are out of order");
                }
                c.sent[k] = low;
            }
            if (progressive() && last > 0 && c.known.length == 0) {
                c.known = new long[Math.multiplyExact(c.stride, unitsDown * c.v)];
            }
        }
        if (frame == 0xC9 || frame == 0xCA || codes.none()) {
            return skipUnchecked(data);
        }
        var scan = new JpegScan(in, codes, data, restart, dropped);
        return progressive()
                ? scan.progressive(chosen, tables, unitsAcross, units, first, last, high, low)
                : scan.sequential(chosen, tables, units);
    }

    /** Arithmetic codes, and MJPEG without tables, are left to libjpeg: they end at the next marker that is not a restart. */
    private int skipUnchecked(int data) {
        int at = data;
        while (at + 1 < in.length()) {
            int next = in.bytes[at + 1] & 0xFF;
            if (in.bytes[at] == (byte) 0xFF && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
                return at;
            }
            at++;
        }
        throw in.cutOff();
    }

    private void checkComplete() {
        for (Component c : components) {
            if (c.sent[0] < 0) {
                throw in.cutOff();
            }
            if (Arrays.stream(c.sent).anyMatch(low -> low != 0)) {
                in.note("its last scans are missing, it shows less detail than it had");
            }
        }
    }
}
