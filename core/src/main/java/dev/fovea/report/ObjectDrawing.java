package dev.fovea.report;

import dev.fovea.data.Box;
import dev.fovea.data.Keypoints;
import dev.fovea.data.Mask;
import dev.fovea.data.Skeleton;
import dev.fovea.data.Target;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Objects drawn over their image, each class in its colour: boxes, masks, keypoints with the lines between them, and labels that cover no other where that
 * can be helped.
 */
public final class ObjectDrawing {

    /** Smaller images are enlarged to about this, so that labels can be read. */
    private static final int LEAST_SIDE = 480;

    private static final int MOST_ENLARGED = 8;
    private static final int TRANSPARENT = 80;

    /** Above, labels would hide the objects. */
    private static final int MOST_LABELLED = 40;

    /**
     * An object.
     *
     * @param box in pixels of the image
     * @param kind of its colour, a class by its position
     * @param label beside it
     * @param dashed whether its box is drawn as a broken line
     * @param mask where it is seen, or none
     * @param points or none
     */
    public record Marked(Box box, int kind, String label, boolean dashed, List<Mask> mask, List<Keypoints> points) {

        public Marked {
            mask = List.copyOf(mask);
            points = List.copyOf(points);
        }

        /** A box alone. */
        public Marked(Box box, int kind, String label, boolean dashed) {
            this(box, kind, label, dashed, List.of(), List.of());
        }

        /** What a data set says of an image; dashed are those that are ignored. */
        public static List<Marked> of(Target.Objects objects, List<String> classes) {
            return IntStream.range(0, objects.boxes().size())
                    .mapToObj(i -> new Marked(
                            objects.boxes().get(i),
                            objects.labels()[i],
                            classes.get(objects.labels()[i]),
                            objects.ignore()[i],
                            objects.masks().isEmpty()
                                    ? List.of()
                                    : List.of(objects.masks().get(i)),
                            objects.keypoints().isEmpty()
                                    ? List.of()
                                    : List.of(objects.keypoints().get(i))))
                    .toList();
        }
    }

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

    /** A copy of the image, a whole number of times enlarged where it is small; objects that come first are labelled first. */
    public static BufferedImage draw(BufferedImage image, List<Marked> objects) {
        int side = Math.max(image.getWidth(), image.getHeight());
        return draw(image, objects, side * Math.max(1, Math.min(MOST_ENLARGED, LEAST_SIDE / side)));
    }

    /**
     * The same in another size.
     *
     * @param side of the result's longer side, in pixels; what is smaller is enlarged without smoothing
     */
    public static BufferedImage draw(BufferedImage image, List<Marked> objects, int side) {
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
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE); // where they are
        g.drawImage(image, 0, 0, width, height, null);
        new ObjectDrawing(g, width, height, scale).draw(objects);
        g.dispose();
        return drawn;
    }

    private void draw(List<Marked> objects) {
        int letters = Math.max(11, Math.min(width, height) / 36);
        g.setFont(Palette.font(Font.BOLD, letters));
        float line = Math.max(2, letters / 8f);
        for (Marked object : objects) {
            object.mask()
                    .forEach(mask -> g.drawImage(tinted(mask, Palette.kind(object.kind())), 0, 0, width, height, null));
        }
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
        objects.forEach(object -> object.points().forEach(points -> draw(points, Palette.kind(object.kind()), line)));
        if (objects.size() <= MOST_LABELLED) {
            objects.forEach(this::label);
        }
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

    /** Known points, and lines between those that belong together. */
    private void draw(Keypoints points, Color colour, float line) {
        g.setStroke(new BasicStroke(line, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(colour);
        for (Skeleton.Bone bone : points.skeleton().bones()) {
            if (known(points, bone.from()) && known(points, bone.to())) {
                g.draw(new Line2D.Double(
                        points.x()[bone.from()] * scale,
                        points.y()[bone.from()] * scale,
                        points.x()[bone.to()] * scale,
                        points.y()[bone.to()] * scale));
            }
        }
        double radius = 1.25 * line;
        g.setColor(Palette.PAPER);
        for (int i = 0; i < points.x().length; i++) {
            if (known(points, i)) {
                g.fill(new Ellipse2D.Double(
                        points.x()[i] * scale - radius, points.y()[i] * scale - radius, 2 * radius, 2 * radius));
            }
        }
    }

    private static boolean known(Keypoints points, int point) {
        return points.visibility()[point] != Keypoints.UNKNOWN;
    }

    private Rectangle2D scaled(Box box) {
        return new Rectangle2D.Double(box.left() * scale, box.top() * scale, box.width() * scale, box.height() * scale);
    }

    private void label(Marked object) {
        if (object.label().isEmpty()) {
            return;
        }
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
