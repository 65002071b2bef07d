package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Built-in images of none to three shapes each, all different ones, for tasks that learn more than one class of an image:
 * which of the ten shapes are there, or numbers, {@code count} of the shapes, {@code area}, the percentage of the image
 * that they take up, and {@code x} and {@code y}, the middle of that in percent from the left and the top. A shape of which
 * only the outline is drawn takes up what lies within it, and its line. Drawn here, the same for the same seed.
 */
public final class ShapeScenes implements Dataset {

    private static final List<String> NUMBERS = List.of("count", "area", "x", "y");

    private static final int MOST = 3;

    /** Beside the key of a scene, that of colours and noise. */
    private static final long DRAWING = 0x5DEECE66DL;

    /** Tries to find a place for a shape that hides no other; a scene that is full has fewer. */
    private static final int TRIES = 20;

    private final long seed;
    private final int size;
    private final int side;
    private final TargetKind targets;

    /** Numbers are counted in pixels: once is enough. */
    private final AtomicReferenceArray<Target> known;

    /**
     * Scenes.
     *
     * @param seed of all images
     * @param size number of images
     * @param side of an image in pixels
     * @param targets several labels, numbers, or boxes
     */
    public ShapeScenes(long seed, int size, int side, TargetKind targets) {
        if (targets instanceof TargetKind.OneClass) {
            throw new DataException(
                    "shape-scenes: shows several shapes an image, and one class each is wanted. Use the data shapes, or set task.type to a task of several labels or of numbers");
        }
        if (targets instanceof TargetKind.Numbers numbers) {
            for (String name : numbers.columns()) {
                if (!NUMBERS.contains(name)) {
                    throw new DataException("shape-scenes: has no numbers '%s'. There are %s"
                            .formatted(name, String.join(", ", NUMBERS)));
                }
            }
        }
        this.seed = seed;
        this.size = size;
        this.side = side;
        this.targets = targets;
        known = new AtomicReferenceArray<>(size);
    }

    /** 8,000 images for training, 1,000 for validation and 1,000 for testing, 48 pixels wide. */
    public static Splits splits(TargetKind targets) {
        if (targets instanceof TargetKind.Pixels) {
            return ObjectPixels.of("shape-scenes", splits(ObjectPixels.OBJECTS));
        }
        return new Splits(
                new ShapeScenes(11, 8000, 48, targets),
                new ShapeScenes(12, 1000, 48, targets),
                new ShapeScenes(13, 1000, 48, targets),
                List.of());
    }

    @Override
    public List<String> classes() {
        return targets instanceof TargetKind.Numbers ? columns() : Shapes.names();
    }

    private List<String> columns() {
        List<String> asked = ((TargetKind.Numbers) targets).columns();
        return asked.isEmpty() ? List.of("count") : asked;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Target target(int index) {
        Target target = known.get(index);
        if (target == null) {
            Layout layout = layout(index);
            if (targets instanceof TargetKind.Boxes boxes) {
                target = objects(layout, masks(index), boxes.masks());
                if (boxes.masks()) {
                    return target; // masks take too much room to be kept
                }
            } else {
                target = targets instanceof TargetKind.Numbers
                        ? new Target.Values(numbers(masks(index)))
                        : labels(layout);
            }
            known.set(index, target);
        }
        return target;
    }

    private Target objects(Layout layout, List<Mask> covered, boolean withMasks) {
        var boxes = new ArrayList<Box>();
        var masks = new ArrayList<Mask>();
        var shapes = new ArrayList<Integer>();
        for (int i = 0; i < layout.shapes().size(); i++) {
            Mask mask = covered.get(i);
            Optional<Box> box = mask.box();
            if (box.isPresent()) {
                boxes.add(box.get());
                masks.add(mask);
                shapes.add(layout.shapes().get(i));
            }
        }
        int[] labels = shapes.stream().mapToInt(Integer::intValue).toArray();
        return new Target.Objects(boxes, labels, withMasks ? masks : List.of(), new boolean[labels.length]);
    }

    private static Target labels(Layout layout) {
        var present = new boolean[Shapes.names().size()];
        layout.shapes().forEach(shape -> present[shape] = true);
        return new Target.Labels(present);
    }

    private float[] numbers(List<Mask> shapes) {
        List<String> columns = columns();
        float[] numbers = new float[columns.size()];
        Mask mask = union(shapes);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (columns.get(i)) {
                case "count" -> shapes.size();
                case "area" -> 100f * mask.count() / (side * side);
                case "x" -> middle(mask, true);
                default -> middle(mask, false);
            };
        }
        return numbers;
    }

    /** What each shape of image {@code index} takes up: the area drawn, and of a mere line also what it encloses. */
    private List<Mask> masks(int index) {
        Scene scene = scene(index);
        var masks = new ArrayList<Mask>();
        for (int i = 0; i < scene.outlines().size(); i++) {
            Mask within = Shapes.mask(scene.outlines().get(i), new Size(side, side));
            masks.add(union(List.of(within, Shapes.mask(scene.drawn().get(i), new Size(side, side)))));
        }
        return masks;
    }

    private Mask union(List<Mask> masks) {
        byte[] values = new byte[side * side];
        for (Mask mask : masks) {
            for (int i = 0; i < values.length; i++) {
                values[i] |= mask.values()[i];
            }
        }
        return new Mask(new Size(side, side), values);
    }

    /** In percent; of nothing that of the image. */
    private float middle(Mask mask, boolean across) {
        double sum = 0;
        for (int i = 0; i < mask.values().length; i++) {
            sum += mask.values()[i] == 0 ? 0 : (across ? i % side : i / side) + 0.5;
        }
        return mask.count() == 0 ? 50 : (float) (100 * sum / mask.count() / side);
    }

    @Override
    public String name(int index) {
        return "shape-scenes " + seed + " #" + index;
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

    /** An image with the outlines of its shapes and what is drawn of each. */
    private record Scene(Image image, List<Shape> outlines, List<Area> drawn) {}

    private Scene scene(int index) {
        var random = new SplittableRandom(key(index) ^ DRAWING);
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        var painter = new ShapePainter(side);
        Color ground = painter.background(g, random);
        List<Shape> outlines = layout(index).outlines();
        var drawn = new ArrayList<Area>();
        for (Shape outline : outlines) {
            drawn.add(painter.draw(g, outline, ShapePainter.contrasting(ground, random), random));
        }
        g.dispose();
        byte[] pixels = Image.of(image).pixels();
        ShapePainter.noise(pixels, random);
        return new Scene(new Image(side, side, 3, pixels), outlines, drawn);
    }

    /**
     * What is in a scene.
     *
     * @param shapes positions among their names
     * @param outlines of each in its place
     */
    private record Layout(List<Integer> shapes, List<Shape> outlines) {}

    private Layout layout(int index) {
        var random = new SplittableRandom(key(index));
        var painter = new ShapePainter(side);
        int wanted = random.nextInt(MOST + 1);
        var shapes = new ArrayList<Integer>();
        var outlines = new ArrayList<Shape>();
        for (int tries = 0; tries < TRIES && shapes.size() < wanted; tries++) {
            int shape = random.nextInt(Shapes.names().size());
            Shape outline = painter.placed(Shapes.outlineOf(shape), random, 0.15, 0.24);
            Rectangle2D room = outline.getBounds2D();
            if (!shapes.contains(shape)
                    && outlines.stream().noneMatch(other -> other.getBounds2D().intersects(room))) {
                shapes.add(shape);
                outlines.add(outline);
            }
        }
        return new Layout(shapes, outlines);
    }
}
