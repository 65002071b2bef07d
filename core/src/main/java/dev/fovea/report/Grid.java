package dev.fovea.report;

import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;

/** Many small images of one size side by side, nothing else. */
public final class Grid {

    private static final int GAP = 2;
    private static final int SMALL = 112;
    private static final int CENTISECONDS = 40;

    private Grid() {}

    /** About as many rows as columns; small images are enlarged without smoothing. */
    public static BufferedImage draw(List<Image> images) {
        return draw(images, (int) Math.ceil(Math.sqrt(images.size())));
    }

    /** So many in a row. */
    public static BufferedImage draw(List<Image> images, int columns) {
        Image first = images.get(0);
        int factor = Math.max(1, SMALL / Math.max(first.width(), first.height()));
        int width = first.width() * factor;
        int height = first.height() * factor;
        int rows = (images.size() + columns - 1) / columns;
        var grid = new BufferedImage(
                columns * (width + GAP) + GAP, rows * (height + GAP) + GAP, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = grid.createGraphics();
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, grid.getWidth(), grid.getHeight());
        for (int i = 0; i < images.size(); i++) {
            int x = GAP + i % columns * (width + GAP);
            int y = GAP + i / columns * (height + GAP);
            g.drawImage(images.get(i).toBufferedImage(), x, y, width, height, null);
        }
        g.dispose();
        return grid;
    }

    /** Writes an animated GIF that begins anew without end; frames are asked for one by one. */
    public static void animate(Iterable<BufferedImage> frames, Path file) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        var bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (BufferedImage frame : frames) {
                IIOMetadata metadata =
                        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
                describe(metadata);
                writer.writeToSequence(new IIOImage(frame, null, metadata), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be encoded", e);
        } finally {
            writer.dispose();
        }
        AtomicFile.write(file, bytes.toByteArray());
    }

    private static void describe(IIOMetadata metadata) throws IOException {
        String format = metadata.getNativeMetadataFormatName();
        var root = (IIOMetadataNode) metadata.getAsTree(format);
        IIOMetadataNode control = child(root, "GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("delayTime", Integer.toString(CENTISECONDS));
        control.setAttribute("transparentColorIndex", "0");
        IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
        loop.setAttribute("applicationID", "NETSCAPE");
        loop.setAttribute("authenticationCode", "2.0");
        loop.setUserObject(new byte[] {1, 0, 0});
        child(root, "ApplicationExtensions").appendChild(loop);
        metadata.setFromTree(format, root);
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        var node = new IIOMetadataNode(name);
        root.appendChild(node);
        return node;
    }
}
