package dev.fovea.image;

import dev.fovea.io.RegularFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.opencv.global.opencv_core;

/**
 * An image in memory: bytes from 0 to 255, row by row, the channels of a pixel side by side (red, green, blue,
 * or grey alone). Immutable by agreement: who is given {@link #pixels} does not write to it.
 */
public final class Image {

    /** Larger images are refused before they are decoded. */
    public static final long MOST_PIXELS = 100_000_000;

    static {
        // The loader has threads of its own.
        opencv_core.setNumThreads(1);
    }

    private final int width;
    private final int height;
    private final int channels;
    private final byte[] pixels;
    private final List<String> notes;

    /** @throws IllegalArgumentException if {@code pixels} does not hold {@code width height channels} bytes */
    public Image(int width, int height, int channels, byte[] pixels) {
        this(width, height, channels, pixels, List.of());
    }

    private Image(int width, int height, int channels, byte[] pixels, List<String> notes) {
        if (width < 1
                || height < 1
                || (channels != 1 && channels != 3)
                || pixels.length != bytes(width, height, channels)) {
            throw new IllegalArgumentException("image: %s bytes are not %sx%s pixels of %s channels (1 or 3)"
                    .formatted(pixels.length, width, height, channels));
        }
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.pixels = pixels;
        this.notes = notes;
    }

