package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Built-in images of none to three shapes each, all different ones, for tasks that learn more than one class of an image:
 * which of the ten shapes are there, or numbers, {@code count} of the shapes, {@code area}, the percentage of the image
 * that they cover, and {@code x} and {@code y}, their middle in percent from the left and the top. Drawn here, the same for
 * the same seed.
 *
 * @param seed of all images
 * @param size number of images
 * @param side of an image in pixels
 * @param targets several labels, or numbers
 */
public record ShapeScenes(long seed, int size, int side, TargetKind targets) implements Dataset {

    private static final List<String> NUMBERS = List.of("count", "area", "x", "y");

    private static final int MOST = 3;

    /** Tries to find a place for a shape that hides no other; a scene that is full has fewer. */
    private static final int TRIES = 20;

    public ShapeScenes {
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
    }

    /** 8,000 images for training, 1,000 for validation and 1,000 for testing, 48 pixels wide. */
    public static Splits splits(TargetKind targets) {
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
    public Target target(int index) {
        if (targets instanceof TargetKind.Numbers) {
            return new Target.Values(numbers(scene(index)));
        }
        var present = new boolean[Shapes.names().size()];
        scene(index).shapes().forEach(shape -> present[shape] = true);
        return new Target.Labels(present);
    }

    private float[] numbers(Scene scene) {
        List<String> columns = columns();
        float[] numbers = new float[columns.size()];
        Mask mask = Shapes.mask(scene.covered(), new Size(side, side));
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (columns.get(i)) {
                case "count" -> scene.shapes().size();
                case "area" -> 100f * mask.count() / (side * side);
                case "x" -> middle(mask, true);
                default -> middle(mask, false);
            };
        }
        return numbers;
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
        Scene scene = scene(index);
        byte[] pixels = Image.of(scene.image()).pixels();
        ShapePainter.noise(pixels, new SplittableRandom(key(index) ^ 0x5DEECE66DL));
        return new Image(side, side, 3, pixels);
    }

    /**
     * A scene before the noise.
     *
     * @param shapes that are there, positions among their names
     * @param covered by them
     */
    private record Scene(BufferedImage image, List<Integer> shapes, Area covered) {}

    private Scene scene(int index) {
        var random = new SplittableRandom(key(index));
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        var painter = new ShapePainter(side);
        Color ground = painter.background(g, random);
        int wanted = random.nextInt(MOST + 1);
        var shapes = new ArrayList<Integer>();
        var covered = new Area();
        for (int tries = 0; tries < TRIES && shapes.size() < wanted; tries++) {
            int shape = random.nextInt(Shapes.names().size());
            Shape outline = painter.placed(Shapes.outlineOf(shape), random, 0.15, 0.24);
            var overlap = new Area(outline.getBounds2D());
            overlap.intersect(covered);
            if (!shapes.contains(shape) && overlap.isEmpty()) {
                shapes.add(shape);
                covered.add(painter.draw(g, outline, ShapePainter.contrasting(ground, random), random));
            }
        }
        g.dispose();
        return new Scene(image, shapes, covered);
    }
}
