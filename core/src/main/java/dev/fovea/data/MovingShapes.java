package dev.fovea.data;

import dev.fovea.image.Image;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The built-in clips: a shape that moves left, right, up or down, dashes in any of these directions, bounces back, turns
 * either way, grows or shrinks. What leaves on one side comes in on the other, what has become largest starts again as
 * smallest: of every single frame, place, size and angle are spread the same way in all classes, so that none of them
 * says which it is. Drawn here, the same for the same seed.
 *
 * @param seed of all clips
 * @param size number of clips
 * @param side of a frame in pixels
 * @param length frames of a clip
 */
public record MovingShapes(long seed, int size, int side, int length) implements Dataset {

    private static final List<String> NAMES = List.of(
            "left",
            "right",
            "up",
            "down",
            "dashing",
            "bouncing",
            "clockwise",
            "counterclockwise",
            "growing",
            "shrinking");
    private static final int[][] WAYS = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    private static final double DARK = 0.1;
    private static final double LIGHT = 0.75;
    private static final double LEAST = 0.16;
    private static final double MOST = 0.36;

    /** How a shape moves. */
    private record Motion(
            double x,
            double y,
            double angle,
            double size,
            int[] way,
            double speed,
            int turn,
            double spin,
            double growth) {

        /** Share of a side gone after {@code frame} frames. */
        double gone(int frame) {
            return speed * (frame <= turn ? frame : 2 * turn - frame);
        }

        /** Of 1, from the smallest to the largest size. */
        double grown(int frame) {
            double at = size + growth * frame;
            return at - Math.floor(at);
        }
    }

    /** 6,000 clips for training, 500 for validation and 500 for testing: 16 frames of 32 pixels. */
    public static Splits splits() {
        return new Splits(
                new MovingShapes(1, 6000, 32, 16),
                new MovingShapes(2, 500, 32, 16),
                new MovingShapes(3, 500, 32, 16),
                List.of());
    }

    @Override
    public List<String> classes() {
        return NAMES;
    }

    @Override
    public boolean clips() {
        return true;
    }

    @Override
    public Target target(int index) {
        return new Target.Label(label(index));
    }

    @Override
    public int label(int index) {
        return index % NAMES.size();
    }

    @Override
    public String name(int index) {
        return "moving-shapes " + seed + " #" + index;
    }

    @Override
    public int frames(int index) {
        return length;
    }

    @Override
    public long fingerprint(int index) {
        return Fingerprint.of(key(index), side, length);
    }

    /** All of an image is drawn from this. */
    private long key(int index) {
        return seed * 1_000_003 + index;
    }

    @Override
    public Image image(int index) {
        return FrameSampling.strip(this, index);
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        var random = new SplittableRandom(key(index));
        boolean dark = random.nextBoolean();
        Color ground = colour(random, dark ? DARK : LIGHT);
        Color colour = colour(random, dark ? LIGHT : DARK);
        Shape shape = Shapes.turnable(random.nextInt(Shapes.TURNABLE));
        Motion motion = motion(NAMES.get(label(index)), random);
        BufferedImage background = background(ground, random);
        long noise = random.nextLong();
        var frames = new ArrayList<Image>();
        for (int position : positions) {
            frames.add(frame(background, shape, colour, motion, position, noise));
        }
        return frames;
    }

    private Motion motion(String label, SplittableRandom random) {
        int[] way = WAYS[random.nextInt(WAYS.length)];
        double slow = (1.6 + 0.8 * random.nextDouble()) / 32;
        double speed = 0;
        int turn = Integer.MAX_VALUE / 2;
        double spin = 0;
        double growth = 0;
        switch (label) {
            case "left", "right", "up", "down" -> {
                way = WAYS[NAMES.indexOf(label)];
                speed = slow;
            }
            case "dashing" -> speed = 2.5 * slow;
            case "bouncing" -> {
                speed = slow;
                turn = length * 3 / 8 + random.nextInt(Math.max(1, length / 4));
            }
            case "clockwise" -> spin = Math.toRadians(14 + 8 * random.nextDouble());
            case "counterclockwise" -> spin = -Math.toRadians(14 + 8 * random.nextDouble());
            case "growing" -> growth = 0.06 + 0.03 * random.nextDouble();
            default -> growth = -0.06 - 0.03 * random.nextDouble();
        }
        return new Motion(
                random.nextDouble(),
                random.nextDouble(),
                2 * Math.PI * random.nextDouble(),
                random.nextDouble(),
                way,
                speed,
                turn,
                spin,
                growth);
    }

    private BufferedImage background(Color ground, SplittableRandom random) {
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(ground);
        g.fillRect(0, 0, side, side);
        for (int i = random.nextInt(5); i > 0; i--) {
            g.setColor(random.nextBoolean() ? ground.darker() : ground.brighter());
            g.setStroke(new BasicStroke(1 + random.nextInt(2)));
            g.drawLine(random.nextInt(side), random.nextInt(side), random.nextInt(side), random.nextInt(side));
        }
        g.dispose();
        return image;
    }

    private Image frame(BufferedImage background, Shape shape, Color colour, Motion motion, int position, long noise) {
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.drawImage(background, 0, 0, null);
        g.setColor(colour);
        double x = wrapped(motion.x() + motion.way()[0] * motion.gone(position));
        double y = wrapped(motion.y() + motion.way()[1] * motion.gone(position));
        double radius = LEAST * Math.pow(MOST / LEAST, motion.grown(position));
        for (int dx = -1; dx <= 1; dx++) {
            for (int dy = -1; dy <= 1; dy++) {
                var place = new AffineTransform();
                place.translate((x + dx) * side, (y + dy) * side);
                place.rotate(motion.angle() + motion.spin() * position);
                place.scale(radius * side, radius * side);
                g.fill(place.createTransformedShape(shape));
            }
        }
        g.dispose();
        byte[] pixels = Image.of(image).pixels();
        var random = new SplittableRandom(noise + position);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, (pixels[i] & 0xFF) + random.nextInt(13) - 6));
        }
        return new Image(side, side, 3, pixels);
    }

    private static double wrapped(double value) {
        return value - Math.floor(value);
    }

    /** Of any hue. */
    private static Color colour(SplittableRandom random, double brightness) {
        return Color.getHSBColor((float) random.nextDouble(), (float) (0.6 * random.nextDouble()), (float)
                (brightness + 0.2 * random.nextDouble()));
    }
}
