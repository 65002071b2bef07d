package dev.fovea.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Geometry;
import dev.fovea.image.Size;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class ExplainTest {

    @Test
    void theHotPlaceIsDrawnBrightest() {
        var black = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
        var drawn = HeatMap.over(black, new float[][] {{0, 0}, {0, 1}}, 0.8);
        assertThat(drawn.getRGB(18, 18) >> 8 & 0xFF).isGreaterThan((drawn.getRGB(1, 1) >> 8 & 0xFF) + 100);
    }

    @Test
    void aMapOfAPartOfTheImageIsDrawnOverThatPartAlone() {
        var gray = new BufferedImage(256, 64, BufferedImage.TYPE_INT_RGB);
        var drawn = HeatMap.over(
                gray, new float[][] {{1, 0, 0, 0}}, Geometry.part(new Size(64, 256), 96, 0, new Size(64, 64)), 0.8);
        for (int x = 0; x < 256; x++) {
            assertThat(drawn.getRGB(x, 30) == gray.getRGB(x, 30)).isEqualTo(x < 96 || x >= 160);
        }
        assertThat(drawn.getRGB(100, 30) >> 8 & 0xFF).isGreaterThan((drawn.getRGB(150, 30) >> 8 & 0xFF) + 100);
    }

    @Test
    void theFrameAroundAnImageStaysAsItIs() {
        var shown = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        var drawn = HeatMap.overShown(
                shown, new float[][] {{1}}, Geometry.part(new Size(16, 64), 0, -24, new Size(64, 64)), 0.8);
        for (int y = 0; y < 64; y++) {
            assertThat(drawn.getRGB(30, y) == shown.getRGB(30, y)).isEqualTo(y < 24 || y >= 40);
        }
    }
}
