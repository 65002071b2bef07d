package dev.fovea.image;

/** The chunks of a <a href="https://developers.google.com/speed/webp/docs/riff_container">WebP</a>; OpenCV does the rest. */
final class WebP {

    /** So many zeros never end compressed data; measured on images of one colour: at most 13 where these are small. */
    private static final int ZEROS = 32;

    /** Lossy data of one colour ends in a byte of zeros for every 40 blocks of 16 x 16 pixels. */
    private static final int PIXELS_PER_ZERO = 16 * 256;

    private final Input in;
    private int width;
    private int height;
    private boolean alpha;
    private boolean pixels;
    private int orientation = 1;

    private WebP(Input in) {
        this.in = in;
    }

    static Image read(Input in) {
        var webp = new WebP(in);
        long end = 8 + in.le32(4);
        if (end > in.length() + 1L) {
            throw in.cutOff();
        }
        webp.chunks(12, Math.min(end, in.length()));
        if (!webp.pixels) {
            throw in.cutOff();
        }
        Image image = webp.alpha
                ? Native.unchanged(in, webp.width, webp.height, Native.Alpha.STRAIGHT)
                : Native.colours(in, in.bytes, webp.width, webp.height);
        return Orientation.upright(image, webp.orientation);
    }

    private void chunks(long from, long end) {
        long at = from;
        while (at + 8 <= end) {
            String type = in.text(at, 4);
            long size = in.le32(at + 4);
            if (at + 8 + size > end || !type.matches("[ -~]{4}")) {
                throw in.cutOff();
            }
            chunk(type, at + 8, size);
            at += 8 + size + (size & 1);
        }
    }

    private void chunk(String type, long at, long size) {
        switch (type) {
            case "VP8X" -> {
                boolean moves = (in.u8(at) & 2) != 0;
                alpha |= (in.u8(at) & 16) != 0;
                size(1 + le24(at + 4), 1 + le24(at + 7), moves ? 12 : 4);
            }
            case "VP8 " -> {
                long first = le24(at) >> 5;
                size(in.le16(at + 6) & 0x3FFF, in.le16(at + 8) & 0x3FFF, 4);
                if (10 + first > size) {
                    throw in.cutOff();
                }
                data(at, size, ZEROS + (long) width * height / PIXELS_PER_ZERO);
            }
            case "VP8L" -> {
                long bits = in.le32(at + 1);
                alpha |= (bits >> 28 & 1) != 0;
                size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), 8);
                data(at, size, ZEROS);
            }
            case "ALPH" -> alpha = true;
            case "ANMF" -> {
                in.size(1 + le24(at + 6), 1 + le24(at + 9), 12);
                chunks(at + 16, at + size);
            }
            case "EXIF" -> orientation = Orientation.of(in, exif(at), at + size);
            default -> {
                // colour profiles and the like
            }
        }
    }

    /** Some writers put JPEG's prefix in front. */
    private long exif(long at) {
        return in.has(at, 6) && in.text(at, 6).equals("Exif\0\0") ? at + 6 : at;
    }

    private void size(long w, long h, int bytesPerPixel) {
        in.size(w, h, bytesPerPixel);
        if (width == 0) {
            width = (int) w;
            height = (int) h;
        }
    }

    private void data(long at, long size, long mostZeros) {
        if (in.zeros((int) (at + size)) > mostZeros) {
            throw in.cutOff();
        }
        pixels = true;
    }

    private long le24(long at) {
        return in.le16(at) | (long) in.u8(at + 2) << 16;
    }
}
