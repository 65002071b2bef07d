package dev.fovea.explain;

import dev.fovea.data.Geometry;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;

/** Draws a map of values from 0 to 1 over an image, as colour from dark violet to yellow. */
public final class HeatMap {

    private static final int SMALLEST = 256;

    private static final int[][] SCALE = {
        {13, 8, 135},
        {84, 2, 163},
        {139, 10, 165},
        {185, 50, 137},
        {219, 92, 104},
        {244, 136, 73},
        {254, 188, 43},
        {240, 249, 33}
    };

    /** On the longer side of a map that can be seen, about. */
    private static final int CELLS = 32;

    private static final int BAR = 240;
    private static final Color UNSEEN = new Color(0xB8BEC6);
    private static final Color INK = new Color(0x1F2933);

    private HeatMap() {}

    /** Enlarged without smoothing where it is small, so that the map over it is smooth and its pixels stay visible. */
    public static BufferedImage enlarged(Image image) {
        int side = Math.max(image.width(), image.height());
        int factor = (SMALLEST + side - 1) / side;
        return (factor < 2 ? image : image.resize(image.width() * factor, image.height() * factor, Filter.NEAREST))
                .toBufferedImage();
    }

    /**
     * A copy of {@code image} with the map over it, the stronger the higher the value.
     *
     * @param map [rows][columns] of any size, stretched bilinearly
     * @param opacity of the highest value, 0 to 1
     */
    public static BufferedImage over(BufferedImage image, float[][] map, double opacity) {
        return draw(image, Geometry.identity(size(image)).toInput(map, Float.NaN), opacity);
    }

    /**
     * The same for a map of what a network was shown of the image; where it was shown nothing, the image stays as it is.
     *
     * @param image enlarged perhaps
     * @param shown where the image's parts were put for the network
     */
    public static BufferedImage over(BufferedImage image, float[][] map, Geometry shown, double opacity) {
        Geometry whole = Geometry.resize(size(image), shown.from()).then(shown);
        return draw(image, whole.toInput(map, Float.NaN), opacity);
    }

    /**
     * A map over what the network was shown, frames around the image left as they are.
     *
     * @param shown to the network, enlarged perhaps
     * @param geometry that put the image there
     */
    public static BufferedImage overShown(BufferedImage shown, float[][] map, Geometry geometry, double opacity) {
        Geometry whole = geometry.then(Geometry.resize(geometry.to(), size(shown)));
        float[][] values = Geometry.identity(size(shown)).toInput(map, Float.NaN);
        for (int y = 0; y < values.length; y++) {
            for (int x = 0; x < values[y].length; x++) {
                values[y][x] = whole.covers(x + 0.5, y + 0.5) ? values[y][x] : Float.NaN;
            }
        }
        return draw(shown, values, opacity);
    }

    /**
     * The map alone, of the size of {@code image}; grey where the network was shown nothing of it.
     *
     * @param shown where the image's parts were put for the network
     */
    public static BufferedImage plain(BufferedImage image, float[][] map, Geometry shown) {
        var grey = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = grey.createGraphics();
        g.setColor(UNSEEN);
        g.fillRect(0, 0, grey.getWidth(), grey.getHeight());
        g.dispose();
        Geometry whole = Geometry.resize(size(image), shown.from()).then(shown);
        float[][] values = whole.toInput(map, Float.NaN);
        for (int y = 0; y < values.length; y++) {
            for (int x = 0; x < values[y].length; x++) {
                if (!Float.isNaN(values[y][x])) {
                    int[] hot = colour(values[y][x]);
                    grey.setRGB(x, y, hot[0] << 16 | hot[1] << 8 | hot[2]);
                }
            }
        }
        return grey;
    }

