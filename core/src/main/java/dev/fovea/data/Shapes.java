package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The built-in data: images of ten shapes in random colour, texture, turn and size, filled or outlined, among
 * fragments of others on cluttered backgrounds, blurred and noisy. Drawn here, the same for the same seed.
 *
 * @param seed of all images
 * @param size number of images
 * @param side of an image in pixels
 * @param annotation what their targets are
 */
public record Shapes(long seed, int size, int side, Annotation annotation) implements Dataset {

    private static final List<Supplier<Shape>> DRAWN = List.of(
            () -> new Ellipse2D.Double(-1, -1, 2, 2),
            () -> new Rectangle2D.Double(-0.85, -0.85, 1.7, 1.7),
            () -> polygon(3, 1, 1),
            () -> polygon(5, 1, 0.45),
            () -> plus(),
            () -> ring(),
            () -> heart(),
            () -> crescent(),
            () -> polygon(6, 1, 1),
            () -> arrow());
    private static final List<String> NAMES =
            List.of("circle", "square", "triangle", "star", "cross", "ring", "heart", "crescent", "hexagon", "arrow");

    private static final List<String> WITH_BACKGROUND =
            Stream.concat(Stream.of("background"), NAMES.stream()).toList();

    /** How many of the shapes look different when they are turned a little, and again at no less than a third of a turn. */
    static final int TURNABLE = 4;

    /** One of these, about a circle of radius 1. */
    static Shape turnable(int index) {
        return List.<Supplier<Shape>>of(() -> polygon(3, 1, 1), Shapes::heart, Shapes::crescent, Shapes::arrow)
                .get(index)
                .get();
    }

    /** Any of these, around a circle of radius 1. */
    static Shape outlineOf(int shape) {
        return DRAWN.get(shape).get();
    }

    /** Their names. */
    static List<String> names() {
        return NAMES;
    }

    /** What is known of each image. */
    public enum Annotation {
        /** Its class. */
        LABEL,
        /** The box and the mask of the shape, with its class. */
        OBJECTS,
        /** The box of the shape, with its class. */
        BOXES,
        /** The class of every pixel, the background first. */
        PIXEL_LABELS
    }

    /** Labelled with classes. */
    public Shapes(long seed, int size, int side) {
        this(seed, size, side, Annotation.LABEL);
    }

    /** The same images with other targets. */
    public Shapes with(Annotation value) {
        return new Shapes(seed, size, side, value);
    }

    @Override
    public Optional<Dataset> withObjects() {
        return Optional.of(with(Annotation.OBJECTS));
    }

    /** 10,000 images for training, 1,000 for validation and 1,000 for testing, 32 pixels wide. */
    public static Splits splits() {
        return splits(Annotation.LABEL);
    }

    /** What is to be known of each image for such targets; none where these are classes. */
    static Optional<Annotation> annotation(TargetKind targets) {
        if (targets instanceof TargetKind.Boxes boxes) {
            return Optional.of(boxes.masks() ? Annotation.OBJECTS : Annotation.BOXES);
        }
        return targets instanceof TargetKind.Pixels ? Optional.of(Annotation.PIXEL_LABELS) : Optional.empty();
    }

    /** The same with targets of another kind. */
    static Splits splits(Annotation annotation) {
        return new Splits(
                new Shapes(1, 10_000, 32, annotation),
                new Shapes(2, 1000, 32, annotation),
                new Shapes(3, 1000, 32, annotation),
                List.of());
    }

    @Override
    public List<String> classes() {
        return annotation == Annotation.PIXEL_LABELS ? WITH_BACKGROUND : NAMES;
    }

