package dev.fovea.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * What a check of an explanation found, as one image: lines of text, charts two in a row, and maps.
 *
 * @param title of the sheet
 * @param lines in plain words
 * @param charts as {@link Charts} draws them
 * @param maps in one row
 * @param captions of each map a line or two
 */
public record TrustSheet(
        String title,
        List<String> lines,
        List<BufferedImage> charts,
        List<BufferedImage> maps,
        List<List<String>> captions) {

    private static final int SCALE = 2;
    private static final int GAP = 14;
    private static final int LINE = 18;
    private static final int HEAD = 44;
    private static final int CHART_WIDTH = 480;
    private static final int CHART_HEIGHT = 300;

    public TrustSheet {
        lines = List.copyOf(lines);
        charts = List.copyOf(charts);
        maps = List.copyOf(maps);
        captions = List.copyOf(captions);
    }

    /** As one image, twice as large as its letters are named. */
    public BufferedImage draw() {
        int width = 2 * CHART_WIDTH + 3 * GAP;
        int room = maps.isEmpty() ? 0 : (width - GAP) / maps.size() - GAP;
        int tall = maps.stream().mapToInt(map -> high(map, room)).max().orElse(0);
        int chartRows = (charts.size() + 1) / 2;
        int mapsTop = HEAD + lines.size() * LINE + GAP + chartRows * (CHART_HEIGHT + GAP);
        int height = mapsTop + tall + 2 * LINE + GAP;
        var sheet = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.scale(SCALE, SCALE);
        g.setColor(Palette.PAPER);
        g.fillRect(0, 0, width, height);
        g.setColor(Palette.INK);
        g.setFont(Palette.font(Font.BOLD, 15));
        g.drawString(ConfusionMatrix.shortened(g, title, width - 2 * GAP), GAP, 26);
        g.setFont(Palette.font(Font.PLAIN, 12));
        for (int i = 0; i < lines.size(); i++) {
            g.drawString(ConfusionMatrix.shortened(g, lines.get(i), width - 2 * GAP), GAP, HEAD + i * LINE + 8);
        }
        int top = HEAD + lines.size() * LINE + GAP;
        for (int i = 0; i < charts.size(); i++) {
            int x = GAP + i % 2 * (CHART_WIDTH + GAP);
            g.drawImage(charts.get(i), x, top + i / 2 * (CHART_HEIGHT + GAP), CHART_WIDTH, CHART_HEIGHT, null);
        }
        g.setFont(Palette.font(Font.PLAIN, 11));
        for (int i = 0; i < maps.size(); i++) {
            int x = GAP + i * (room + GAP);
            int wide = high(maps.get(i), room)
                    * maps.get(i).getWidth()
                    / maps.get(i).getHeight();
            g.drawImage(maps.get(i), x, mapsTop, Math.max(1, wide), high(maps.get(i), room), null);
            for (int l = 0; l < captions.get(i).size(); l++) {
                g.drawString(
                        ConfusionMatrix.shortened(g, captions.get(i).get(l), room + GAP / 2),
                        x,
                        mapsTop + tall + (l + 1) * 14);
            }
        }
        g.dispose();
        return sheet;
    }

    /** Of a map that is no wider than {@code room} and no higher than twice that. */
    private static int high(BufferedImage map, int room) {
        double scale = Math.min(room / (double) map.getWidth(), 2.0 * room / map.getHeight());
        return Math.max(1, (int) Math.round(scale * map.getHeight()));
    }
}
