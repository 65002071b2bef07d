package dev.fovea.data;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/**
 * Draws what the built-in images are made of: cluttered backgrounds, shapes, and what hides and spoils them.
 *
 * @param side of the image in pixels
 */
record ShapePainter(int side) {

    /** Fills the image; returns the colour that most of it has. */
    Color background(Graphics2D g, SplittableRandom random) {
        Color a = colour(random);
        Color b = random.nextBoolean() ? a : near(a, random);
        g.setPaint(new GradientPaint(0, 0, a, random.nextInt(side + 1), side, b));
        g.fillRect(0, 0, side, side);
        for (int i = random.nextInt(6); i > 0; i--) {
            g.setColor(near(a, random));
            g.setStroke(new BasicStroke(1 + random.nextInt(3)));
            g.drawLine(random.nextInt(side), random.nextInt(side), random.nextInt(side), random.nextInt(side));
        }
        return a;
    }

    /** A small piece of clutter that is none of the ten shapes. */
    void fragment(Graphics2D g, SplittableRandom random) {
        var path = new Path2D.Double();
        double x = random.nextDouble() * side;
        double y = random.nextDouble() * side;
        path.moveTo(x, y);
        for (int i = 0; i < 4; i++) {
            path.lineTo(x + (random.nextDouble() - 0.5) * side * 0.3, y + (random.nextDouble() - 0.5) * side * 0.3);
        }
        path.closePath();
        g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.6f));
        g.setColor(colour(random));
        g.fill(path);
        g.setComposite(AlphaComposite.SrcOver);
    }

    /** A thin bar over everything: part of the shape is hidden. */
    Area sliver(Graphics2D g, SplittableRandom random) {
        g.setColor(colour(random));
        var stroke = new BasicStroke(1 + random.nextInt(2));
        g.setStroke(stroke);
        var line = new Line2D.Double(random.nextInt(side), 0, random.nextInt(side), side);
        g.draw(line);
        return new Area(stroke.createStrokedShape(line));
    }

    /** A shape in a random place and turn, its radius {@code least} to {@code most} of the side. */
    Shape placed(Shape shape, SplittableRandom random, double least, double most) {
        double radius = side * (least + (most - least) * random.nextDouble());
        double margin = radius * 0.85;
        var place = new AffineTransform();
        place.translate(
                margin + (side - 2 * margin) * random.nextDouble(), margin + (side - 2 * margin) * random.nextDouble());
        place.rotate(2 * Math.PI * random.nextDouble());
        place.scale(radius, radius * (0.8 + 0.2 * random.nextDouble()));
        return place.createTransformedShape(shape);
    }

    /** Filled or outlined; returns what is covered. */
    Area draw(Graphics2D g, Shape shape, Color colour, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            var stroke = new BasicStroke((float) (side * (0.05 + 0.04 * random.nextDouble())));
            g.setColor(colour);
            g.setStroke(stroke);
            g.draw(shape);
            return new Area(stroke.createStrokedShape(shape));
        }
        boolean textured = random.nextBoolean();
        g.setPaint(
                textured
                        ? new GradientPaint(
                                0, 0, colour, 3 + random.nextInt(5), 2 + random.nextInt(5), near(colour, random), true)
                        : colour);
        g.fill(shape);
        return new Area(shape);
    }

    byte[] blurred(byte[] in) {
        byte[] out = in.clone();
        for (int y = 1; y < side - 1; y++) {
            for (int i = (y * side + 1) * 3; i < (y * side + side - 1) * 3; i++) {
                int sum = 4 * (in[i] & 0xFF)
                        + (in[i - 3] & 0xFF)
                        + (in[i + 3] & 0xFF)
                        + (in[i - 3 * side] & 0xFF)
                        + (in[i + 3 * side] & 0xFF);
                out[i] = (byte) (sum / 8);
            }
        }
        return out;
    }

    static void noise(byte[] pixels, SplittableRandom random) {
        int strength = 1 + random.nextInt(24);
        for (int i = 0; i < pixels.length; i++) {
            int value = (pixels[i] & 0xFF) + random.nextInt(2 * strength + 1) - strength;
            pixels[i] = (byte) Math.max(0, Math.min(255, value));
        }
    }

    private static Color colour(SplittableRandom random) {
        return Color.getHSBColor((float) random.nextDouble(), (float) (0.2 + 0.8 * random.nextDouble()), (float)
                (0.15 + 0.85 * random.nextDouble()));
    }

    private static Color near(Color colour, SplittableRandom random) {
        return new Color(
                near(colour.getRed(), random), near(colour.getGreen(), random), near(colour.getBlue(), random));
    }

    private static int near(int value, SplittableRandom random) {
        return Math.max(0, Math.min(255, value + random.nextInt(81) - 40));
    }

    /** A colour that can be told from {@code ground}: far enough away in brightness or tint. */
    static Color contrasting(Color ground, SplittableRandom random) {
        while (true) {
            Color c = colour(random);
            int distance = Math.abs(c.getRed() - ground.getRed())
                    + Math.abs(c.getGreen() - ground.getGreen())
                    + Math.abs(c.getBlue() - ground.getBlue());
            if (distance > 150) {
                return c;
            }
        }
    }
}
