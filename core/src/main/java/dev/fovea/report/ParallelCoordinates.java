package dev.fovea.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Trials as lines over parallel axes, one for each setting, the last for the score; the better, the darker and the later drawn. */
public final class ParallelCoordinates {

    private static final int SCALE = 2;
    private static final int HEIGHT = 340;
    private static final int STEP = 140;
    private static final int SIDE = 80;
    private static final int TOP = 70;
    private static final int BOTTOM = 30;

    private ParallelCoordinates() {}

    /**
     * An axis.
     *
     * @param ticks what is written beside it
     * @param places of the ticks, 0 at the bottom to 1 at the top
     */
    public record Axis(String name, List<String> ticks, List<Double> places) {}

    /**
     * A trial.
     *
     * @param places where it crosses each axis, 0 to 1
     * @param strength how good it is, 0 to 1
     */
    public record Line(List<Double> places, double strength) {}

    /** @param lines the worst first */
    public static BufferedImage draw(String title, List<Axis> axes, List<Line> lines) {
        int width = 2 * SIDE + STEP * (axes.size() - 1);
        var image = new BufferedImage(width * SCALE, HEIGHT * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.scale(SCALE, SCALE);
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, width, HEIGHT);
        g.setColor(Palette.INK);
        g.setFont(Palette.font(Font.BOLD, 15));
        g.drawString(title, 16, 24);
        lines.forEach(line -> draw(g, line));
        for (int i = 0; i < axes.size(); i++) {
            draw(g, axes.get(i), SIDE + i * STEP, i % 2 == 1);
        }
        g.dispose();
        return image;
    }

    private static double y(double place) {
        return HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM);
    }

    private static void draw(Graphics2D g, Line line) {
        var path = new Path2D.Double();
        for (int i = 0; i < line.places().size(); i++) {
            double x = SIDE + i * STEP;
            double y = y(line.places().get(i));
            if (i == 0) {
                path.moveTo(x, y);
            } else { // bends so that lines can be told apart where they meet on an axis
                double before = x - STEP;
                path.curveTo(before + STEP / 2.0, y(line.places().get(i - 1)), before + STEP / 2.0, y, x, y);
            }
        }
        g.setColor(mixed(Palette.GRID, Palette.TRAIN, line.strength()));
        g.setStroke(new BasicStroke(line.strength() > 0.999 ? 3f : 1.3f));
        g.draw(path);
    }

    private static void draw(Graphics2D g, Axis axis, int x, boolean lower) {
        g.setColor(Palette.INK);
        g.setStroke(new BasicStroke(1));
        g.drawLine(x, (int) y(0), x, (int) y(1));
        g.setFont(Palette.font(Font.BOLD, 11));
        int wide = Palette.width(axis.name(), Palette.font(Font.BOLD, 11));
        g.drawString(axis.name(), x - wide / 2, TOP - (lower ? 10 : 24));
        Font small = Palette.font(Font.PLAIN, 10);
        g.setFont(small);
        for (int i = 0; i < axis.ticks().size(); i++) {
            int y = (int) y(axis.places().get(i));
            String text = axis.ticks().get(i);
            int length = Palette.width(text, small);
            g.setColor(new Color(255, 255, 255, 190)); // lines stay visible behind it
            g.fillRect(x + 4, y - 7, length + 4, 13);
            g.setColor(Palette.INK);
            g.drawLine(x - 3, y, x + 3, y);
            g.drawString(text, x + 6, y + 4);
        }
    }

    private static Color mixed(Color from, Color to, double share) {
        double s = Math.min(1, Math.max(0, share));
        return new Color(
                (int) (from.getRed() + s * (to.getRed() - from.getRed())),
                (int) (from.getGreen() + s * (to.getGreen() - from.getGreen())),
                (int) (from.getBlue() + s * (to.getBlue() - from.getBlue())));
    }
}
