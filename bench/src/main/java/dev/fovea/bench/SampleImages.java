package dev.fovea.bench;

import dev.fovea.data.Shapes;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Drawn images of the size of a photograph in common data sets, as files. */
final class SampleImages {

    static final int WIDTH = 500;
    static final int HEIGHT = 375;

    private SampleImages() {}

    /** An image of {@link #WIDTH} by {@link #HEIGHT}, another for each {@code index}. */
    static Image image(int index) {
        return new Shapes(0, index + 1, WIDTH).image(index).resize(WIDTH, HEIGHT, Filter.BILINEAR);
    }

    /** The file that {@link #image} makes. */
    static byte[] file(int index, String format) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image(index).toBufferedImage(), format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
