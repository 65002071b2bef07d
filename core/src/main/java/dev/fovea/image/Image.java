package dev.fovea.image;

import dev.fovea.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A picture in memory: bytes from 0 to 255, row by row, the channels of a pixel side by side (red, green, blue,
 * or grey alone). Immutable by agreement: who is given {@link #pixels} does not write to it.
 */
public final class Image {

    /** Larger pictures are refused before they are decoded. */
    public static final long MOST_PIXELS = 100_000_000;

    static {
        // The loader has threads of its own.
        opencv_core.setNumThreads(1);
    }

    private final int width;
    private final int height;
    private final int channels;
    private final byte[] pixels;

    /** @throws IllegalArgumentException if {@code pixels} does not hold {@code width height channels} bytes */
    public Image(int width, int height, int channels, byte[] pixels) {
        if (width < 1 || height < 1 || (channels != 1 && channels != 3) || pixels.length != width * height * channels) {
            throw new IllegalArgumentException("image: %d bytes are not %dx%d pixels of %d channels (1 or 3)"
                    .formatted(pixels.length, width, height, channels));
        }
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.pixels = pixels;
    }

    /** @throws ImageException if {@code file} is not a readable picture */
    public static Image read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ImageException(
                    file + ": cannot be read (" + (Files.exists(file) ? e.getMessage() : "no such file") + ")");
        }
        return decode(bytes, file.toString());
    }

    /**
     * Decodes a picture file: JPEG, PNG, BMP, WebP, TIFF, PNM, or the first frame of a GIF. Turned as its EXIF
     * orientation says; 16 bits become 8; transparent pixels are laid on white. The result has 3 channels.
     *
     * @param name for messages
     * @throws ImageException if it is not a picture, damaged, cut off, or larger than {@link #MOST_PIXELS}
     */
    public static Image decode(byte[] bytes, String name) {
        if (bytes.length == 0) {
            throw new ImageException(name + ": an empty file. Delete it, or pass --skip-broken");
        }
        Header header = Header.of(bytes);
        if (header.format().isEmpty()) {
            throw new ImageException("%s: not an image (starts with \"%s\"). Delete it, or pass --skip-broken"
                    .formatted(name, start(bytes)));
        }
        if ((long) header.width() * header.height() > MOST_PIXELS) {
            throw new ImageException(
                    "%s: %d x %d pixels are more than the %d million allowed. Scale it down, or pass --skip-broken"
                            .formatted(name, header.width(), header.height(), MOST_PIXELS / 1_000_000));
        }
        if (!header.complete(bytes)) {
            throw new ImageException(
                    name + ": the " + header.format() + " is cut off before its end. Delete it, or pass --skip-broken");
        }
        return header.format().equals("gif") ? gif(bytes, name) : opencv(bytes, name, header);
    }

    private static Image opencv(byte[] bytes, String name, Header header) {
        int flags = header.alpha() ? opencv_imgcodecs.IMREAD_UNCHANGED : opencv_imgcodecs.IMREAD_COLOR;
        try (var data = new BytePointer(bytes);
                var buffer = new Mat(1, bytes.length, opencv_core.CV_8UC1, data);
                Mat decoded = opencv_imgcodecs.imdecode(buffer, flags)) {
            if (decoded.empty()) {
                throw new ImageException(
                        name + ": a damaged " + header.format() + ". Delete it, or pass --skip-broken");
            }
            return of(decoded);
        } catch (ImageException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ImageException("%s: cannot be decoded (%s). Delete it, or pass --skip-broken"
                    .formatted(name, e.getMessage().lines().findFirst().orElse("")));
        }
    }

    private static Image rgb(Mat mat) {
        try (var eight = new Mat();
                var colour = new Mat()) {
            mat.convertTo(eight, opencv_core.CV_8U, mat.depth() == opencv_core.CV_16U ? 1 / 257.0 : 1, 0);
            opencv_imgproc.cvtColor(
                    eight,
                    colour,
                    eight.channels() == 1 ? opencv_imgproc.COLOR_GRAY2RGB : opencv_imgproc.COLOR_BGR2RGB);
            byte[] pixels = new byte[colour.rows() * colour.cols() * 3];
            colour.data().get(pixels);
            return new Image(colour.cols(), colour.rows(), 3, pixels);
        }
    }

    /** A copy of what OpenCV decoded. */
    static Image of(Mat mat) {
        return mat.channels() == 4 ? onWhite(mat) : rgb(mat);
    }

    private static Image onWhite(Mat mat) {
        try (var eight = new Mat()) {
            mat.convertTo(eight, opencv_core.CV_8U, mat.depth() == opencv_core.CV_16U ? 1 / 257.0 : 1, 0);
            byte[] bgra = new byte[eight.rows() * eight.cols() * 4];
            eight.data().get(bgra);
            byte[] pixels = new byte[bgra.length / 4 * 3];
            for (int i = 0; i < bgra.length / 4; i++) {
                int alpha = bgra[4 * i + 3] & 0xFF;
                for (int c = 0; c < 3; c++) {
                    int value = bgra[4 * i + 2 - c] & 0xFF;
                    pixels[3 * i + c] = (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
                }
            }
            return new Image(eight.cols(), eight.rows(), 3, pixels);
        }
    }

    private static Image gif(byte[] bytes, String name) {
        try {
            BufferedImage frame = ImageIO.read(new ByteArrayInputStream(bytes));
            if (frame != null) {
                return of(frame);
            }
        } catch (IOException | RuntimeException e) {
            // said below
        }
        throw new ImageException(name + ": a damaged gif. Delete it, or pass --skip-broken");
    }

    /** A copy of an AWT picture, transparent pixels laid on white. */
    public static Image of(BufferedImage picture) {
        int w = picture.getWidth();
        int h = picture.getHeight();
        var flat = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
        var graphics = flat.createGraphics();
        graphics.drawImage(picture, 0, 0, java.awt.Color.WHITE, null);
        graphics.dispose();
        int[] rgb = flat.getRGB(0, 0, w, h, null, 0, w);
        byte[] pixels = new byte[3 * rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            pixels[3 * i] = (byte) (rgb[i] >> 16);
            pixels[3 * i + 1] = (byte) (rgb[i] >> 8);
            pixels[3 * i + 2] = (byte) rgb[i];
        }
        return new Image(w, h, 3, pixels);
    }

    /** A copy for drawing with AWT. */
    public BufferedImage toBufferedImage() {
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] rgb = new int[width * height];
        for (int i = 0; i < rgb.length; i++) {
            int r = pixels[i * channels] & 0xFF;
            int g = pixels[i * channels + (channels == 3 ? 1 : 0)] & 0xFF;
            int b = pixels[i * channels + (channels == 3 ? 2 : 0)] & 0xFF;
            rgb[i] = r << 16 | g << 8 | b;
        }
        picture.setRGB(0, 0, width, height, rgb, 0, width);
        return picture;
    }

    /** Writes PNG, or JPEG where the name says so, atomically. */
    public static void write(Path file, BufferedImage picture) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        String format = name.endsWith(".jpg") || name.endsWith(".jpeg") ? "jpeg" : "png";
        var bytes = new java.io.ByteArrayOutputStream();
        try {
            ImageIO.write(picture, format, bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(file + ": cannot be encoded", e);
        }
        AtomicFile.write(file, bytes.toByteArray());
    }

    /**
     * What is left of this picture after JPEG.
     *
     * @param quality 1 to 100
     */
    public Image jpeg(int quality) {
        byte[] bytes = jpegBytes(quality);
        Image decoded = decode(bytes, "jpeg");
        return channels == 1 ? decoded.toGray() : decoded;
    }

    /**
     * This picture as a JPEG file.
     *
     * @param quality 1 to 100
     */
    public byte[] jpegBytes(int quality) {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("JPEG quality is 1 to 100, got " + quality);
        }
        byte[] ordered = pixels.clone();
        if (channels == 3) {
            for (int i = 0; i < ordered.length; i += 3) {
                ordered[i] = pixels[i + 2];
                ordered[i + 2] = pixels[i];
            }
        }
        try (var data = new BytePointer(ordered);
                var picture = new Mat(height, width, channels == 1 ? opencv_core.CV_8UC1 : opencv_core.CV_8UC3, data);
                var out = new BytePointer();
                var settings = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality)) {
            opencv_imgcodecs.imencode(".jpg", picture, out, settings);
            byte[] bytes = new byte[Math.toIntExact(out.limit())];
            out.get(bytes);
            return bytes;
        }
    }

    /** Scaled to a size with antialiasing, equal to PIL's to within rounding. */
    public Image resize(int newWidth, int newHeight, Filter filter) {
        return Resample.resize(this, newWidth, newHeight, filter);
    }

    /** The rectangle with its upper left corner at {@code (left, top)}; what lies outside is black. */
    public Image crop(int left, int top, int newWidth, int newHeight) {
        byte[] out = new byte[newWidth * newHeight * channels];
        int fromX = Math.max(0, left);
        int count = Math.min(width, left + newWidth) - fromX;
        for (int y = Math.max(0, top); y < Math.min(height, top + newHeight) && count > 0; y++) {
            System.arraycopy(
                    pixels,
                    (y * width + fromX) * channels,
                    out,
                    ((y - top) * newWidth + fromX - left) * channels,
                    count * channels);
        }
        return new Image(newWidth, newHeight, channels, out);
    }

    /** With one channel: 0.299 red + 0.587 green + 0.114 blue, rounded, as ITU-R 601 and PIL have it. */
    public Image toGray() {
        if (channels == 1) {
            return this;
        }
        byte[] out = new byte[width * height];
        for (int i = 0; i < out.length; i++) {
            int r = pixels[3 * i] & 0xFF;
            int g = pixels[3 * i + 1] & 0xFF;
            int b = pixels[3 * i + 2] & 0xFF;
            out[i] = (byte) ((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
        }
        return new Image(width, height, 1, out);
    }

    /** With three channels; grey is repeated. */
    public Image toRgb() {
        if (channels == 3) {
            return this;
        }
        byte[] out = new byte[3 * pixels.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = pixels[i / 3];
        }
        return new Image(width, height, 3, out);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** 1 or 3. */
    public int channels() {
        return channels;
    }

    /** The bytes themselves, not a copy. */
    public byte[] pixels() {
        return pixels;
    }

    private static String start(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 9), StandardCharsets.ISO_8859_1);
        return text.replaceAll("[^ -~]", ".");
    }
}