    /**
     * How many bytes an image of that size takes.
     *
     * @throws IllegalArgumentException if a side is below 1, or they are more than an array can hold
     */
    static int bytes(long width, long height, int channels) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "image: sides are at least 1 pixel, got %s x %s".formatted(width, height));
        }
        long pixels = width > Integer.MAX_VALUE || height > Integer.MAX_VALUE ? -1 : width * height;
        if (pixels < 0 || pixels > (Integer.MAX_VALUE - 8) / channels) {
            throw new IllegalArgumentException(
                    "image: %s x %s pixels of %s channels are more than the %s bytes an image can have"
                            .formatted(width, height, channels, Integer.MAX_VALUE - 8));
        }
        return (int) (pixels * channels);
    }

    /**
     * @throws ImageException if {@code file} is not a readable image, or no file at all: folders, devices and pipes are not read
     */
    public static Image read(Path file) {
        byte[] bytes;
        try {
            bytes = RegularFile.read(file, Input.MOST_BYTES);
        } catch (IOException e) {
            throw new ImageException(file + ": cannot be read (" + e.getMessage() + ")");
        }
        return decode(bytes, file.toString());
    }

    /**
     * Decodes an image file: JPEG, PNG, BMP, WebP, TIFF, PNM, or the first frame of a GIF. Turned as its EXIF
     * orientation says; 16 bits become 8, any largest value of a PNM and floating-point values from 0 to 1 become 255;
     * transparent pixels are laid on white. The result has 3 channels; {@link #notes} says what is odd about a file that could
     * be read all the same. Sizes are looked at before memory is taken.
     *
     * @param name for messages
     * @throws ImageException if it is not an image, damaged, cut off, or larger than {@link #MOST_PIXELS}
     */
    public static Image decode(byte[] bytes, String name) {
        return decode(bytes, name, MOST_PIXELS);
    }

    /**
     * The same of an image of at most so many pixels; a limit beyond {@link #MOST_PIXELS} is of no effect.
     *
     * @throws ImageException also if it is larger, before it is decoded
     */
    public static Image decode(byte[] bytes, String name, long mostPixels) {
        var in = new Input(bytes, name, mostPixels);
        Image image = decode(in);
        return in.notes().isEmpty()
                ? image
                : new Image(image.width, image.height, image.channels, image.pixels, in.notes());
    }

    /**
     * As {@link #decode}, scaled down to at most {@code side} pixels on the longer side; smaller images stay as they are.
     * Made for people to look at: of a large JPEG only as much is decoded as that takes.
     *
     * @param name for messages
     * @throws ImageException as {@link #decode}
     */
    public static Image thumbnail(byte[] bytes, String name, int side) {
        return Thumbnail.of(new Input(bytes, name), side);
    }

    /** This image, scaled down to at most {@code side} pixels on the longer side. */
    public Image within(int side) {
        return Thumbnail.within(this, side);
    }

    /**
     * The size that {@link #decode} gives, of JPEG and PNG found without decoding.
     *
     * @param name for messages
     * @throws ImageException if it is not an image, or that part of it is damaged
     */
    public static Size size(byte[] bytes, String name) {
        var in = new Input(bytes, name);
        in.readable();
        return Header.size(in);
    }

    /**
     * The values of a PNG as they are stored, in one channel: positions in its palette, or grey of up to 8 bits. So masks
     * of objects are kept, whatever colours they are shown in.
     *
     * @param name for messages
     * @throws ImageException if it is not such a PNG
     */
    public static Image indices(byte[] bytes, String name) {
        var in = new Input(bytes, name);
        in.readable();
        if (in.format != Format.PNG) {
            throw in.failed("not a PNG. Masks hold a number for each pixel, which other formats change");
        }
        return Png.indices(in);
    }

    /**
     * The colours of a mask: of a PNG as they are stored, whatever is transparent; of other files as they look.
     *
     * @throws ImageException if it cannot be read
     */
    public static Image opaque(byte[] bytes, String name) {
        var in = new Input(bytes, name);
        in.readable();
        return in.format == Format.PNG ? Png.opaque(in) : decode(in).toRgb();
    }

    static Image decode(Input in) {
        in.readable();
        return switch (in.format) {
            case JPEG -> {
                Jpeg jpeg = Jpeg.of(in);
                Image image = Native.colours(in, jpeg.clean(), jpeg.width(), jpeg.height());
                yield Orientation.upright(image, jpeg.orientation());
            }
            case PNG -> Png.read(in);
            case GIF -> Gif.first(in);
            case BMP -> Bmp.read(in);
            case WEBP -> WebP.read(in);
            case PNM -> Pnm.read(in);
            default -> Tiff.read(in);
        };
    }

    /** What of {@code value} is seen on white. */
    static int onWhite(int value, int alpha) {
        return alpha == 255 ? value : (value * alpha + 255 * (255 - alpha) + 127) / 255;
    }

    /** 0 to 65535 as 0 to 255, rounded. */
    static int eight(int sixteen) {
        return (sixteen * 255 + 32_895) >> 16;
    }

    /** A copy of an AWT image, transparent pixels laid on white. */
    public static Image of(BufferedImage image) {
        int w = image.getWidth();
        int h = image.getHeight();
        var flat = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
        var graphics = flat.createGraphics();
        graphics.drawImage(image, 0, 0, java.awt.Color.WHITE, null);
        graphics.dispose();
        int[] rgb = flat.getRGB(0, 0, w, h, null, 0, w);
        byte[] pixels = new byte[bytes(w, h, 3)];
        for (int i = 0; i < rgb.length; i++) {
            pixels[3 * i] = (byte) (rgb[i] >> 16);
            pixels[3 * i + 1] = (byte) (rgb[i] >> 8);
            pixels[3 * i + 2] = (byte) rgb[i];
        }
        return new Image(w, h, 3, pixels);
    }

    /** A copy for drawing with AWT. */
    public BufferedImage toBufferedImage() {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] rgb = new int[width * height];
        for (int i = 0; i < rgb.length; i++) {
            int r = pixels[i * channels] & 0xFF;
            int g = pixels[i * channels + (channels == 3 ? 1 : 0)] & 0xFF;
            int b = pixels[i * channels + (channels == 3 ? 2 : 0)] & 0xFF;
            rgb[i] = r << 16 | g << 8 | b;
        }
        image.setRGB(0, 0, width, height, rgb, 0, width);
        return image;
    }

    /**
     * Writes an image atomically, in the format that the ending of its name says: {@code .png}, {@code .jpg}, {@code .jpeg},
     * {@code .bmp}, {@code .tif} or {@code .tiff}.
     *
     * @throws IllegalArgumentException if the ending is another
     */
    public static void write(Path file, BufferedImage image) {
        Encoder.write(file, image);
    }

    /** The bytes of a PNG file. */
    public static byte[] png(BufferedImage image) {
        return Encoder.coded(image, "png", "PNG");
    }

    /** Writes {@code image} as {@link #write(Path, BufferedImage)} does; grey stays grey. */
    public static void write(Path file, Image image) {
        Encoder.write(file, image.channels == 1 ? Encoder.grey(image) : image.toBufferedImage());
    }

    /**
     * What is left of this image after JPEG.
     *
     * @param quality 1 to 100
     */
    public Image jpeg(int quality) {
        byte[] bytes = jpegBytes(quality);
        Image decoded = decode(bytes, "jpeg");
        return channels == 1 ? decoded.toGray() : decoded;
    }

    /**
     * This image as a JPEG file.
     *
     * @param quality 1 to 100
     */
    public byte[] jpegBytes(int quality) {
        return Encoder.jpeg(this, quality);
    }

    /** Scaled to a size with antialiasing, equal to PIL's to within rounding. */
    public Image resize(int newWidth, int newHeight, Filter filter) {
        return resizedPart(newWidth, newHeight, filter, 0, 0, newWidth, newHeight);
    }

    /**
     * A part of {@link #resize}, without the rest of it: an image of 1 by 16,384 pixels that is enlarged and cropped never
     * becomes one of billions.
     *
     * @param left of the part, in pixels of the resized image, within it
     * @param top of the part
     */
    public Image resizedPart(
            int newWidth, int newHeight, Filter filter, int left, int top, int partWidth, int partHeight) {
        bytes(partWidth, partHeight, channels);
        if (left < 0 || top < 0 || (long) left + partWidth > newWidth || (long) top + partHeight > newHeight) {
            throw new IllegalArgumentException("image: a part of %s x %s pixels at (%s, %s) is not within %s x %s"
                    .formatted(partWidth, partHeight, left, top, newWidth, newHeight));
        }
        double across = width / (double) newWidth;
        double down = height / (double) newHeight;
        var back = Projective.affine(across, 0, left * across, 0, down, top * down);
        var step = new Sampler.Step(back, size(), Fill.NEAREST, 0);
        return Sampler.of(List.of(step), new Size(partHeight, partWidth), filter)
                .apply(this);
    }

    /** The rectangle with its upper left corner at {@code (left, top)}; what lies outside is black. */
    public Image crop(int left, int top, int newWidth, int newHeight) {
        byte[] out = new byte[bytes(newWidth, newHeight, channels)];
        int fromX = Math.max(0, left);
        int fromY = Math.max(0, top);
        int count = (int) (Math.min(width, (long) left + newWidth) - fromX);
        long end = Math.min(height, (long) top + newHeight);
        for (int y = fromY; y < end && count > 0; y++) {
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
        byte[] out = new byte[bytes(width, height, 3)];
        int to = 0;
        for (byte grey : pixels) {
            out[to++] = grey;
            out[to++] = grey;
            out[to++] = grey;
        }
        return new Image(width, height, 3, out);
    }

    /** Height and width. */
    public Size size() {
        return new Size(height, width);
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

    /** What is odd about the file it was decoded from, such as stray bytes; empty where nothing is. */
    public List<String> notes() {
        return notes;
    }
}
