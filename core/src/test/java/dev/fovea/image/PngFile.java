package dev.fovea.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A PNG built chunk by chunk. */
final class PngFile {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int step;

    PngFile(int width, int height, int depth, int colour) {
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        step = Math.max(1, depth * new int[] {1, 0, 3, 1, 2, 0, 4}[colour] / 8);
        chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) depth)
                        .put((byte) colour)
                        .array());
    }

    PngFile chunk(String type, byte[] data) {
        byte[] all = FormatsTest.joined(FormatsTest.ascii(type), data);
        var crc = new CRC32();
        crc.update(all);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(all);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        return this;
    }

    /** All rows, each with this filter applied, and the end. */
    PngFile rows(int filter, byte[]... rows) {
        var raw = new ByteArrayOutputStream();
        for (int r = 0; r < rows.length; r++) {
            raw.write(filter);
            for (int i = 0; i < rows[r].length; i++) {
                int a = i >= step ? rows[r][i - step] & 0xFF : 0;
                int b = r > 0 ? rows[r - 1][i] & 0xFF : 0;
                int c = r > 0 && i >= step ? rows[r - 1][i - step] & 0xFF : 0;
                raw.write(rows[r][i] - predicted(filter, a, b, c));
            }
        }
        return compressed(raw.toByteArray()).chunk("IEND", new byte[0]);
    }

    PngFile compressed(byte[] raw) {
        var deflater = new Deflater();
        deflater.setInput(raw);
        deflater.finish();
        byte[] packed = new byte[raw.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        return chunk("IDAT", java.util.Arrays.copyOf(packed, length));
    }

    private static int predicted(int filter, int a, int b, int c) {
        int p = a + b - c;
        return switch (filter) {
            case 1 -> a;
            case 2 -> b;
            case 3 -> (a + b) / 2;
            case 4 ->
                Math.abs(p - a) <= Math.abs(p - b) && Math.abs(p - a) <= Math.abs(p - c)
                        ? a
                        : Math.abs(p - b) <= Math.abs(p - c) ? b : c;
            default -> 0;
        };
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
