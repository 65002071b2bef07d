package dev.fovea.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A compressed image, the content of an {@code .fvc} file: which model coded it, how large it was, the coded
 * latents; with a checksum over everything.
 *
 * <p>The file, big-endian: {@code FVC} and the version as bytes; the model's fingerprint (8 bytes); width and height
 * (4 bytes each); in version 2 the side of its blocks in pixels (4); the number of coded bytes (4); these bytes; the
 * CRC-32C of all before it (4). In version 1 the coded bytes are all latents, channel by channel, row by row. In version
 * 2, of large images, they are square blocks of pixels, row by row from the top left, those at the right and at the bottom
 * cut: of each the number of its bytes (4) and its latents as in version 1.
 *
 * @param model fingerprint of the model that coded it; only that one can decode it
 * @param width in pixels
 * @param height in pixels
 * @param side of its blocks in pixels, or 0 for an image that is coded whole
 * @param code the latents, block by block, as {@link EntropyCoder} wrote them
 */
public record CodedImage(long model, int width, int height, int side, byte[] code) {

    private static final int MAGIC = 'F' << 24 | 'V' << 16 | 'C' << 8;
    private static final int WHOLE = MAGIC | 1;
    private static final int IN_BLOCKS = MAGIC | 2;
    private static final int HEADER = 4 + 8 + 4 + 4 + 4;
    private static final int SIDE = 4;
    private static final int LARGEST_SIDE = 1 << 14;
    private static final int CHECKSUM = 4;
    private static final int MOST_PIXELS = 100_000_000;
    private static final long MOST_BYTES = 3L * MOST_PIXELS;

    public CodedImage {
        if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS) {
            throw new FormatException(
                    "coded image: sides are at least 1 and at most %s million pixels together, got %sx%s"
                            .formatted(MOST_PIXELS / 1_000_000, width, height));
        }
        if (side < 0 || side > LARGEST_SIDE) {
            throw new FormatException("coded image: the side of its blocks is 0 (coded whole) to %s pixels, got %s"
                    .formatted(LARGEST_SIDE, side));
        }
    }

    /** Of an image that is coded whole. */
    public CodedImage(long model, int width, int height, byte[] code) {
        this(model, width, height, 0, code);
    }

    /** The bytes of the file. */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(HEADER + (side == 0 ? 0 : SIDE) + code.length + CHECKSUM);
        out.putInt(side == 0 ? WHOLE : IN_BLOCKS).putLong(model).putInt(width).putInt(height);
        if (side > 0) {
            out.putInt(side);
        }
        out.putInt(code.length).put(code);
        out.putInt(checksum(out.array(), out.position()));
        return out.array();
    }

    /** Writes the file, atomically. */
    public void write(Path file) {
        AtomicFile.write(file, toBytes());
    }

    /**
     * Reads such a file.
     *
     * @throws FormatException if it is not one, of another version, cut off or damaged
     * @throws UncheckedIOException if it cannot be read
     */
    public static CodedImage read(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new FormatException(
                        file + ": a folder, a pipe or a device, not an image that `fovea compress` wrote");
            }
            if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
                throw new FormatException("%s: %s bytes are more than any image that `fovea compress` wrote"
                        .formatted(file, Files.size(file)));
            }
            return of(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": cannot be read (" + (Files.exists(file) ? e.getMessage() : "no such file") + ")", e);
        }
    }

    static CodedImage of(byte[] bytes, String name) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < 4 || (in.getInt(0) & 0xFFFFFF00) != (MAGIC & 0xFFFFFF00)) {
            throw new FormatException(name + ": not an image that `fovea compress` wrote");
        }
        boolean blocks = in.getInt(0) == IN_BLOCKS;
        if (!blocks && in.getInt(0) != WHOLE) {
            throw new FormatException(
                    "%s: version %s of the format, this release reads 1 and 2".formatted(name, in.getInt(0) & 0xFF));
        }
        int header = HEADER + (blocks ? SIDE : 0);
        int length = bytes.length < header ? -1 : in.getInt(header - 4);
        if (length < 0 || length != bytes.length - header - CHECKSUM) {
            throw new FormatException(name + ": the file is cut off or has something after its end");
        }
        if (in.getInt(bytes.length - CHECKSUM) != checksum(bytes, bytes.length - CHECKSUM)) {
            throw new FormatException(name + ": the file is damaged (its checksum does not fit)");
        }
        in.position(4);
        long model = in.getLong();
        int width = in.getInt();
        int height = in.getInt();
        int side = blocks ? in.getInt() : 0;
        if (blocks && side == 0) {
            throw new FormatException(name + ": the file is damaged (blocks without a side)");
        }
        byte[] code = new byte[in.getInt()];
        in.get(code);
        return new CodedImage(model, width, height, side, code);
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
