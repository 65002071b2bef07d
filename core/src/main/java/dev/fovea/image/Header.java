package dev.fovea.image;

/** The size of an image as decoding gives it, found in its first bytes where they say it. */
final class Header {

    private Header() {}

    static Size size(Input in) {
        return switch (in.format) {
            case JPEG -> jpeg(in);
            case PNG -> png(in);
            default -> Image.decode(in).size();
        };
    }

    /** What stands before the data of a JPEG, its EXIF among it; where no size does, decoding says what is wrong. */
    private static Size jpeg(Input in) {
        int orientation = 1;
        long at = 2;
        while (in.has(at, 4)) {
            int marker = in.u8(at + 1);
            if (in.u8(at) != 0xFF) {
                break;
            }
            if (marker == 0xFF) {
                at++;
                continue;
            }
            long length = in.be16(at + 2);
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame && in.has(at, 9)) {
                return turned(in.be16(at + 5), in.be16(at + 7), orientation, in);
            }
            boolean exif = marker == 0xE1 && length > 8 && in.has(at + 4, 6);
            if (exif && orientation == 1 && in.text(at + 4, 6).equals("Exif\0\0")) {
                orientation = Orientation.of(in, at + 10, at + 2 + length);
            }
            at += 2 + length;
        }
        return Image.decode(in).size();
    }

    private static Size png(Input in) {
        if (!in.has(0, 33)) {
            return Image.decode(in).size();
        }
        int orientation = 1;
        for (long at = 8; in.has(at, 12); at += 12 + in.be32(at)) {
            if (in.text(at + 4, 4).equals("eXIf")) {
                orientation = Orientation.of(in, at + 8, at + 8 + in.be32(at));
            }
        }
        return turned(in.be32(20), in.be32(16), orientation, in);
    }

    private static Size turned(long height, long width, int orientation, Input in) {
        in.size(width, height, 0);
        return orientation >= 5 ? new Size((int) width, (int) height) : new Size((int) height, (int) width);
    }
}
