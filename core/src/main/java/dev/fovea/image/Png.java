package dev.fovea.image;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * PNG as <a href="https://www.w3.org/TR/png-3/">W3C's third edition</a> has it, every depth and colour type; of an
 * animation the image that viewers without animation show. Decoded row by row, so that 16 bits take no more memory
 * than 8, and with every checksum looked at: what is damaged is said and not drawn.
 */
final class Png {

    private static final int CHUNK = 65_536;
    /** First column, first row, steps between columns and rows of Adam7's passes. */
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private final Input in;
    private final int width;
    private final int height;
    private final int depth;
    private final int colour;
    private final boolean interlaced;
    /** Where the pieces of compressed data lie, as offset and length. */
    private final List<int[]> data = new ArrayList<>();

    private int orientation = 1;
    /** Whether values are wanted as they are stored, and not what they look like. */
    private boolean stored;

    private int[] palette = new int[0];
    private int[] transparent = new int[0];

    private Png(Input in) {
        this.in = in;
        if (!in.text(12, 4).equals("IHDR")) {
            throw in.damaged(
                    in.text(12, 4).equals("CgBI")
                            ? "Apple's private kind, which other programs cannot read"
                            : "it does not begin with its header");
        }
        in.size(in.be32(16), in.be32(20), 0);
        width = (int) in.be32(16);
        height = (int) in.be32(20);
        depth = in.u8(24);
        colour = in.u8(25);
        interlaced = in.u8(28) != 0;
        boolean known = switch (colour) {
            case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case 2, 4, 6 -> depth == 8 || depth == 16;
            default -> false;
        };
        if (!known) {
            throw in.damaged("colour type %s with %s bits".formatted(colour, depth));
        }
        readChunks();
        if (data.isEmpty()) {
            throw in.cutOff();
        }
        if (colour == 3 && palette.length == 0) {
            throw in.damaged("no palette");
        }
    }

    static Image read(Input in) {
        var png = new Png(in);
        byte[] pixels = png.pixels();
        return Orientation.upright(new Image(png.width, png.height, 3, pixels), png.orientation);
    }

    /** Colours as they are stored, whatever shines through them; not turned. */
    static Image opaque(Input in) {
        var png = new Png(in);
        png.stored = png.colour == 2 || png.colour == 4 || png.colour == 6;
        return new Image(png.width, png.height, 3, png.pixels());
    }

    /** Positions in the palette or values of grey as they are stored, in one channel, not turned. */
    static Image indices(Input in) {
        var png = new Png(in);
        if (png.colour != 3 && png.colour != 0 || png.depth > 8) {
            throw in.failed("a PNG of %s. Expected a mask: a palette or grey of up to 8 bits, a number for each pixel"
                    .formatted(png.depth > 8 ? "16 bits" : "colours"));
        }
        png.stored = true;
        byte[] pixels = png.pixels();
        byte[] values = new byte[pixels.length / 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = pixels[3 * i];
        }
        return new Image(png.width, png.height, 1, values);
    }

    private void readChunks() {
        long at = 8;
        while (true) {
            long length = in.be32(at);
            if (!in.has(at, length + 12)) {
                throw in.cutOff();
            }
            String type = in.text(at + 4, 4);
            var crc = new CRC32();
            crc.update(in.bytes, (int) at + 4, (int) length + 4);
            if ((int) crc.getValue() != (int) in.be32(at + 8 + length)) {
                if (Character.isUpperCase(type.charAt(0)) || type.equals("tRNS")) {
                    throw in.damaged("the checksum of its %s chunk is wrong".formatted(printable(type)));
                }
                in.note("the checksum of its %s chunk is wrong".formatted(printable(type)));
            } else {
                chunk(type, (int) at + 8, (int) length);
            }
            if (type.equals("IEND")) {
                return;
            }
            at += length + 12;
        }
    }

    private static String printable(String type) {
        return type.replaceAll("[^ -~]", "?");
    }

    private void chunk(String type, int at, int length) {
        switch (type) {
            case "PLTE" -> {
                palette = new int[Math.min(256, length / 3)];
                for (int i = 0; i < palette.length; i++) {
                    palette[i] = 0xFF << 24 | in.be16(at + 3 * i) << 8 | in.u8(at + 3 * i + 2);
                }
            }
            case "tRNS" -> {
                transparent = new int[colour == 3 ? Math.min(length, palette.length) : Math.min(3, length / 2)];
                for (int i = 0; i < transparent.length; i++) {
                    transparent[i] = colour == 3 ? in.u8(at + i) : in.be16(at + 2 * i);
                }
            }
            case "eXIf" -> orientation = Orientation.of(in, at, (long) at + length);
            case "IDAT" -> data.add(new int[] {at, length});
            default -> {
                // text, times, colour profiles, further frames: nothing that is drawn here
            }
        }
    }

