package dev.fovea.image;

/** How a camera was held, as EXIF says it: 1 to 8. */
final class Orientation {

    private static final int TAG = 0x0112;

    private Orientation() {}

    /** From the TIFF structure of an EXIF block; 1, upright, where it says nothing that can be used. */
    static int of(Input in, long from, long end) {
        if (end - from < 14 || !in.has(from, end - from)) {
            return 1;
        }
        boolean little = in.u8(from) == 'I';
        long first = little ? in.le32(from + 4) : in.be32(from + 4);
        long at = from + first;
        if (at + 2 > end) {
            return 1;
        }
        int entries = little ? in.le16(at) : in.be16(at);
        for (int i = 0; i < entries && at + 2 + 12L * (i + 1) <= end; i++) {
            long entry = at + 2 + 12L * i;
            if ((little ? in.le16(entry) : in.be16(entry)) == TAG) {
                int value = little ? in.le16(entry + 8) : in.be16(entry + 8);
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }

    /** Turned and mirrored so that the image stands upright. */
    static Image upright(Image image, int orientation) {
        if (orientation == 1) {
            return image;
        }
        int w = image.width();
        int h = image.height();
        boolean turned = orientation >= 5;
        int outWidth = turned ? h : w;
        int outHeight = turned ? w : h;
        int c = image.channels();
        byte[] in = image.pixels();
        byte[] out = new byte[in.length];
        boolean flipX = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean flipY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        for (int y = 0; y < outHeight; y++) {
            for (int x = 0; x < outWidth; x++) {
                int a = turned ? y : x;
                int b = turned ? x : y;
                int sourceX = flipX ? w - 1 - a : a;
                int sourceY = flipY ? h - 1 - b : b;
                int from = (sourceY * w + sourceX) * c;
                int to = (y * outWidth + x) * c;
                for (int k = 0; k < c; k++) {
                    out[to + k] = in[from + k];
                }
            }
        }
        return new Image(outWidth, outHeight, c, out);
    }
}
