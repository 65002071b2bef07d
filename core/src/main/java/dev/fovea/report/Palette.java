package dev.fovea.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;

/** The colours and letters of all images. */
final class Palette {

    static final Color INK = new Color(0x1F2933);
    static final Color FAINT = new Color(0x7B8794);
    static final Color GRID = new Color(0xE4E7EB);
    static final Color PAPER = Color.WHITE;
    static final Color TRAIN = new Color(0x2563EB);
    static final Color VALIDATION = new Color(0xEA580C);
    static final Color RIGHT = new Color(0x15803D);
    static final Color WRONG = new Color(0xC81E1E);

    /** Colours of kinds that have no order, told apart also by those who see few colours (Okabe and Ito, extended). */
    private static final Color[] KINDS = {
        new Color(0x0072B2),
        new Color(0xE69F00),
        new Color(0x009E73),
        new Color(0xCC79A7),
        new Color(0x56B4E9),
        new Color(0xD55E00),
        new Color(0x8C6BB1),
        new Color(0x7F7F7F),
        new Color(0xB8A600),
        new Color(0x1B1B1B)
    };

    /** All images are drawn at twice their size: letters are not twice as wide then, but a little more. */
    private static final FontRenderContext DRAWN =
            new FontRenderContext(AffineTransform.getScaleInstance(2, 2), true, false);

    private Palette() {}

    static Color kind(int index) {
        return KINDS[index % KINDS.length];
    }

    /** Of as many kinds as there are classes of pixels: after the first ten lighter ones, then darker ones. */
    static Color area(int index) {
        Color own = kind(index);
        int round = index / KINDS.length;
        return round == 0
                ? own
                : mixed(own, round % 2 == 1 ? Color.WHITE : Color.BLACK, 1 - Math.pow(0.6, (round + 1) / 2));
    }

    private static Color mixed(Color a, Color b, double share) {
        return new Color(
                (int) Math.round(a.getRed() + share * (b.getRed() - a.getRed())),
                (int) Math.round(a.getGreen() + share * (b.getGreen() - a.getGreen())),
                (int) Math.round(a.getBlue() + share * (b.getBlue() - a.getBlue())));
    }

    /** Of a line of text, in pixels. */
    static int width(String text, Font font) {
        return (int) Math.ceil(font.getStringBounds(text, DRAWN).getWidth());
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
