package dev.fovea.report;

import dev.fovea.data.Box;
import dev.fovea.data.Keypoints;
import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Objects drawn over their image, each class in its colour: boxes, masks, keypoints; dashed where they are ignored. */
public final class BoxDrawing {

    private static final int TRANSPARENT = 80;

    /** Above, names would hide the objects. */
    private static final int MOST_NAMED = 40;

    private BoxDrawing() {}

    /**
     * The image with its objects.
     *
     * @param classes their names
     * @param side of the result's longer side, in pixels; what is smaller is enlarged without smoothing
     */
    public static BufferedImage draw(BufferedImage image, Target.Objects objects, List<String> classes, int side) {
        double scale = side / (double) Math.max(image.getWidth(), image.getHeight());
        int width = (int) Math.max(1, Math.round(image.getWidth() * scale));
        int height = (int) Math.max(1, Math.round(image.getHeight() * scale));
        var drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = drawn.createGraphics();
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                scale > 1
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE); // where they are
        g.drawImage(image, 0, 0, width, height, null);
        for (int i = 0; i < objects.masks().size(); i++) {
            g.drawImage(tinted(objects.masks().get(i), Palette.kind(objects.labels()[i])), 0, 0, width, height, null);
        }
        for (int i = 0; i < objects.boxes().size(); i++) {
            box(g, objects, i, scale);
        }
        objects.keypoints().forEach(points -> points(g, points, scale));
        for (int i = 0; i < objects.boxes().size() && objects.boxes().size() <= MOST_NAMED; i++) {
            name(g, classes.get(objects.labels()[i]), objects.boxes().get(i), Palette.kind(objects.labels()[i]), scale);
        }
        g.dispose();
        return drawn;
    }

    private static BufferedImage tinted(Mask mask, Color colour) {
        int rgb = TRANSPARENT << 24 | colour.getRGB() & 0xFFFFFF;
        var image = new BufferedImage(mask.size().width(), mask.size().height(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (mask.at(x, y) != 0) {
                    image.setRGB(x, y, rgb);
                }
            }
        }
        return image;
    }

    private static void box(Graphics2D g, Target.Objects objects, int index, double scale) {
        Box box = objects.boxes().get(index);
        g.setColor(Palette.kind(objects.labels()[index]));
        g.setStroke(
                objects.ignore()[index]
                        ? new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0)
                        : new BasicStroke(2));
        g.draw(new Rectangle2D.Double(
                box.left() * scale, box.top() * scale, box.width() * scale, box.height() * scale));
    }

    private static void points(Graphics2D g, Keypoints points, double scale) {
        g.setColor(Palette.PAPER);
        for (int i = 0; i < points.x().length; i++) {
            if (points.visibility()[i] != Keypoints.UNKNOWN) {
                g.fill(new Ellipse2D.Double(points.x()[i] * scale - 2.5, points.y()[i] * scale - 2.5, 5, 5));
            }
        }
    }

    private static void name(Graphics2D g, String name, Box box, Color colour, double scale) {
        Font font = Palette.font(Font.PLAIN, 11);
        int width = Palette.width(name, font) + 4;
        if (width > box.width() * scale) {
            return; // it would lie on its neighbours
        }
        int x = (int) Math.round(box.left() * scale);
        int y = (int) Math.round(box.top() * scale);
        g.setColor(colour);
        g.fillRect(x, y, width, 14);
        g.setColor(Palette.PAPER);
        g.setFont(font);
        g.drawString(name, x + 2, y + 11);
    }
}