    private int samples() {
        return switch (colour) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
    }

    private static int rowBytes(int columns, int bits) {
        return (int) (((long) columns * bits + 7) / 8);
    }

    private byte[] pixels() {
        int bits = samples() * depth;
        long packed = data.stream().mapToLong(piece -> piece[1]).sum();
        // deflate makes at most 1,032 bytes of one
        if ((long) rowBytes(width, bits) * height / 1032 > packed + 64) {
            throw in.cutOff();
        }
        byte[] out = new byte[Image.bytes(width, height, 3)];
        try (var source = new Rows(in, data)) {
            if (!interlaced) {
                readPass(source, out, width, height, new int[] {0, 0, 1, 1}, bits);
            } else {
                for (int[] pass : ADAM7) {
                    int columns = (width - pass[0] + pass[2] - 1) / pass[2];
                    int rows = (height - pass[1] + pass[3] - 1) / pass[3];
                    if (columns > 0 && rows > 0) {
                        readPass(source, out, columns, rows, pass, bits);
                    }
                }
            }
            source.finish();
        }
        return out;
    }

    private void readPass(Rows source, byte[] out, int columns, int rows, int[] pass, int bits) {
        int length = rowBytes(columns, bits);
        int step = Math.max(1, bits / 8);
        boolean asTheyAre = colour == 2 && depth == 8 && transparent.length == 0 && pass[2] == 1;
        int[] seen = colour == 3 || colour == 0 && depth < 16 ? seen() : new int[0];
        byte[] before = new byte[length];
        byte[] row = new byte[length];
        for (int y = 0; y < rows; y++) {
            int filter = source.next(row);
            unfilter(filter, row, before, step);
            int start = ((pass[1] + y * pass[3]) * width + pass[0]) * 3;
            if (asTheyAre) {
                System.arraycopy(row, 0, out, start, length);
            } else if (seen.length > 0) {
                looked(row, columns, seen, out, start, 3 * pass[2]);
            } else if (colour == 0) {
                grey16(row, columns, out, start, 3 * pass[2]);
            } else {
                convert(row, columns, out, start, 3 * pass[2]);
            }
            byte[] swap = before;
            before = row;
            row = swap;
        }
    }

