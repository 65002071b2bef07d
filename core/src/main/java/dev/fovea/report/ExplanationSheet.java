package dev.fovea.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * An image with what explains a prediction: on the left the image above its most probable classes, beside it for each method
 * the overlay above the map, at the bottom what the colours mean, and rows of other images.
 *
 * @param title of the sheet
 * @param subtitle below it
 * @param image that is explained
 * @param bars its most probable classes, the best first
 * @param columns one for each method
 * @param legend what the colours mean, at twice its size
 * @param rows of other images below, as the nearest training images
 */
public record ExplanationSheet(
        String title,
        String subtitle,
        BufferedImage image,
        List<Bar> bars,
        List<Column> columns,
        BufferedImage legend,
        List<Row> rows) {

    /**
     * A class with its probability.
     *
     * @param share from 0 to 1
     * @param marked whether it is the one explained
     */
    public record Bar(String name, double share, boolean marked) {}

    /** What one method found. */
    public record Column(String title, BufferedImage overlay, BufferedImage map) {}

    /** Images with a line of text each. */
    public record Row(String title, List<BufferedImage> images, List<String> captions) {}

    private static final int SCALE = 2;
    private static final int GAP = 14;
    private static final int LINE = 16;
    private static final int HEAD = 58;
    private static final int WIDEST = 240;
    private static final int TALLEST = 300;
    /** So that a caption has room below the image of a tower. */
    private static final int NARROWEST = 150;

    private static final int BAR = 30;
    private static final int IN_A_BAND = 4;
    private static final int SMALL = 96;
    private static final int SMALLEST_WIDTH = 420;

    public ExplanationSheet {
        bars = List.copyOf(bars);
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /** As one image, twice as large as its letters are named. */
    public BufferedImage draw() {
        int cell = Math.max(NARROWEST, wide());
        int bands = Math.max(1, (columns.size() + IN_A_BAND - 1) / IN_A_BAND);
        int lower = Math.max(high(), bars.size() * BAR);
        int band = LINE + high() + GAP + lower + GAP;
        int across = 1 + Math.min(IN_A_BAND, columns.size());
        int most = rows.stream().mapToInt(row -> row.images().size()).max().orElse(0);
        int width = Math.max(SMALLEST_WIDTH, Math.max(GAP + across * (cell + GAP), GAP + most * (SMALL + GAP)));
        int rowHeight = LINE + 4 + SMALL + LINE + GAP;
        int foot = legend.getHeight() / SCALE + GAP;
        int height = HEAD + bands * band + foot + rows.size() * rowHeight;
        var sheet = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.scale(SCALE, SCALE);
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, width, height);
        text(g, title, Palette.font(Font.BOLD, 15), Palette.INK, GAP, 24, width - 2 * GAP);
        text(g, subtitle, Palette.font(Font.PLAIN, 12), Palette.FAINT, GAP, 43, width - 2 * GAP);
        Font small = Palette.font(Font.PLAIN, 12);
        int lowerTop = LINE + high() + GAP;
        text(g, "image", small, Palette.INK, GAP, HEAD + LINE - 5, cell);
        place(g, image, GAP, HEAD + LINE, wide(), high());
        for (int i = 0; i < bars.size(); i++) {
            bar(g, bars.get(i), GAP, HEAD + lowerTop + i * BAR, cell);
        }
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            int left = GAP + (1 + i % IN_A_BAND) * (cell + GAP);
            int top = HEAD + i / IN_A_BAND * band;
            text(g, column.title(), small, Palette.INK, left, top + LINE - 5, cell);
            place(g, column.overlay(), left, top + LINE, wide(), high());
            place(g, column.map(), left, top + lowerTop, wide(), high());
        }
        int y = HEAD + bands * band;
        g.drawImage(legend, GAP, y, legend.getWidth() / SCALE, legend.getHeight() / SCALE, null);
        y += foot;
        for (Row row : rows) {
            text(g, row.title(), small, Palette.INK, GAP, y + LINE - 4, width - 2 * GAP);
            for (int i = 0; i < row.images().size(); i++) {
                int left = GAP + i * (SMALL + GAP);
                place(g, row.images().get(i), left, y + LINE + 4, SMALL, SMALL);
                text(
                        g,
                        row.captions().get(i),
                        Palette.font(Font.PLAIN, 11),
                        Palette.INK,
                        left,
                        y + LINE + 4 + SMALL + 13,
                        SMALL);
            }
            y += rowHeight;
        }
        g.dispose();
        return sheet;
    }

    private double scale() {
        return Math.min(WIDEST / (double) image.getWidth(), TALLEST / (double) image.getHeight());
    }

    private int wide() {
        return Math.max(1, (int) Math.round(scale() * image.getWidth()));
    }

    private int high() {
        return Math.max(1, (int) Math.round(scale() * image.getHeight()));
    }

    /** In its shape, as large as fits; what is enlarged keeps its pixels. */
    private static void place(Graphics2D g, BufferedImage one, int x, int y, int wide, int high) {
        double scale = Math.min(wide / (double) one.getWidth(), high / (double) one.getHeight());
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                scale * SCALE >= 2
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.drawImage(
                one,
                x,
                y,
                Math.max(1, (int) Math.round(scale * one.getWidth())),
                Math.max(1, (int) Math.round(scale * one.getHeight())),
                null);
    }

    private static void bar(Graphics2D g, Bar bar, int x, int y, int width) {
        String share = String.format(Locale.ROOT, "%.3f", bar.share());
        Font font = Palette.font(bar.marked() ? Font.BOLD : Font.PLAIN, 12);
        int room = Palette.width(share, font);
        text(g, bar.name(), font, Palette.INK, x, y + 12, width - room - 8);
        text(g, share, font, Palette.INK, x + width - room, y + 12, room + 4);
        g.setColor(Palette.GRID);
        g.fillRect(x, y + 17, width, 5);
        g.setColor(bar.marked() ? Palette.VALIDATION : Palette.TRAIN);
        g.fillRect(x, y + 17, (int) Math.round(width * bar.share()), 5);
    }

    private static void text(Graphics2D g, String text, Font font, Color colour, int x, int y, int width) {
        g.setFont(font);
        g.setColor(colour);
        g.drawString(ConfusionMatrix.shortened(g, text, width), x, y);
    }
}
