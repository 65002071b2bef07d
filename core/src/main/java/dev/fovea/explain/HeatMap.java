package dev.fovea.explain;

import dev.fovea.data.View;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
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

    private static final int BAR = 240;
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
        return over(image, map, View.ALL, opacity);
    }

    /**
     * The same for a map of a part of the image; where the map has nothing to say, the image stays as it is.
     *
     * @param view what the map is of
     */
    public static BufferedImage over(BufferedImage image, float[][] map, View view, double opacity) {
        return draw(image, map, view, View.ALL, opacity);
    }

    /**
     * A map over what the network was shown, frames around the image left as they are.
     *
     * @param shown to the network
     * @param view of the image that it was made of
     */
    public static BufferedImage overShown(BufferedImage shown, float[][] map, View view, double opacity) {
        return draw(shown, map, View.ALL, view.inverse(), opacity);
    }

    private static BufferedImage draw(BufferedImage image, float[][] map, View view, View visible, double opacity) {
        int width = image.getWidth();
        int height = image.getHeight();
        var out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            double down = (y + 0.5) / height;
            for (int x = 0; x < width; x++) {
                double across = (x + 0.5) / width;
                int base = image.getRGB(x, y);
                if (!view.contains(across, down) || !visible.contains(across, down)) {
                    out.setRGB(x, y, base);
                    continue;
                }
                double value =
                        sample(map, view.across(across) * map[0].length - 0.5, view.down(down) * map.length - 0.5);
                double alpha = opacity * (0.25 + 0.75 * value);
                int[] hot = colour(value);
                out.setRGB(
                        x,
                        y,
                        mix(base >> 16 & 0xFF, hot[0], alpha) << 16
                                | mix(base >> 8 & 0xFF, hot[1], alpha) << 8
                                | mix(base & 0xFF, hot[2], alpha));
            }
        }
        return out;
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

    static double sample(float[][] map, double x, double y) {
        double cx = Math.max(0, Math.min(map[0].length - 1, x));
        double cy = Math.max(0, Math.min(map.length - 1, y));
        int x0 = (int) cx;
        int y0 = (int) cy;
        int x1 = Math.min(map[0].length - 1, x0 + 1);
        int y1 = Math.min(map.length - 1, y0 + 1);
        double upper = map[y0][x0] + (cx - x0) * (map[y0][x1] - map[y0][x0]);
        double lower = map[y1][x0] + (cx - x0) * (map[y1][x1] - map[y1][x0]);
        return upper + (cy - y0) * (lower - upper);
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
