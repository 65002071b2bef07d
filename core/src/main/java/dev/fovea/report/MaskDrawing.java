package dev.fovea.report;

import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import dev.fovea.image.DistanceTransform;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Classes of pixels drawn over their image: each in its colour, and by its name where there is room for it, so that nobody needs to tell
 * colours apart; where classes meet is a line. A {@code background} stays as it is.
 */
public final class MaskDrawing {

    private static final int LEAST_SIDE = 480;
    private static final int MOST_ENLARGED = 8;
    private static final double OPACITY = 0.55;
    private static final int NUMBERS = 256;
    private static final String BACKGROUND = "background";

    private final BufferedImage image;
    private final Mask mask;
    private final List<String> classes;
    private final int scale;

    private MaskDrawing(BufferedImage image, Mask mask, List<String> classes, int scale) {
        this.image = image;
        this.mask = mask;
        this.classes = classes;
        this.scale = scale;
    }

    /**
     * A copy of the image with the classes over it and a legend below, a whole number of times enlarged where it is small.
     *
     * @param mask of the image's size; what is {@link Target#IGNORED} stays as it is
     */
    public static BufferedImage withLegend(BufferedImage image, Mask mask, List<String> classes) {
        MaskDrawing drawing = enlarged(image, mask, classes);
        BufferedImage drawn = drawing.overlay();
        return drawing.legend(drawn);
    }

    /** The same without a legend. */
    public static BufferedImage overlay(BufferedImage image, Mask mask, List<String> classes) {
        return enlarged(image, mask, classes).overlay();
    }

    private static MaskDrawing enlarged(BufferedImage image, Mask mask, List<String> classes) {
        int side = Math.max(image.getWidth(), image.getHeight());
        return new MaskDrawing(image, mask, classes, Math.max(1, Math.min(MOST_ENLARGED, LEAST_SIDE / side)));
    }