    /** A map from 0 to 1, a pixel for each value. */
    public static BufferedImage pixels(float[][] map) {
        var out = new BufferedImage(map[0].length, map.length, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < map.length; y++) {
            for (int x = 0; x < map[y].length; x++) {
                int[] hot = colour(map[y][x]);
                out.setRGB(x, y, hot[0] << 16 | hot[1] << 8 | hot[2]);
            }
        }
        return out;
    }

    private static Size size(BufferedImage image) {
        return new Size(image.getHeight(), image.getWidth());
    }

    /** @param values one for each pixel; where it is NaN, the image stays as it is */
    private static BufferedImage draw(BufferedImage image, float[][] values, double opacity) {
        int width = image.getWidth();
        int height = image.getHeight();
        var out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int base = image.getRGB(x, y);
                float value = values[y][x];
                out.setRGB(x, y, Float.isNaN(value) ? base : hot(base, value, opacity));
            }
        }
        return out;
    }

    private static int hot(int base, float value, double opacity) {
        double alpha = opacity * (0.25 + 0.75 * value);
        int[] hot = colour(value);
        return mix(base >> 16 & 0xFF, hot[0], alpha) << 16
                | mix(base >> 8 & 0xFF, hot[1], alpha) << 8
                | mix(base & 0xFF, hot[2], alpha);
    }

    /**
     * What the colours mean: a bar from the lowest to the highest.
     *
     * @param lowest what the dark end stands for
     * @param highest what the bright end stands for
     */
    public static BufferedImage legend(String lowest, String highest) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 22);
        var context = new FontRenderContext(null, true, false);
        int before = (int) Math.ceil(font.getStringBounds(lowest, context).getWidth()) + 12;
        int after = (int) Math.ceil(font.getStringBounds(highest, context).getWidth()) + 12;
        var out = new BufferedImage(before + BAR + after, 32, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = out.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, out.getWidth(), out.getHeight());
        for (int x = 0; x < BAR; x++) {
            int[] hot = colour(x / (BAR - 1.0));
            g.setColor(new Color(hot[0], hot[1], hot[2]));
            g.fillRect(before + x, 6, 1, 20);
        }
        g.setColor(INK);
        g.setFont(font);
        g.drawString(lowest, 0, 24);
        g.drawString(highest, before + BAR + 12, 24);
        g.dispose();
        return out;
    }

    /** The values as shares of the largest, which is 1. */
    public static float[][] relative(float[][] map) {
        float most = 1e-6f;
        for (float[] row : map) {
            for (float value : row) {
                most = Math.max(most, value);
            }
        }
        var relative = new float[map.length][];
        for (int y = 0; y < map.length; y++) {
            relative[y] = map[y].clone();
            for (int x = 0; x < map[y].length; x++) {
                relative[y][x] /= most;
            }
        }
        return relative;
    }

    /**
     * A map that can be seen: one of single pixels of a large image, which would be dust, as means of small squares, the
     * largest of which is 1.
     */
    public static float[][] legible(float[][] map) {
        int cell = Math.max(map.length, map[0].length) / CELLS;
        if (cell < 2) {
            return map;
        }
        int rows = (map.length + cell - 1) / cell;
        int columns = (map[0].length + cell - 1) / cell;
        var sums = new float[rows][columns];
        var counts = new int[rows][columns];
        for (int y = 0; y < map.length; y++) {
            for (int x = 0; x < map[y].length; x++) {
                sums[y / cell][x / cell] += map[y][x];
                counts[y / cell][x / cell]++;
            }
        }
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                sums[y][x] /= counts[y][x];
            }
        }
        return relative(sums);
    }

    private static int[] colour(double value) {
        double at = Math.max(0, Math.min(1, value)) * (SCALE.length - 1);
        int low = Math.min(SCALE.length - 2, (int) at);
        int[] colour = new int[3];
        for (int c = 0; c < 3; c++) {
            colour[c] = mix(SCALE[low][c], SCALE[low + 1][c], at - low);
        }
        return colour;
    }

    private static int mix(int a, int b, double share) {
        return (int) Math.round(a + (b - a) * share);
    }
}
