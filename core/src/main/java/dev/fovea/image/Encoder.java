package dev.fovea.image;

import dev.fovea.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Images as files. */
final class Encoder {

    private Encoder() {}

    static void write(Path file, BufferedImage image) {
        AtomicFile.write(file, coded(image, format(file), file.toString()));
    }

    /** @param name for messages */
    static byte[] coded(BufferedImage image, String format, String name) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) { // otherwise Java goes by a temporary file
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalArgumentException(
                        "%s: an image of this kind cannot be written as %s. Write a .png".formatted(name, format));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be encoded", e);
        }
        return bytes.toByteArray();
    }

    private static String format(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "png" -> "png";
            case "jpg", "jpeg" -> "jpeg";
            case "bmp" -> "bmp";
            case "tif", "tiff" -> "tiff";
            default ->
                throw new IllegalArgumentException(
                        file + ": images are written as .png, .jpg, .bmp or .tif. Give the file one of these endings");
        };
    }

    /** The very bytes, for writing; AWT would draw grey images too bright. */
    static BufferedImage grey(Image image) {
        var grey = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_GRAY);
        byte[] to = ((DataBufferByte) grey.getRaster().getDataBuffer()).getData();
        System.arraycopy(image.pixels(), 0, to, 0, to.length);
        return grey;
    }

    static byte[] jpeg(Image image, int quality) {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("JPEG quality is 1 to 100, got " + quality);
        }
        int channels = image.channels();
        byte[] pixels = image.pixels();
        byte[] ordered = pixels.clone();
        if (channels == 3) {
            for (int i = 0; i < ordered.length; i += 3) {
                ordered[i] = pixels[i + 2];
                ordered[i + 2] = pixels[i];
            }
        }
        try (var data = new BytePointer(ordered);
                var mat = new Mat(
                        image.height(),
                        image.width(),
                        channels == 1 ? opencv_core.CV_8UC1 : opencv_core.CV_8UC3,
                        data);
                var out = new BytePointer();
                var settings = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality)) {
            opencv_imgcodecs.imencode(".jpg", mat, out, settings);
            byte[] bytes = new byte[Math.toIntExact(out.limit())];
            out.get(bytes);
            return bytes;
        }
    }
}
