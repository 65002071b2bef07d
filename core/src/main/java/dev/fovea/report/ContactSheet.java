package dev.fovea.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Images in a grid, each with lines of text below. */
public final class ContactSheet {

    /** How a tile is framed. */
    public enum Mark {
        NONE,
        RIGHT,
        WRONG
    }

    /**
     * One tile.
     *
     * @param images drawn side by side, all scaled to the same height
     * @param lines below them
     */
    public record Tile(List<BufferedImage> images, List<String> lines, Mark mark) {}

    private static final int SIDE = 112;
    private static final int GAP = 12;
    private static final int LINE = 15;
    private static final int SCALE = 2;
    private static final int TITLE = 420;
    private static final Font TITLE_FONT = Palette.font(Font.BOLD, 15);
    /** Wider than this many times its height, an image is a strip and keeps its shape. */
    private static final double STRIP = 2.5;

    private final int side;

    private ContactSheet(int side) {
        this.side = side;
    }

    /**
     * Draws the tiles; small images are enlarged without smoothing, so that their pixels can be seen.
     *
     * @param columns tiles in a row
     */
    public static BufferedImage draw(String title, List<Tile> tiles, int columns) {
        return draw(title, tiles, columns, List.of());
    }

    /**
     * The same in another size.
     *
     * @param side of the square that an image is drawn in, in pixels at half the resolution of the sheet
     */
    public static BufferedImage draw(
            String title, List<Tile> tiles, int columns, List<BufferedImage> legend, int side) {
        return new ContactSheet(side).sheet(title, tiles, columns, legend);
    }

    /**
     * The same with what colours mean.
     *
     * @param legend drawn beside the title, in its pixels
     */
    public static BufferedImage draw(String title, List<Tile> tiles, int columns, List<BufferedImage> legend) {
        return new ContactSheet(SIDE).sheet(title, tiles, columns, legend);
    }

    private BufferedImage sheet(String title, List<Tile> tiles, int columns, List<BufferedImage> legend) {
        int room = tiles.stream().mapToInt(this::width).max().orElse(side);
        int lines = tiles.stream().mapToInt(t -> t.lines().size()).max().orElse(0);
        int tileWidth = room + GAP;
        int tall = tiles.stream().mapToInt(t -> height(t.images().get(0))).max().orElse(side);
        int tileHeight = tall + lines * LINE + GAP;
        int rows = (tiles.size() + columns - 1) / columns;
        int beside = legend.stream().mapToInt(l -> l.getWidth() / SCALE + GAP).sum();
        int width = Math.max(
                Math.min(columns, Math.max(1, tiles.size())) * tileWidth + GAP,
                Math.max(TITLE, Palette.width(title, TITLE_FONT) + 2 * GAP) + beside);
        int height = 40 + rows * tileHeight + GAP;
        var sheet = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.scale(SCALE, SCALE);
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, width, height);
        g.setColor(Palette.INK);
        g.setFont(TITLE_FONT);
        g.drawString(title, GAP, 26);
        int right = width;
        for (BufferedImage one : legend) {
            right -= one.getWidth() / SCALE + GAP;
            g.drawImage(one, right, 8, one.getWidth() / SCALE, one.getHeight() / SCALE, null);
        }
        for (int i = 0; i < tiles.size(); i++) {
            tile(g, tiles.get(i), GAP + i % columns * tileWidth, 40 + i / columns * tileHeight, tileWidth - GAP);
        }
        g.dispose();
        return sheet;
    }

    private int width(Tile tile) {
        return tile.images().stream().mapToInt(this::width).sum();
    }

    private int width(BufferedImage image) {
        double shape = image.getWidth() / (double) image.getHeight();
        return shape > STRIP ? (int) Math.round(side * shape / 2) : side;
    }

    private int height(BufferedImage image) {
        return width(image) == side ? side : side / 2;
    }

    private void tile(Graphics2D g, Tile tile, int x, int y, int width) {
        int left = x;
        for (BufferedImage image : tile.images()) {
            boolean small = image.getWidth() * 2 <= side * SCALE;
            g.setRenderingHint(
                    RenderingHints.KEY_INTERPOLATION,
                    small
                            ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                            : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            double scale =
                    Math.min(width(image) / (double) image.getWidth(), height(image) / (double) image.getHeight());
            int wide = (int) Math.max(1, Math.round(scale * image.getWidth()));
            int high = (int) Math.max(1, Math.round(scale * image.getHeight()));
            g.drawImage(image, left + (width(image) - wide) / 2, y + (height(image) - high) / 2, wide, high, null);
            left += width(image);
        }
        Color colour = switch (tile.mark()) {
            case NONE -> Palette.INK;
            case RIGHT -> Palette.RIGHT;
            case WRONG -> Palette.WRONG;
        };
        if (tile.mark() != Mark.NONE) {
            g.setColor(colour);
            g.setStroke(new BasicStroke(2));
            g.drawRect(x, y, width(tile) - 1, height(tile.images().get(0)) - 1);
        }
        g.setFont(Palette.font(Font.PLAIN, 11));
        g.setColor(colour);
        for (int i = 0; i < tile.lines().size(); i++) {
            g.drawString(
                    ConfusionMatrix.shortened(g, tile.lines().get(i), width),
                    x,
                    y + height(tile.images().get(0)) + (i + 1) * LINE - 2);
        }
    }
}
