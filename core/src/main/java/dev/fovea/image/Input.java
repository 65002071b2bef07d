package dev.fovea.image;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of one image file. Reading past the end is an {@link ImageException} that says so; what a person should
 * know of a file that can be read all the same is noted.
 */
final class Input {

    /** What decoding may take beside the image itself: the file, and the decoder's own copies of its pixels. */
    static final long MOST_BYTES = 500_000_000;

    final byte[] bytes;
    final Format format;
    private final String name;
    private final long mostPixels;
    private final List<String> notes = new ArrayList<>();

    Input(byte[] bytes, String name) {
        this(bytes, name, Image.MOST_PIXELS);
    }

    /** @param mostPixels of an image, beyond {@link Image#MOST_PIXELS} of no effect */
    Input(byte[] bytes, String name, long mostPixels) {
        this.bytes = bytes;
        this.name = name;
        this.mostPixels = Math.min(mostPixels, Image.MOST_PIXELS);
        this.format = Format.of(bytes);
    }

    int length() {
        return bytes.length;
    }

    void note(String note) {
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /** @throws ImageException if it is of no format that is read */
    void readable() {
        if (bytes.length == 0) {
            throw failed("an empty file. Delete it, or skip broken images");
        }
        if (format == Format.UNKNOWN) {
            String start = new String(bytes, 0, Math.min(bytes.length, 9), StandardCharsets.ISO_8859_1);
            throw failed("not an image (starts with \"%s\"). Delete it, or skip broken images"
                    .formatted(start.replaceAll("[^ -~]", ".")));
        }
        if (!format.refusal().isEmpty()) {
            throw failed(format.refusal());
        }
    }

    /**
     * The one rule of size for all formats, asked before memory is taken.
     *
     * @param bytesPerPixel what the decoder holds of each pixel at once, beside the result
     */
    void size(long width, long height, int bytesPerPixel) {
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw damaged("its size is %s x %s".formatted(width, height));
        }
        if (width * height > mostPixels) {
            String millions =
                    BigDecimal.valueOf(mostPixels, 6).stripTrailingZeros().toPlainString();
            throw failed("%s x %s pixels are more than the %s million allowed. Scale it down, or skip broken images"
                    .formatted(width, height, millions));
        }
        long needed = width * height * bytesPerPixel + bytes.length;
        if (needed > MOST_BYTES) {
            throw failed(
                    "%s x %s pixels of this kind of %s take %s MB to decode, more than the %s MB allowed. Scale it down, save it as PNG, or skip broken images"
                            .formatted(width, height, format.word, needed / 1_000_000, MOST_BYTES / 1_000_000));
        }
    }

    /** Compares what was found in the header with what the decoder made of it. */
    void checkDecoded(int width, int height, int decodedWidth, int decodedHeight) {
        if (width != decodedWidth || height != decodedHeight) {
            throw damaged("its header says %s x %s pixels, its data %s x %s"
                    .formatted(width, height, decodedWidth, decodedHeight));
        }
    }

    ImageException cutOff() {
        return failed("the " + format.word + " is cut off before its end. Delete it, or skip broken images");
    }

    ImageException damaged(String why) {
        return failed("a damaged %s (%s). Delete it, or skip broken images".formatted(format.word, why));
    }

    ImageException failed(String what) {
        return new ImageException(name + ": " + what);
    }

    /** Whether {@code count} bytes are there from {@code at} on. */
    boolean has(long at, long count) {
        return at >= 0 && count >= 0 && at + count <= bytes.length;
    }

    private int need(long at, int count) {
        if (!has(at, count)) {
            throw cutOff();
        }
        return (int) at;
    }

    int u8(long at) {
        return bytes[need(at, 1)] & 0xFF;
    }

    int be16(long at) {
        int i = need(at, 2);
        return (bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF;
    }

    int le16(long at) {
        return Short.toUnsignedInt(Short.reverseBytes((short) be16(at)));
    }

    /** Unsigned. */
    long be32(long at) {
        need(at, 4);
        return (long) be16(at) << 16 | be16(at + 2);
    }

    /** Unsigned. */
    long le32(long at) {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) be32(at)));
    }

    String text(long at, int count) {
        return new String(bytes, need(at, count), count, StandardCharsets.ISO_8859_1);
    }

    /** How many of the last bytes before {@code end} are zero. */
    int zeros(int end) {
        int at = end;
        while (at > 0 && bytes[at - 1] == 0) {
            at--;
        }
        return end - at;
    }

    /** Notes zeros where the format has no checksum: black pixels, or a file that was never copied whole. */
    void noteZeros(int from, int end) {
        int zeros = Math.min(zeros(end), end - from);
        if (zeros >= 64 && zeros >= (end - from) / 8 && zeros < end - from) {
            note("the last %s %% of its data are zeros: black, or a file that was not copied whole"
                    .formatted(Math.round(100.0 * zeros / (end - from))));
        }
    }
}
