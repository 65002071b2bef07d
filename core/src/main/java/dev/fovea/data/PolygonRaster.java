package dev.fovea.data;

import dev.fovea.image.Size;

/**
 * Polygons as pixels, by the rule of COCO's own tools, which differs from that of pixel middles by a pixel along edges: an
 * edge is drawn on a grid five times as fine, and where it enters or leaves the middle of a column, the column changes
 * between outside and inside.
 */
final class PolygonRaster {

    private static final int FINER = 5;

    private static final double DIGITS = 1000;

    private final int width;
    private final int height;

    /** Changes between outside and inside, column by column; one more, as a column may change behind its last pixel. */
    private final boolean[] changes;

    private int firstColumn;
    private int lastColumn = -1;
    private int previousX;
    private int previousY;

    private PolygonRaster(Size size) {
        width = size.width();
        height = size.height();
        changes = new boolean[width * height + 1];
        firstColumn = width;
    }

    /**
     * Adds the pixels of a polygon.
     *
     * @param points x and y by turns, in pixels
     * @param values row by row, which become 1 where the polygon is
     */
    static void draw(float[] points, Size size, byte[] values) {
        var raster = new PolygonRaster(size);
        raster.outline(points);
        raster.fill(values);
    }

    private void outline(float[] points) {
        int corners = points.length / 2;
        previousX = fine(points[0]);
        previousY = fine(points[1]);
        for (int i = 0; i < corners; i++) {
            int next = (i + 1) % corners;
            edge(fine(points[2 * i]), fine(points[2 * i + 1]), fine(points[2 * next]), fine(points[2 * next + 1]));
        }
    }

    /** Files have few digits, of which those of a float are not always the nearest. */
    private static int fine(float coordinate) {
        return (int) (FINER * (Math.rint(coordinate * DIGITS) / DIGITS) + 0.5);
    }

    /** Walks along the longer side of an edge, always the same way, so that it is drawn alike in both directions. */
    private void edge(int fromX, int fromY, int toX, int toY) {
        int across = Math.abs(toX - fromX);
        int down = Math.abs(toY - fromY);
        boolean flat = across >= down;
        boolean backwards = flat ? fromX > toX : fromY > toY;
        int startX = backwards ? toX : fromX;
        int startY = backwards ? toY : fromY;
        int endX = backwards ? fromX : toX;
        int endY = backwards ? fromY : toY;
        int steps = Math.max(across, down);
        double slope = steps == 0 ? 0 : (flat ? endY - startY : endX - startX) / (double) steps;
        for (int step = 0; step <= steps; step++) {
            int at = backwards ? steps - step : step;
            int aside = (int) ((flat ? startY : startX) + slope * at + 0.5);
            visit(flat ? startX + at : aside, flat ? aside : startY + at);
        }
    }

    private void visit(int x, int y) {
        if (x != previousX) {
            int left = Math.min(x, previousX);
            int column = (left - FINER / 2) / FINER;
            if (left >= FINER / 2 && (left - FINER / 2) % FINER == 0 && column < width) {
                int high = Math.min(y, previousY);
                double row = (high + 0.5) / FINER - 0.5;
                change(column, (int) Math.ceil(Math.max(0, Math.min(height, row))));
            }
        }
        previousX = x;
        previousY = y;
    }

    private void change(int column, int row) {
        changes[column * height + row] ^= true;
        firstColumn = Math.min(firstColumn, column);
        lastColumn = Math.max(lastColumn, column);
    }

    private void fill(byte[] values) {
        boolean inside = false;
        for (int x = firstColumn; x <= lastColumn; x++) {
            for (int y = 0; y < height; y++) {
                inside ^= changes[x * height + y];
                if (inside) {
                    values[y * width + x] = 1;
                }
            }
        }
    }
}
