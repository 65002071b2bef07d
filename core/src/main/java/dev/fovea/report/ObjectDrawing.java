package dev.fovea.report;

import dev.fovea.data.Box;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Objects drawn over their image: a box each, with a label that covers no other where that can be helped. */
public final class ObjectDrawing {

    /** Smaller images are enlarged to about this, so that labels can be read. */
    private static final int LEAST_SIDE = 480;

    private static final int MOST_ENLARGED = 8;

    /**
     * An object.
     *
     * @param box in pixels of the image
     * @param kind of its colour, a class by its position
     * @param label beside it; empty for none
     * @param dashed whether its box is drawn as a broken line
     */
    public record Marked(Box box, int kind, String label, boolean dashed) {}

    private final Graphics2D g;
    private final int width;
    private final int height;
    private final double scale;
    private final List<Rectangle2D> taken = new ArrayList<>();

    private ObjectDrawing(Graphics2D g, int width, int height, double scale) {
        this.g = g;
        this.width = width;
        this.height = height;
        this.scale = scale;
    }

    /** A copy of the image, enlarged where it is small, with its objects; those that come first are labelled first. */
    public static BufferedImage draw(BufferedImage image, List<Marked> objects) {
        int side = Math.max(image.getWidth(), image.getHeight());
        int scale = Math.max(1, Math.min(MOST_ENLARGED, LEAST_SIDE / side));
        int width = image.getWidth() * scale;
        int height = image.getHeight() * scale;
        var drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = drawn.createGraphics();
        g.drawImage(image, 0, 0, width, height, null); // pixels stay squares
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        new ObjectDrawing(g, width, height, scale).draw(objects);
        g.dispose();
        return drawn;
    }

    private void draw(List<Marked> objects) {
        int letters = Math.max(11, Math.min(width, height) / 36);
        g.setFont(Palette.font(Font.BOLD, letters));
        float line = Math.max(1.5f, letters / 8f);
        List<Marked> largestFirst = objects.stream()
                .sorted(Comparator.comparingDouble(
                        (Marked object) -> -object.box().area()))
                .toList();
        for (Marked object : largestFirst) {
            g.setStroke(
                    object.dashed()
                            ? new BasicStroke(
                                    line,
                                    BasicStroke.CAP_BUTT,
                                    BasicStroke.JOIN_MITER,
                                    10,
                                    new float[] {3 * line, 2 * line},
                                    0)
                            : new BasicStroke(line));
            g.setColor(Palette.kind(object.kind()));
            g.draw(scaled(object.box()));
        }
        for (Marked object : objects) {
            if (!object.label().isEmpty()) {
                label(object);
            }
        }
    }

    private Rectangle2D scaled(Box box) {
        return new Rectangle2D.Double(box.left() * scale, box.top() * scale, box.width() * scale, box.height() * scale);
    }

    private void label(Marked object) {
        FontMetrics letters = g.getFontMetrics();
        double wide = letters.stringWidth(object.label()) + letters.getHeight() / 3.0;
        double high = letters.getHeight();
        Rectangle2D place = place(scaled(object.box()), wide, high);
        taken.add(place);
        Color colour = Palette.kind(object.kind());
        g.setColor(colour);
        g.fill(place);
        g.setColor(isLight(colour) ? Color.BLACK : Color.WHITE);
        g.drawString(object.label(), (float) (place.getX() + letters.getHeight() / 6.0), (float)
                (place.getY() + letters.getAscent()));
    }

    /** Above the box, below it or within it, at either end: the first place that covers no other label, else the least covered. */
    private Rectangle2D place(Rectangle2D box, double wide, double high) {
        double right = box.getMaxX() - wide;
        double[][] corners = {
            {box.getX(), box.getY() - high},
            {right, box.getY() - high},
            {box.getX(), box.getMaxY()},
            {right, box.getMaxY()},
            {box.getX(), box.getY()},
            {right, box.getY()},
            {box.getX(), box.getMaxY() - high},
            {right, box.getMaxY() - high}
        };
        Rectangle2D best = null;
        double least = Double.POSITIVE_INFINITY;
        for (double[] corner : corners) {
            var place = new Rectangle2D.Double(
                    Math.max(0, Math.min(width - wide, corner[0])),
                    Math.max(0, Math.min(height - high, corner[1])),
                    wide,
                    high);
            double covered = covered(place);
            if (covered < least) {
                least = covered;
                best = place;
            }
        }
        return best;
    }

    private double covered(Rectangle2D place) {
        double covered = 0;
        for (Rectangle2D other : taken) {
            Rectangle2D both = place.createIntersection(other);
            covered += both.isEmpty() ? 0 : both.getWidth() * both.getHeight();
        }
        return covered;
    }

    private static boolean isLight(Color colour) {
        return 0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue() > 150;
    }
}
