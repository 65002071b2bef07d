package dev.fovea.explain;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws frames side by side, below each a bar for how much it mattered. */
public final class FrameStrip {

    private static final int SMALLEST = 64;
    private static final int GAP = 3;
    private static final Color FOR = new Color(0x2a, 0x78, 0x8e);
    private static final Color AGAINST = new Color(0xd0, 0x5c, 0x3a);
    private static final Color LINE = new Color(0x9a, 0x9a, 0x9a);

    private FrameStrip() {}

    /**
     * Upward bars for frames that speak for the class, downward ones for those that speak against it.
     *
     * @param frames of equal size
     * @param weights one for each frame, the largest as high as there is room
     */
    public static BufferedImage draw(List<BufferedImage> frames, float[] weights) {
        int factor = Math.max(
                1, (SMALLEST + frames.get(0).getWidth() - 1) / frames.get(0).getWidth());
        int width = frames.get(0).getWidth() * factor;
        int height = frames.get(0).getHeight() * factor;
        int room = height / 3;
        var out = new BufferedImage(
                frames.size() * (width + GAP) - GAP, height + 2 * room + 2 * GAP, BufferedImage.TYPE_INT_RGB);
        var g = out.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, out.getWidth(), out.getHeight());
        float most = 1e-6f;
        for (float weight : weights) {
            most = Math.max(most, Math.abs(weight));
        }
        int middle = height + GAP + room;
        for (int f = 0; f < frames.size(); f++) {
            int left = f * (width + GAP);
            g.drawImage(frames.get(f), left, 0, width, height, null);
            int bar = Math.round(Math.abs(weights[f]) / most * room);
            g.setColor(weights[f] >= 0 ? FOR : AGAINST);
            g.fillRect(left + width / 4, weights[f] >= 0 ? middle - bar : middle, width / 2, bar);
        }
        g.setColor(LINE);
        g.fillRect(0, middle, out.getWidth(), 1);
        g.dispose();
        return out;
    }
}