    private void unfilter(int filter, byte[] row, byte[] before, int step) {
        int n = row.length;
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = step; i < n; i++) {
                    row[i] += row[i - step];
                }
            }
            case 2 -> {
                for (int i = 0; i < n; i++) {
                    row[i] += before[i];
                }
            }
            case 3 -> {
                for (int i = 0; i < Math.min(step, n); i++) {
                    row[i] += (byte) ((before[i] & 0xFF) >> 1);
                }
                for (int i = step; i < n; i++) {
                    row[i] += (byte) ((row[i - step] & 0xFF) + (before[i] & 0xFF) >> 1);
                }
            }
            case 4 -> paeth(row, before, step);
            default -> throw in.damaged("row filter " + filter);
        }
    }

    private static void paeth(byte[] row, byte[] before, int step) {
        for (int i = 0; i < Math.min(step, row.length); i++) {
            row[i] += before[i];
        }
        for (int i = step; i < row.length; i++) {
            int a = row[i - step] & 0xFF;
            int b = before[i] & 0xFF;
            int c = before[i - step] & 0xFF;
            int pa = Math.abs(b - c);
            int pb = Math.abs(a - c);
            int pc = Math.abs(a + b - 2 * c);
            row[i] += (byte) (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
        }
    }

    /** One row's samples as red, green and blue of 8 bits, laid on white. */
    private void convert(byte[] row, int columns, byte[] out, int start, int stride) {
        int size = depth / 8;
        int pixel = samples() * size;
        int to = start;
        for (int x = 0; x < columns; x++) {
            int from = x * pixel;
            int alpha = stored ? 255 : colour == 2 ? keyed(row, from, size) : sample(row, from + pixel - size, size);
            for (int k = 0; k < 3; k++) {
                int value = sample(row, colour == 4 ? from : from + k * size, size);
                out[to + k] = (byte) Image.onWhite(value, alpha);
            }
            to += stride;
        }
    }

    private static int sample(byte[] row, int at, int size) {
        return size == 1 ? row[at] & 0xFF : Image.eight((row[at] & 0xFF) << 8 | row[at + 1] & 0xFF);
    }

    private int keyed(byte[] row, int at, int size) {
        if (transparent.length < 3) {
            return 255;
        }
        for (int k = 0; k < 3; k++) {
            int i = at + k * size;
            int value = size == 1 ? row[i] & 0xFF : (row[i] & 0xFF) << 8 | row[i + 1] & 0xFF;
            if (value != transparent[k]) {
                return 255;
            }
        }
        return 0;
    }

    /** What each value of a palette, or of grey of up to eight bits, looks like on white. */
    private int[] seen() {
        if (stored) {
            return IntStream.range(0, colour == 3 ? palette.length : 1 << depth)
                    .map(i -> i * 0x010101)
                    .toArray();
        }
        if (colour == 3) {
            int[] colours = new int[palette.length];
            for (int i = 0; i < colours.length; i++) {
                int alpha = i < transparent.length ? transparent[i] : 255;
                colours[i] = Image.onWhite(palette[i] >> 16 & 0xFF, alpha) << 16
                        | Image.onWhite(palette[i] >> 8 & 0xFF, alpha) << 8
                        | Image.onWhite(palette[i] & 0xFF, alpha);
            }
            return colours;
        }
        int[] greys = new int[1 << depth];
        for (int i = 0; i < greys.length; i++) {
            boolean clear = transparent.length > 0 && transparent[0] == i;
            greys[i] = clear ? 0xFFFFFF : i * 255 / (greys.length - 1) * 0x010101;
        }
        return greys;
    }

    private void looked(byte[] row, int columns, int[] seen, byte[] out, int start, int stride) {
        int mask = (1 << depth) - 1;
        int to = start;
        for (int x = 0; x < columns; x++) {
            int bit = x * depth;
            int value = depth == 8 ? row[x] & 0xFF : (row[bit >> 3] & 0xFF) >> 8 - depth - (bit & 7) & mask;
            if (value >= seen.length) {
                throw in.damaged("colour %s of a palette of %s".formatted(value, seen.length));
            }
            int rgb = seen[value];
            out[to] = (byte) (rgb >> 16);
            out[to + 1] = (byte) (rgb >> 8);
            out[to + 2] = (byte) rgb;
            to += stride;
        }
    }

    private void grey16(byte[] row, int columns, byte[] out, int start, int stride) {
        int key = transparent.length > 0 ? transparent[0] : -1;
        int to = start;
        for (int x = 0; x < columns; x++) {
            int value = (row[2 * x] & 0xFF) << 8 | row[2 * x + 1] & 0xFF;
            byte grey = (byte) (value == key ? 255 : Image.eight(value));
            out[to] = grey;
            out[to + 1] = grey;
            out[to + 2] = grey;
            to += stride;
        }
    }

    /** The unpacked rows, each with its filter in front. */
    private static final class Rows implements AutoCloseable {

        private final Input in;
        private final List<int[]> data;
        private final Inflater inflater = new Inflater();
        private final byte[] buffer = new byte[CHUNK];
        private int at;
        private int end;
        private int piece;

        Rows(Input in, List<int[]> data) {
            this.in = in;
            this.data = data;
        }

        /** Fills {@code row} and returns its filter. */
        int next(byte[] row) {
            if (at == end && !fill()) {
                throw in.cutOff();
            }
            int filter = buffer[at++];
            int done = 0;
            while (done < row.length) {
                if (at == end && !fill()) {
                    throw in.cutOff();
                }
                int count = Math.min(row.length - done, end - at);
                System.arraycopy(buffer, at, row, done, count);
                done += count;
                at += count;
            }
            return filter;
        }

        private boolean fill() {
            at = 0;
            end = 0;
            try {
                while (!inflater.finished() && !inflater.needsDictionary()) {
                    end = inflater.inflate(buffer);
                    if (end > 0) {
                        return true;
                    }
                    if (inflater.needsInput()) {
                        if (piece == data.size()) {
                            return false;
                        }
                        int[] next = data.get(piece++);
                        inflater.setInput(in.bytes, next[0], next[1]);
                    }
                }
                return false;
            } catch (DataFormatException e) {
                throw in.damaged("its compressed data: " + e.getMessage());
            }
        }

        /** All rows are there; what follows should be the checksum alone. */
        void finish() {
            try {
                if (at < end || fill()) {
                    in.note("more data than its size needs");
                } else if (!inflater.finished()) {
                    in.note("its compressed data ends without its checksum");
                }
            } catch (ImageException e) {
                in.note("the checksum of its pixels is wrong");
            }
        }

        @Override
        public void close() {
            inflater.end();
        }
    }
}
