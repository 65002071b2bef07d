package dev.fovea.run;

import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import dev.fovea.image.Size;
import dev.fovea.report.MaskDrawing;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Classes of pixels as images to be laid over the image that they are of: a colour for each class, transparent where nothing is said and
 * where the background is.
 *
 * @param classes their names
 */
public record MaskLayer(List<String> classes) {

    private static final int WRONG = 0xFFD81B60;

    public MaskLayer {
        classes = List.copyOf(classes);
    }

    /** The colours of the classes, as #rrggbb. */
    public List<String> colours() {
        return IntStream.range(0, classes.size()).mapToObj(MaskDrawing::colour).toList();
    }

    /** The mask that a model answered, of what {@link Predictor#mask} draws. */
    public static Mask mask(BufferedImage indexed) {
        byte[] values = ((DataBufferByte) indexed.getRaster().getDataBuffer()).getData();
        return new Mask(new Size(indexed.getHeight(), indexed.getWidth()), values.clone());
    }

    /** The classes of one mask. */
    public BufferedImage of(Mask mask) {
        return MaskDrawing.colours(mask, classes);
    }

    /**
     * Where two masks of one size differ.
     *
     * @param truth where it says nothing, nothing differs
     */
    public BufferedImage wrong(Mask truth, Mask told) {
        BufferedImage layer = empty(truth);
        byte[] wanted = truth.values();
        byte[] found = told.values();
        for (int i = 0; i < wanted.length; i++) {
            boolean wrong = (wanted[i] & 0xFF) != Target.IGNORED && wanted[i] != found[i];
            layer.setRGB(i % layer.getWidth(), i / layer.getWidth(), wrong ? WRONG : 0);
        }
        return layer;
    }

    private static BufferedImage empty(Mask mask) {
        return new BufferedImage(mask.size().width(), mask.size().height(), BufferedImage.TYPE_INT_ARGB);
    }
}
