package dev.fovea.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;

/** A confusion matrix as an image: rows are true classes, columns predictions, colour the share of the row. */
public final class ConfusionMatrix {

    private static final int SCALE = 2;
    private static final int MARGIN = 16;
    private static final String EXPLAINED = "rows: true class, columns: prediction; colour: share of the row";

    private ConfusionMatrix() {}

    /** @param counts [true][predicted] */
    public static BufferedImage draw(List<String> classes, List<List<Long>> counts) {
        int k = classes.size();
        int cell = k <= 4 ? 96 : k <= 12 ? 44 : k <= 30 ? 24 : Math.max(6, 700 / k);
        int label = Math.min(
                130, 24 + 7 * classes.stream().mapToInt(String::length).max().orElse(0));
        int top = 56;
        int size = cell * k;
        int width =
                Math.max(label + size + 30, label + Palette.width(EXPLAINED, Palette.font(Font.PLAIN, 11)) + MARGIN);
        int height = top + size + label + 10;
        var image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.scale(SCALE, SCALE);
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, width, height);
        g.setColor(Palette.INK);
        g.setFont(Palette.font(Font.BOLD, 15));
        g.drawString("Confusion matrix", label, 22);
        g.setFont(Palette.font(Font.PLAIN, 11));
        g.setColor(Palette.FAINT);
        g.drawString(EXPLAINED, label, 42);
        for (int row = 0; row < k; row++) {
            double total = counts.get(row).stream().mapToLong(Long::longValue).sum();
            for (int column = 0; column < k; column++) {
                cell(
                        g,
                        label + column * cell,
                        top + row * cell,
                        cell,
                        counts.get(row).get(column),
                        total,
                        row == column);
            }
        }
        names(g, classes, cell, label, top, size);
        g.dispose();
        return image;
    }

    private static void cell(Graphics2D g, int x, int y, int cell, long count, double total, boolean diagonal) {
        double share = total == 0 ? 0 : count / total;
        g.setColor(mix(diagonal ? Palette.TRAIN : Palette.WRONG, share == 0 ? 0 : 0.08 + 0.92 * share));
        g.fillRect(x, y, cell - 1, cell - 1);
        if (cell >= 20 && count > 0) {
            g.setFont(Palette.font(Font.PLAIN, cell >= 40 ? 12 : 9));
            g.setColor(share > 0.5 ? Color.WHITE : Palette.INK);
            String text = Long.toString(count);
            if (g.getFontMetrics().stringWidth(text) >= cell) {
                text = rounded(count);
            }
            int wide = g.getFontMetrics().stringWidth(text);
            if (wide < cell) {
                g.drawString(text, x + (cell - wide) / 2, y + cell / 2 + 4);
            }
        }
    }

    /** To thousands or millions, where there is no room for more. */
    private static String rounded(long count) {
        return count < 1_000_000 ? (count + 500) / 1000 + "k" : (count + 500_000) / 1_000_000 + "M";
    }

    private static void names(Graphics2D g, List<String> classes, int cell, int label, int top, int size) {
        int font = Math.min(12, Math.max(6, cell - 2));
        g.setFont(Palette.font(Font.PLAIN, font));
        g.setColor(Palette.INK);
        AffineTransform upright = g.getTransform();
        for (int i = 0; i < classes.size(); i++) {
            String name = shortened(g, classes.get(i), label - 12);
            g.drawString(name, label - 8 - g.getFontMetrics().stringWidth(name), top + i * cell + cell / 2 + font / 3);
            g.translate(label + i * cell + cell / 2.0 + font / 3.0, top + size + 8);
            g.rotate(-Math.PI / 2);
            g.drawString(name, -g.getFontMetrics().stringWidth(name), 0);
            g.setTransform(upright);
        }
    }

    static String shortened(Graphics2D g, String text, int width) {
        String shown = text;
        while (shown.length() > 1 && g.getFontMetrics().stringWidth(shown) > width) {
            shown = shown.substring(0, shown.length() - (shown.endsWith("…") ? 2 : 1)) + "…";
        }
        return shown;
    }

    private static Color mix(Color colour, double share) {
        return new Color(
                (int) Math.round(255 + (colour.getRed() - 255) * share),
                (int) Math.round(255 + (colour.getGreen() - 255) * share),
                (int) Math.round(255 + (colour.getBlue() - 255) * share));
    }
}
