package dev.fovea.report;

import dev.fovea.image.Image;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Images in rows, what each row and each column shows written beside it. */
public final class Rows {

    private static final int SCALE = 2;
    private static final int GAP = 4;
    private static final int MARGIN = 12;
    private static final int LINE = 15;
    private static final int PAGE = 1100;
    private static final int SMALLEST = 40;
    private static final int LARGEST = 112;
    private static final int LONGEST = 220;
    private static final Font PLAIN = Palette.font(Font.PLAIN, 11);

    private Rows() {}

    /**
     * One row.
     *
     * @param label before it; empty for none
     * @param images of one size in all rows
     * @param lines below each, as many as images; of none, nothing is written there
     */
    public record Row(String label, List<Image> images, List<String> lines) {
        public Row {
            images = List.copyOf(images);
            lines = List.copyOf(lines);
        }
    }

    /**
     * Draws them; small images are enlarged without smoothing.
     *
     * @param head above the columns; of none, nothing is written there
     */
    public static BufferedImage draw(String title, List<String> head, List<Row> rows) {
        int columns = rows.stream().mapToInt(row -> row.images().size()).max().orElse(0);
        Image first = columns == 0
                ? new Image(1, 1, 1, new byte[1])
                : rows.get(0).images().get(0);
        int label = rows.stream()
                .mapToInt(row -> row.label().isEmpty() ? 0 : Palette.width(row.label(), PLAIN) + 2 * GAP)
                .max()
                .orElse(0);
        label = Math.min(LONGEST, label);
        int side = Math.max(SMALLEST, Math.min(LARGEST, (PAGE - label - 2 * MARGIN) / Math.max(1, columns) - GAP));
        double factor = side / (double) Math.max(first.width(), first.height());
        int wide = (int) Math.max(1, Math.round(first.width() * factor));
        int high = (int) Math.max(1, Math.round(first.height() * factor));
        boolean written = rows.stream().anyMatch(row -> !row.lines().isEmpty());
        int step = high + GAP + (written ? LINE : 0);
        int top = 40 + (head.isEmpty() ? 0 : LINE);
        int width = Math.max(
                2 * MARGIN + label + columns * (wide + GAP),
                2 * MARGIN + Palette.width(title, Palette.font(Font.BOLD, 15)));
        int height = top + rows.size() * step + MARGIN;
        var sheet = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                factor >= 1
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.scale(SCALE, SCALE);
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, width, height);
        g.setColor(Palette.INK);
        g.setFont(Palette.font(Font.BOLD, 15));
        g.drawString(title, MARGIN, 26);
        g.setFont(PLAIN);
        for (int c = 0; c < Math.min(columns, head.size()); c++) {
            text(g, head.get(c), MARGIN + label + c * (wide + GAP), top - 6, wide);
        }
        for (int r = 0; r < rows.size(); r++) {
            Row row = rows.get(r);
            int y = top + r * step;
            g.setColor(Palette.INK);
            g.drawString(ConfusionMatrix.shortened(g, row.label(), label - GAP), MARGIN, y + high / 2 + 4);
            for (int c = 0; c < row.images().size(); c++) {
                int x = MARGIN + label + c * (wide + GAP);
                g.drawImage(row.images().get(c).toBufferedImage(), x, y, wide, high, null);
                if (c < row.lines().size()) {
                    text(g, row.lines().get(c), x, y + high + LINE - 3, wide);
                }
            }
        }
        g.dispose();
        return sheet;
    }

    private static void text(Graphics2D g, String text, int x, int y, int room) {
        String shown = ConfusionMatrix.shortened(g, text, room);
        g.setColor(Palette.INK);
        g.drawString(shown, x + Math.max(0, (room - g.getFontMetrics().stringWidth(shown)) / 2), y);
    }
}
