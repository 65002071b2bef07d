package dev.fovea.task.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.image.Image;
import dev.fovea.image.WhiteMask;
import dev.fovea.run.AnomalyScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PixelAurocTest {

    @TempDir
    private Path folder;

    /** Finds what is white anomalous. */
    private record White(Preprocess preprocess) implements AnomalyScorer {
        @Override
        public Scores score(Image seen) {
            float[] places = new float[seen.width() * seen.height()];
            for (int p = 0; p < places.length; p++) {
                places[p] = (seen.pixels()[3 * p] & 0xFF) / 255f;
            }
            return Scores.of(1, places, seen.width());
        }
    }

    /** White in the upper half right of the middle, black elsewhere. */
    private static Image half(int width, int height) {
        byte[] pixels = new byte[width * height];
        for (int p = 0; p < pixels.length; p++) {
            pixels[p] = (byte) (p % width >= width / 2 && p / width < height / 2 ? 255 : 0);
        }
        return new Image(width, height, 1, pixels);
    }

    private double auroc(ResizePolicy resize, Image mask) throws IOException {
        Path masks = Files.createDirectories(folder.resolve("anomalous")).getParent();
        Image.write(masks.resolve("anomalous/image #0_mask.png"), mask.toBufferedImage());
        var white = new White(Preprocess.of(32, 32, 3).withResize(resize));
        return new PixelAuroc(white, masks).auroc(Dataset.of(List.of(half(96, 48)), List.of("anomalous"), new int[1]));
    }

    @ParameterizedTest
    @EnumSource
    void aMaskGoesTheWayOfItsImage(ResizePolicy resize) throws IOException {
        assertThat(auroc(resize, half(96, 48))).isBetween(0.98, 1.0);
    }

    @Test
    void aMaskOfAnotherSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> auroc(ResizePolicy.STRETCH, half(64, 48)))
                .withMessage(
                        folder.resolve("anomalous/image #0_mask.png") + ": the mask has 64x48 pixels, its image 96x48");
    }

    /** Most masks in the world are of 0 and 1. */
    @Test
    void aMaskOfZeroAndOneIsAMask() throws IOException {
        byte[] ones = half(96, 48).pixels().clone();
        for (int p = 0; p < ones.length; p++) {
            ones[p] = (byte) (ones[p] == 0 ? 0 : 1);
        }
        assertThat(auroc(ResizePolicy.STRETCH, new Image(96, 48, 1, ones))).isBetween(0.98, 1.0);
    }

    @Test
    void masksThatSayNothingAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> auroc(ResizePolicy.CROP, new Image(96, 48, 1, new byte[96 * 48])))
                .withMessageContaining("the masks call nothing anomalous");
    }

    @Test
    void greyBesideWhiteIsNotMeant() {
        Image mask = new Image(4, 1, 1, new byte[] {0, 100, (byte) 128, (byte) 255});
        assertThat(WhiteMask.of(mask).pixels()).containsExactly(0, 0, -1, -1);
        Image red = new Image(2, 1, 3, new byte[] {1, 0, 0, 0, 0, 0});
        assertThat(WhiteMask.of(red).pixels()).containsExactly(-1, 0);
    }
}
