package dev.fovea.image;

/** The header of a BMP; OpenCV does the rest. */
final class Bmp {

    private Bmp() {}

    static Image read(Input in) {
        long header = in.le32(14);
        boolean old = header == 12;
        int width = old ? in.le16(18) : (int) in.le32(18);
        int height = old ? in.le16(20) : Math.abs((int) in.le32(22));
        int bits = old ? in.le16(24) : in.le16(28);
        long compression = old ? 0 : in.le32(30);
        in.size(width, height, bits == 32 ? 4 : 3);
        if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
            throw in.damaged(bits + " bits a pixel");
        }
        if (compression == 0 || compression == 3 || compression == 6) {
            long row = ((long) width * bits + 31) / 32 * 4;
            long needed = row * (height - 1) + ((long) width * bits + 7) / 8;
            long data = in.le32(10);
            if (!in.has(data, needed)) {
                throw in.cutOff();
            }
            in.noteZeros((int) data, (int) (data + needed));
        }
        return bits == 32
                ? Native.unchanged(in, width, height, Native.Alpha.PERHAPS)
                : Native.colours(in, in.bytes, width, height);
    }
}