    @Override
    public Target target(int index) {
        int shape = shape(index);
        if (annotation == Annotation.LABEL) {
            return new Target.Label(shape);
        }
        Mask mask = mask(outline(index), new Size(side, side));
        if (annotation == Annotation.PIXEL_LABELS) {
            byte[] values = mask.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] *= (byte) (shape + 1);
            }
            return new Target.PixelLabels(new Mask(mask.size(), values));
        }
        return mask.box()
                .map(box -> new Target.Objects(
                        List.of(box),
                        new int[] {shape},
                        annotation == Annotation.OBJECTS ? List.of(mask) : List.of(),
                        new boolean[1]))
                .orElse(Target.Objects.of(List.of(), new int[0]));
    }

    @Override
    public int stratum(int index) {
        return shape(index);
    }

    private static int shape(int index) {
        return index % NAMES.size();
    }

    @Override
    public String name(int index) {
        return "shapes " + seed + " #" + index;
    }

    @Override
    public long fingerprint(int index) {
        return Fingerprint.of(key(index), side);
    }

    /** All of an image is drawn from this. */
    private long key(int index) {
        return seed * 1_000_003 + index;
    }

    @Override
    public Image image(int index) {
        return scene(index).image();
    }

    /** What is seen of the shape of image {@code index}. */
    Area outline(int index) {
        return scene(index).visible();
    }

    /** The pixels whose middles lie in {@code shape}. */
    static Mask mask(Shape shape, Size size) {
        byte[] values = new byte[size.height() * size.width()];
        List<List<Double>> crossings = crossings(shape, size.height());
        for (int y = 0; y < size.height(); y++) {
            double[] at = crossings.get(y).stream().mapToDouble(x -> x).sorted().toArray();
            for (int i = 0; i + 1 < at.length; i += 2) { // in at one edge, out at the next
                int from = (int) Math.max(0, Math.ceil(at[i] - 0.5));
                int to = (int) Math.min(size.width(), Math.ceil(at[i + 1] - 0.5));
                for (int x = from; x < to; x++) {
                    values[y * size.width() + x] = 1;
                }
            }
        }
        return new Mask(size, values);
    }

    /** Where the outline crosses the middle of each row. */
    private static List<List<Double>> crossings(Shape shape, int height) {
        var crossings = new ArrayList<List<Double>>();
        IntStream.range(0, height).forEach(y -> crossings.add(new ArrayList<>()));
        double[] to = new double[6];
        double[] from = new double[2];
        double[] start = new double[2];
        for (var path = shape.getPathIterator(null, 1e-3); !path.isDone(); path.next()) {
            int kind = path.currentSegment(to);
            if (kind == PathIterator.SEG_CLOSE) {
                System.arraycopy(start, 0, to, 0, 2);
            }
            if (kind == PathIterator.SEG_MOVETO) {
                System.arraycopy(to, 0, start, 0, 2);
            } else {
                cross(from, to, crossings);
            }
            System.arraycopy(to, 0, from, 0, 2);
        }
        return crossings;
    }

    private static void cross(double[] from, double[] to, List<List<Double>> crossings) {
        double high = Math.min(from[1], to[1]);
        double low = Math.max(from[1], to[1]);
        for (int y = (int) Math.max(0, Math.ceil(high - 0.5)); y < crossings.size() && y + 0.5 < low; y++) {
            double share = (y + 0.5 - from[1]) / (to[1] - from[1]);
            crossings.get(y).add(from[0] + share * (to[0] - from[0]));
        }
    }

    /** An image with what can be seen of its shape. */
    private record Scene(Image image, Area visible) {}

    private Scene scene(int index) {
        var random = new SplittableRandom(key(index));
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        var painter = new ShapePainter(side);
        Color ground = painter.background(g, random);
        for (int i = random.nextInt(4); i > 0; i--) {
            painter.fragment(g, random);
        }
        Shape outline = painter.placed(DRAWN.get(shape(index)).get(), random, 0.26, 0.42);
        Area visible = painter.draw(g, outline, ShapePainter.contrasting(ground, random), random);
        for (int i = random.nextInt(2); i > 0; i--) {
            visible.subtract(painter.sliver(g, random));
        }
        g.dispose();
        byte[] pixels = Image.of(image).pixels();
        if (random.nextInt(3) == 0) {
            pixels = painter.blurred(pixels);
        }
        ShapePainter.noise(pixels, random);
        return new Scene(new Image(side, side, 3, pixels), visible);
    }

    private static Shape polygon(int corners, double outer, double inner) {
        var path = new Path2D.Double();
        int points = inner == outer ? corners : 2 * corners;
        for (int i = 0; i < points; i++) {
            double radius = inner != outer && i % 2 == 1 ? inner : outer;
            double angle = 2 * Math.PI * i / points - Math.PI / 2;
            if (i == 0) {
                path.moveTo(radius * Math.cos(angle), radius * Math.sin(angle));
            } else {
                path.lineTo(radius * Math.cos(angle), radius * Math.sin(angle));
            }
        }
        path.closePath();
        return path;
    }

    private static Shape plus() {
        var area = new Area(new Rectangle2D.Double(-0.3, -1, 0.6, 2));
        area.add(new Area(new Rectangle2D.Double(-1, -0.3, 2, 0.6)));
        return area;
    }

    private static Shape ring() {
        var area = new Area(new Ellipse2D.Double(-1, -1, 2, 2));
        area.subtract(new Area(new Ellipse2D.Double(-0.55, -0.55, 1.1, 1.1)));
        return area;
    }

    private static Shape heart() {
        var path = new Path2D.Double();
        path.moveTo(0, 0.95);
        path.curveTo(-1.6, -0.1, -0.9, -1.25, 0, -0.45);
        path.curveTo(0.9, -1.25, 1.6, -0.1, 0, 0.95);
        path.closePath();
        return path;
    }

    private static Shape crescent() {
        var area = new Area(new Ellipse2D.Double(-1, -1, 2, 2));
        area.subtract(new Area(new Ellipse2D.Double(-0.45, -0.95, 1.9, 1.9)));
        return area;
    }

    private static Shape arrow() {
        var area = new Area(new Rectangle2D.Double(-1, -0.2, 1.2, 0.4));
        var head = new Path2D.Double();
        head.moveTo(0, -0.75);
        head.lineTo(1, 0);
        head.lineTo(0, 0.75);
        head.closePath();
        area.add(new Area(head));
        return area;
    }
}
