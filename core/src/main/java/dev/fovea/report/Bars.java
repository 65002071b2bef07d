package dev.fovea.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.Map;

/** Shares from 0 to 1 as horizontal bars, in the order they are given. */
public final class Bars {

    private static final int SCALE = 2;
    private static final int WIDTH = 640;
    private static final int ROW = 30;
    private static final int TOP = 44;
    private static final int SIDE = 16;
    private static final int PERCENT = 48;

    private Bars() {}

    /** @param shares by what is written beside the bar; less than 0 is drawn as 0 */
    public static BufferedImage draw(String title, Map<String, Double> shares) {
        int height = TOP + ROW * shares.size() + SIDE;
        var image = new BufferedImage(WIDTH * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.scale(SCALE, SCALE);
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, WIDTH, height);
        g.setColor(Palette.INK);
        g.setFont(Palette.font(Font.BOLD, 15));
        g.drawString(title, SIDE, 24);
        Font font = Palette.font(Font.PLAIN, 12);
        g.setFont(font);
        int names = shares.keySet().stream()
                .mapToInt(name -> Palette.width(name, font))
                .max()
                .orElse(0);
        int left = SIDE + names + 10;
        int y = TOP;
        for (var entry : shares.entrySet()) {
            double share = Math.min(1, Math.max(0, entry.getValue()));
            int full = WIDTH - left - PERCENT - SIDE;
            g.setColor(Palette.INK);
            g.drawString(entry.getKey(), left - 10 - Palette.width(entry.getKey(), font), y + ROW / 2 + 4);
            g.drawString(
                    String.format(Locale.ROOT, "%.0f %%", 100 * share),
                    left + (int) (full * share) + 8,
                    y + ROW / 2 + 4);
            g.setColor(Palette.GRID);
            g.drawLine(left, y, left, y + ROW);
            g.setColor(Palette.TRAIN);
            g.fillRect(left, y + 5, (int) Math.round(full * share), ROW - 10);
            y += ROW;
        }
        g.dispose();
        return image;
    }
}
