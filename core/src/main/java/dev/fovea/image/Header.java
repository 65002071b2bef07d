package dev.fovea.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the first bytes of a picture file say, without decoding it.
 *
 * @param format such as {@code png}; empty if it is no picture this product knows
 * @param width in pixels, or 0 where the format is not looked into
 * @param height in pixels, or 0 where the format is not looked into
 * @param alpha whether pixels carry opacity
 */
record Header(String format, int width, int height, boolean alpha) {

    private static final Header NONE = new Header("", 0, 0, false);

    static Header of(byte[] b) {
        if (starts(b, 0, 0x89, 'P', 'N', 'G') && b.length >= 33) {
            boolean alpha = b[25] == 4 || b[25] == 6 || indexOf(b, "tRNS", 4096) >= 0;
            return new Header("png", be32(b, 16), be32(b, 20), alpha);
        }
        if (starts(b, 0, 0xFF, 0xD8, 0xFF)) {
            return jpeg(b);
        }
        if (starts(b, 0, 'G', 'I', 'F', '8') && b.length > 10) {
            return new Header("gif", le16(b, 6), le16(b, 8), false);
        }
        if (starts(b, 0, 'B', 'M') && b.length > 26) {
            return new Header("bmp", Math.abs(le32(b, 18)), Math.abs(le32(b, 22)), false);
        }
        if (starts(b, 0, 'R', 'I', 'F', 'F') && starts(b, 8, 'W', 'E', 'B', 'P')) {
            return new Header("webp", 0, 0, false);
        }
        if (b.length > 2 && b[0] == 'P' && b[1] >= '1' && b[1] <= '6') {
            return new Header("pnm", 0, 0, false);
        }
        if (starts(b, 0, 'I', 'I', 42, 0) || starts(b, 0, 'M', 'M', 0, 42)) {
            return new Header("tiff", 0, 0, false);
        }
        return NONE;
    }

    /** Whether the end of the file is there; only asked where the format marks its end. */
    boolean complete(byte[] b) {
        return switch (format) {
            case "jpeg" -> lastMarker(b, 0xD9) > lastMarker(b, 0xDA);
            case "png" ->
                new String(b, Math.max(0, b.length - 64), Math.min(64, b.length), StandardCharsets.ISO_8859_1)
                        .contains("IEND");
            default -> true;
        };
    }

    private static Header jpeg(byte[] b) {
        int at = 2;
        while (at + 9 < b.length && (b[at] & 0xFF) == 0xFF) {
            int marker = b[at + 1] & 0xFF;
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame) {
                return new Header("jpeg", be16(b, at + 7), be16(b, at + 5), false);
            }
            at += marker == 0xFF ? 1 : 2 + be16(b, at + 2);
        }
        return new Header("jpeg", 0, 0, false);
    }

    private static int lastMarker(byte[] b, int marker) {
        for (int i = b.length - 2; i >= 0; i--) {
            if ((b[i] & 0xFF) == 0xFF && (b[i + 1] & 0xFF) == marker) {
                return i;
            }
        }
        return -1;
    }

    private static int indexOf(byte[] b, String word, int limit) {
        return new String(Arrays.copyOf(b, Math.min(b.length, limit)), StandardCharsets.ISO_8859_1).indexOf(word);
    }

    private static boolean starts(byte[] b, int at, int... magic) {
        if (b.length < at + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((b[at + i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static int be16(byte[] b, int at) {
        return at + 1 < b.length ? (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF : 0;
    }

    private static int be32(byte[] b, int at) {
        return be16(b, at) << 16 | be16(b, at + 2);
    }

    private static int le16(byte[] b, int at) {
        return (b[at + 1] & 0xFF) << 8 | b[at] & 0xFF;
    }

    private static int le32(byte[] b, int at) {
        return le16(b, at + 2) << 16 | le16(b, at);
    }
}
