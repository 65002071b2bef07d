package dev.fovea.report;

import dev.fovea.image.Size;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
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

    /** Between the images of a tile. */
    private static final int BETWEEN = 4;

    private static final int LINE = 15;
    private static final int SCALE = 2;
    private static final int TOP = 40;
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
        int tileWidth = room + GAP;
        List<Integer> tops = tops(tiles, columns);
        int beside = legend.stream().mapToInt(l -> l.getWidth() / SCALE + GAP).sum();
        int width = Math.max(
                Math.min(columns, Math.max(1, tiles.size())) * tileWidth + GAP,
                Math.max(TITLE, Palette.width(title, TITLE_FONT) + 2 * GAP) + beside);
        int height = tops.get(tops.size() - 1) + GAP;
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
            tile(g, tiles.get(i), GAP + i % columns * tileWidth, tops.get(i / columns), tileWidth - GAP);
        }
        g.dispose();
        return sheet;
    }

    /** Where each row begins, and where the last one ends: a row is as high as its highest tile. */
    private List<Integer> tops(List<Tile> tiles, int columns) {
        var tops = new ArrayList<>(List.of(TOP));
        for (int first = 0; first < tiles.size(); first += columns) {
            int tall = tiles.subList(first, Math.min(tiles.size(), first + columns)).stream()
                    .mapToInt(tile -> height(tile) + tile.lines().size() * LINE)
                    .max()
                    .orElseThrow();
            tops.add(tops.get(tops.size() - 1) + tall + GAP);
        }
        return tops;
    }

    private int width(Tile tile) {
        return tile.images().stream().mapToInt(this::width).sum()
                + BETWEEN * (tile.images().size() - 1);
    }

    private int height(Tile tile) {
        return tile.images().stream()
                .mapToInt(image -> drawn(image).height())
                .max()
                .orElse(side);
    }

    /** As large as an image is drawn: it fills its room in one direction. */
    private Size drawn(BufferedImage image) {
        double scale = Math.min(width(image) / (double) image.getWidth(), height(image) / (double) image.getHeight());
        return new Size((int) Math.max(1, Math.round(scale * image.getHeight())), (int)
                Math.max(1, Math.round(scale * image.getWidth())));
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
            Size drawn = drawn(image);
            g.drawImage(image, left, y, drawn.width(), drawn.height(), null);
            left += drawn.width() + BETWEEN;
        }
        int high = height(tile);
        Color colour = switch (tile.mark()) {
            case NONE -> Palette.INK;
            case RIGHT -> Palette.RIGHT;
            case WRONG -> Palette.WRONG;
        };
        if (tile.mark() != Mark.NONE) {
            g.setColor(colour);
            g.setStroke(new BasicStroke(2));
            g.drawRect(x, y, left - BETWEEN - x - 1, high - 1);
        }
        g.setFont(Palette.font(Font.PLAIN, 11));
        g.setColor(colour);
        for (int i = 0; i < tile.lines().size(); i++) {
            g.drawString(ConfusionMatrix.shortened(g, tile.lines().get(i), width), x, y + high + (i + 1) * LINE - 2);
        }
    }
}
