package dev.fovea.report;

import java.awt.Color;
import java.awt.Font;

/** The colours and letters of all pictures. */
final class Palette {

    static final Color INK = new Color(0x1F2933);
    static final Color FAINT = new Color(0x7B8794);
    static final Color GRID = new Color(0xE4E7EB);
    static final Color PAPER = Color.WHITE;
    static final Color TRAIN = new Color(0x2563EB);
    static final Color VALIDATION = new Color(0xEA580C);
    static final Color RIGHT = new Color(0x15803D);
    static final Color WRONG = new Color(0xC81E1E);

    private Palette() {}

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
