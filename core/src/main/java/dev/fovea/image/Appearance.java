package dev.fovea.image;

/**
 * How an image looks, in a few numbers, measured on a grey copy of at most 256 pixels a side.
 *
 * @param size of the image itself
 * @param brightness mean, 0 (black) to 255
 * @param contrast standard deviation, 0 (one colour) to about 127
 * @param sharpness variance of the Laplacian (Pech-Pacheco et al. 2000); low where nothing has an edge
 * @param thumbnail {@link #SIDE} x {@link #SIDE} grey values, row by row, by which images are compared
 * @param hash {@link #hash}
 */
public record Appearance(
        Size size, double brightness, double contrast, double sharpness, Thumbnail thumbnail, long hash) {

    /** Of a thumbnail, pixels. */
    public static final int SIDE = 16;

    private static final int MOST = 256;
    private static final int ROWS = 8;

    /** Small grey values of an image. */
    public static final class Thumbnail {

        private final byte[] pixels;
        private final double mean;
        private final double length;

        private Thumbnail(byte[] pixels) {
            this.pixels = pixels;
            double sum = 0;
            for (byte pixel : pixels) {
                sum += pixel & 255;
            }
            mean = sum / pixels.length;
            double squares = 0;
            for (byte pixel : pixels) {
                double off = (pixel & 255) - mean;
                squares += off * off;
            }
            length = Math.sqrt(squares);
        }

        /** The correlation of two, -1 to 1; 0 where one is of one colour. */
        public double similarity(Thumbnail other) {
            double sum = 0;
            for (int i = 0; i < pixels.length; i++) {
                sum += ((pixels[i] & 255) - mean) * ((other.pixels[i] & 255) - other.mean);
            }
            return length == 0 || other.length == 0 ? 0 : sum / (length * other.length);
        }
    }

    /** Looks at an image. */
    public static Appearance of(Image image) {
        Image grey = image.toGray();
        double shrink = Math.min(1, MOST / (double) Math.max(grey.width(), grey.height()));
        Image seen = shrink == 1
                ? grey
                : grey.resize(
                        Math.max(1, (int) Math.round(shrink * grey.width())),
                        Math.max(1, (int) Math.round(shrink * grey.height())),
                        Filter.BILINEAR);
        byte[] pixels = seen.pixels();
        double sum = 0;
        double squares = 0;
        for (byte pixel : pixels) {
            sum += pixel & 255;
            squares += (pixel & 255) * (pixel & 255);
        }
        double mean = sum / pixels.length;
        return new Appearance(
                image.size(),
                mean,
                Math.sqrt(Math.max(0, squares / pixels.length - mean * mean)),
                sharpness(seen),
                new Thumbnail(grey.resize(SIDE, SIDE, Filter.BILINEAR).pixels()),
                hash(grey));
    }

    private static double sharpness(Image grey) {
        byte[] p = grey.pixels();
        int w = grey.width();
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int y = 1; y < grey.height() - 1; y++) {
            for (int x = 1; x < w - 1; x++) {
                int i = y * w + x;
                int laplacian =
                        (p[i - 1] & 255) + (p[i + 1] & 255) + (p[i - w] & 255) + (p[i + w] & 255) - 4 * (p[i] & 255);
                sum += laplacian;
                squares += laplacian * laplacian;
                count++;
            }
        }
        return count == 0 ? 0 : squares / count - sum / count * (sum / count);
    }

    /**
     * A perceptual hash (dHash, Krawetz 2013): each bit says whether of two neighbours among 8 rows of 9 grey pixels the right
     * one is lighter. Hashes of images that look alike differ in few bits.
     */
    public static long hash(Image image) {
        byte[] pixels = image.toGray().resize(ROWS + 1, ROWS, Filter.BILINEAR).pixels();
        long hash = 0;
        for (int y = 0; y < ROWS; y++) {
            for (int x = 0; x < ROWS; x++) {
                int at = y * (ROWS + 1) + x;
                hash = hash << 1 | ((pixels[at + 1] & 255) > (pixels[at] & 255) ? 1 : 0);
            }
        }
        return hash;
    }
}
