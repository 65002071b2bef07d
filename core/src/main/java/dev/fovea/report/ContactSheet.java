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

    private ContactSheet() {}

    /**
     * Draws the tiles; small images are enlarged without smoothing, so that their pixels can be seen.
     *
     * @param columns tiles in a row
     */
    public static BufferedImage draw(String title, List<Tile> tiles, int columns) {
        return draw(title, tiles, columns, List.of());
    }

    /**
     * The same with what colours mean.
     *
     * @param legend drawn beside the title, in its pixels
     */
    public static BufferedImage draw(String title, List<Tile> tiles, int columns, List<BufferedImage> legend) {
        return draw(title, tiles, columns, legend, SIDE);
    }

    /**
     * The same with tiles of another size.
     *
     * @param side of a tile; images have twice as many pixels
     */
    public static BufferedImage draw(
            String title, List<Tile> tiles, int columns, List<BufferedImage> legend, int side) {
        int room = tiles.stream().mapToInt(t -> width(t, side)).max().orElse(side);
        int lines = tiles.stream().mapToInt(t -> t.lines().size()).max().orElse(0);
        int tileWidth = room + GAP;
        int tall = tiles.stream()
                .mapToInt(t -> height(t.images().get(0), side))
                .max()
                .orElse(side);
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
            tile(g, tiles.get(i), GAP + i % columns * tileWidth, 40 + i / columns * tileHeight, tileWidth - GAP, side);
        }
        g.dispose();
        return sheet;
    }

    private static int width(Tile tile, int side) {
        return tile.images().stream().mapToInt(image -> width(image, side)).sum();
    }

    private static int width(BufferedImage image, int side) {
        double shape = image.getWidth() / (double) image.getHeight();
        return shape > STRIP ? (int) Math.round(side * shape / 2) : side;
    }

    private static int height(BufferedImage image, int side) {
        return width(image, side) == side ? side : side / 2;
    }

    private static void tile(Graphics2D g, Tile tile, int x, int y, int width, int side) {
        int left = x;
        for (BufferedImage image : tile.images()) {
            boolean small = image.getWidth() * 2 <= side * SCALE;
            g.setRenderingHint(
                    RenderingHints.KEY_INTERPOLATION,
                    small
                            ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                            : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            double scale = Math.min(
                    width(image, side) / (double) image.getWidth(), height(image, side) / (double) image.getHeight());
            int wide = (int) Math.max(1, Math.round(scale * image.getWidth()));
            int high = (int) Math.max(1, Math.round(scale * image.getHeight()));
            g.drawImage(
                    image,
                    left + (width(image, side) - wide) / 2,
                    y + (height(image, side) - high) / 2,
                    wide,
                    high,
                    null);
            left += width(image, side);
        }
        Color colour = switch (tile.mark()) {
            case NONE -> Palette.INK;
            case RIGHT -> Palette.RIGHT;
            case WRONG -> Palette.WRONG;
        };
        if (tile.mark() != Mark.NONE) {
            g.setColor(colour);
            g.setStroke(new BasicStroke(2));
            g.drawRect(x, y, width(tile, side) - 1, height(tile.images().get(0), side) - 1);
        }
        g.setFont(Palette.font(Font.PLAIN, 11));
        g.setColor(colour);
        for (int i = 0; i < tile.lines().size(); i++) {
            g.drawString(
                    ConfusionMatrix.shortened(g, tile.lines().get(i), width),
                    x,
                    y + height(tile.images().get(0), side) + (i + 1) * LINE - 2);
        }
    }
}