    /** The numbers of the classes themselves, with a palette of the same colours: what data sets have as masks. */
    public static BufferedImage indexed(Mask mask) {
        byte[] red = new byte[NUMBERS];
        byte[] green = new byte[NUMBERS];
        byte[] blue = new byte[NUMBERS];
        for (int i = 0; i < Target.IGNORED; i++) {
            Color colour = Palette.area(i);
            red[i] = (byte) colour.getRed();
            green[i] = (byte) colour.getGreen();
            blue[i] = (byte) colour.getBlue();
        }
        var indexed = new BufferedImage(
                mask.size().width(),
                mask.size().height(),
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, NUMBERS, red, green, blue));
        indexed.getRaster()
                .setDataElements(0, 0, mask.size().width(), mask.size().height(), mask.values());
        return indexed;
    }

    /** The colours of the classes alone, to be laid over an image of the mask's size: clear where there is a background or nothing. */
    public static BufferedImage colours(Mask mask, List<String> classes) {
        int width = mask.size().width();
        int height = mask.size().height();
        var colours = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int label = mask.at(x, y);
                boolean clear = label >= classes.size() || classes.get(label).equals(BACKGROUND);
                colours.setRGB(x, y, clear ? 0 : Palette.area(label).getRGB());
            }
        }
        return colours;
    }

    /** The colour of a class, as {@code #0072b2}. */
    public static String colour(int label) {
        return String.format(Locale.ROOT, "#%06x", Palette.area(label).getRGB() & 0xFFFFFF);
    }

    /** The colours alone: a {@code background} and what is {@link Target#IGNORED} are transparent. */
    public static BufferedImage transparent(Mask mask, List<String> classes) {
        int[] colours = new int[NUMBERS];
        for (int i = 0; i < Target.IGNORED; i++) {
            boolean background = i == 0 && classes.get(0).equals(BACKGROUND);
            colours[i] = background ? 0 : Palette.area(i).getRGB();
        }
        int width = mask.size().width();
        var drawn = new BufferedImage(width, mask.size().height(), BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < mask.values().length; i++) {
            drawn.setRGB(i % width, i / width, colours[mask.values()[i] & 0xFF]);
        }
        return drawn;
    }

    private BufferedImage overlay() {
        int width = image.getWidth() * scale;
        int height = image.getHeight() * scale;
        var drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                drawn.setRGB(x, y, pixel(x / scale, y / scale, edge(x, y)));
            }
        }
        Graphics2D g = drawn.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setFont(Palette.font(Font.BOLD, letters(width, height)));
        for (int label = 0; label < classes.size(); label++) {
            if (!isBackground(label)) {
                name(g, label);
            }
        }
        g.dispose();
        return drawn;
    }

    private static int letters(int width, int height) {
        return Math.max(11, Math.min(width, height) / 30);
    }

    /** Where another class begins to the right or below, in pixels of the drawing. */
    private boolean edge(int x, int y) {
        int own = mask.at(x / scale, y / scale);
        int right = Math.min(mask.size().width() - 1, (x + 1) / scale);
        int below = Math.min(mask.size().height() - 1, (y + 1) / scale);
        return mask.at(right, y / scale) != own || mask.at(x / scale, below) != own;
    }

    private int pixel(int x, int y, boolean edge) {
        int label = mask.at(x, y);
        int rgb = image.getRGB(x, y);
        if (label == Target.IGNORED) {
            return edge ? 0xFFFFFF : rgb;
        }
        Color colour = Palette.area(label);
        double share = isBackground(label) ? 0 : edge ? 1 : OPACITY;
        int red = (int) (share * colour.getRed() + (1 - share) * (rgb >> 16 & 0xFF));
        int green = (int) (share * colour.getGreen() + (1 - share) * (rgb >> 8 & 0xFF));
        int blue = (int) (share * colour.getBlue() + (1 - share) * (rgb & 0xFF));
        return red << 16 | green << 8 | blue;
    }

    /** What belongs to no class is left as it is, that the rest can be seen. */
    private boolean isBackground(int label) {
        return label == 0 && classes.get(0).equals(BACKGROUND);
    }

    /** In the widest place of a class, where the name fits into it. */
    private void name(Graphics2D g, int label) {
        byte[] others = new byte[mask.values().length];
        boolean any = false;
        for (int i = 0; i < others.length; i++) {
            boolean own = (mask.values()[i] & 0xFF) == label;
            others[i] = (byte) (own ? 0 : 1);
            any |= own;
        }
        if (!any) {
            return;
        }
        int width = mask.size().width();
        int height = mask.size().height();
        float[] inside = DistanceTransform.of(mask.size(), others);
        int best = 0;
        double widest = -1;
        for (int i = 0; i < inside.length; i++) {
            int x = i % width;
            int y = i / width;
            double room = Math.min(inside[i], Math.min(Math.min(x, width - 1 - x), Math.min(y, height - 1 - y)));
            if (others[i] == 0 && room > widest) {
                best = i;
                widest = room;
            }
        }
        FontMetrics letters = g.getFontMetrics();
        String text = classes.get(label);
        double half = letters.stringWidth(text) / 2.0;
        if (widest * scale < letters.getAscent() || widest * scale * 1.6 < half) {
            return;
        }
        float x = (float) ((best % width + 0.5) * scale - half);
        float y = (float) ((best / width + 0.5) * scale + letters.getAscent() / 2.0);
        g.setColor(new Color(0, 0, 0, 160));
        g.fillRoundRect((int) x - 3, (int) y - letters.getAscent(), (int) (2 * half) + 6, letters.getHeight(), 6, 6);
        g.setColor(Color.WHITE);
        g.drawString(text, x, y);
    }

    /** The classes that are seen, each with its colour and share, in as many lines as it takes. */
    private BufferedImage legend(BufferedImage drawn) {
        List<Integer> seen = new ArrayList<>();
        long[] counts = new long[NUMBERS];
        for (byte value : mask.values()) {
            counts[value & 0xFF]++;
        }
        for (int label = 0; label < classes.size(); label++) {
            if (counts[label] > 0) {
                seen.add(label);
            }
        }
        int size = Math.max(12, letters(drawn.getWidth(), drawn.getHeight()));
        Font font = Palette.font(Font.PLAIN, size);
        int line = size * 3 / 2;
        List<int[]> places = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        int x = size;
        int y = line;
        for (int label : seen) {
            double share = 100.0 * counts[label] / mask.values().length;
            String text = "%s %s %%"
                    .formatted(classes.get(label), share < 0.1 ? "<0.1" : String.format(Locale.ROOT, "%.1f", share));
            int wide = Palette.width(text, font) + 3 * size;
            if (x > size && x + wide > drawn.getWidth()) {
                x = size;
                y += line;
            }
            places.add(new int[] {x, y});
            texts.add(text);
            x += wide;
        }
        var whole = new BufferedImage(drawn.getWidth(), drawn.getHeight() + y + size, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = whole.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, whole.getWidth(), whole.getHeight());
        g.drawImage(drawn, 0, 0, null);
        g.setFont(font);
        for (int i = 0; i < seen.size(); i++) {
            int left = places.get(i)[0];
            int base = drawn.getHeight() + places.get(i)[1];
            g.setColor(isBackground(seen.get(i)) ? Palette.GRID : Palette.area(seen.get(i)));
            g.fillRect(left, base - size + 2, size, size);
            g.setColor(Palette.INK);
            g.drawString(texts.get(i), left + size * 3 / 2, base);
        }
        g.dispose();
        return whole;
    }
}
