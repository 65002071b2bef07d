package dev.fovea.task;

import dev.fovea.data.Mask;
import dev.fovea.report.MaskDrawing;
import java.awt.image.BufferedImage;
import java.util.List;

/** The classes of pixels as colours to be laid over their image. */
public final class PixelOverlay {

    private PixelOverlay() {}

    /**
     * An image of the mask's size, opaque where there is a class; a {@code background} and pixels that are ignored are transparent.
     *
     * @param classes their names
     */
    public static BufferedImage of(Mask mask, List<String> classes) {
        return MaskDrawing.transparent(mask, classes);
    }
}
