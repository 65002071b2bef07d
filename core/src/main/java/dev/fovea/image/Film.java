package dev.fovea.image;

import dev.fovea.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import org.bytedeco.opencv.global.opencv_videoio;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_videoio.VideoWriter;

/** Writes frames as a film: an animated GIF, or a video of JPEG images ({@code .avi}), which every player knows. */
public final class Film {

    private static final String METADATA = "javax_imageio_gif_image_1.0";

    private Film() {}

    /**
     * Writes a film, whole or not at all.
     *
     * @param file its ending says its format: {@code .gif} or {@code .avi}
     * @param frames of one size, at least one; taken one after another, as they are written
     * @param perSecond frames a second, above 0; a GIF's frames last a whole number of hundredths of a second
     * @throws IllegalArgumentException if it has another ending
     */
    public static void write(Path file, Iterator<BufferedImage> frames, double perSecond) {
        if (!frames.hasNext() || !(perSecond > 0)) {
            throw new IllegalArgumentException(
                    "film: needs a frame, and more than 0 of them a second, got perSecond=" + perSecond);
        }
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".gif")) {
            AtomicFile.write(file, gif(frames, perSecond));
        } else if (name.endsWith(".avi")) {
            avi(file, frames, perSecond);
        } else {
            throw new IllegalArgumentException(file + ": a film is written as .gif or .avi. Name such a file");
        }
    }

    private static byte[] gif(Iterator<BufferedImage> frames, double perSecond) {
        ImageWriter writer = ImageIO.getImageWritersBySuffix("gif").next();
        var bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            while (frames.hasNext()) {
                BufferedImage frame = frames.next();
                IIOMetadata metadata =
                        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
                var root = (IIOMetadataNode) metadata.getAsTree(METADATA);
                control(root, (int) Math.max(1, Math.round(100 / perSecond)));
                metadata.setFromTree(METADATA, root);
                writer.writeToSequence(new IIOImage(frame, null, metadata), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException("film: cannot be written (" + e.getMessage() + ")", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Each frame replaces the one before after {@code delay} hundredths of a second; after the last comes the first. */
    private static void control(IIOMetadataNode root, int delay) {
        IIOMetadataNode control = child(root, "GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("transparentColorIndex", "0");
        control.setAttribute("delayTime", Integer.toString(delay));
        var loop = new IIOMetadataNode("ApplicationExtension");
        loop.setAttribute("applicationID", "NETSCAPE");
        loop.setAttribute("authenticationCode", "2.0");
        loop.setUserObject(new byte[] {1, 0, 0});
        child(root, "ApplicationExtensions").appendChild(loop);
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        var made = new IIOMetadataNode(name);
        root.appendChild(made);
        return made;
    }

    private static void avi(Path file, Iterator<BufferedImage> frames, double perSecond) {
        Path target = file.toAbsolutePath();
        Path part = target.resolveSibling("." + System.nanoTime() + ".avi");
        try {
            video(part, frames, perSecond);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written (" + e.getMessage() + ")", e);
        } finally {
            AtomicFile.delete(part);
        }
    }

    private static void video(Path file, Iterator<BufferedImage> frames, double perSecond) throws IOException {
        BufferedImage frame = frames.next();
        int width = frame.getWidth();
        int height = frame.getHeight();
        try (var size = new org.bytedeco.opencv.opencv_core.Size(width, height);
                var writer = new VideoWriter(
                        file.toString(),
                        opencv_videoio.CAP_OPENCV_MJPEG,
                        VideoWriter.fourcc((byte) 'M', (byte) 'J', (byte) 'P', (byte) 'G'),
                        perSecond,
                        size,
                        true)) {
            if (!writer.isOpened()) {
                throw new IOException("the encoder of JPEG videos does not open it");
            }
            while (frame != null) {
                Image image = Image.of(frame).toRgb();
                if (image.width() != width || image.height() != height) {
                    throw new IllegalArgumentException("film: frames must be of one size, got %s and %sx%s"
                            .formatted(image.size(), height, width));
                }
                try (Mat mat = Native.bgr(image)) {
                    writer.write(mat);
                }
                frame = frames.hasNext() ? frames.next() : null;
            }
            writer.release();
        }
    }
}
