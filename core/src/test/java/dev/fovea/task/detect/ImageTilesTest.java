package dev.fovea.task.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Box;
import dev.fovea.data.Mask;
import dev.fovea.data.RunLengthMask;
import dev.fovea.image.Image;
import dev.fovea.models.DetectionNet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageTilesTest {

    private static final DetectionNet.Limits LIMITS = new DetectionNet.Limits(0.1, 0.5, 100);

    private static Image white(int width, int height) {
        byte[] pixels = new byte[width * height];
        java.util.Arrays.fill(pixels, (byte) 255);
        return new Image(width, height, 1, pixels);
    }

    /** Finds the one black rectangle of an image, cut as it is seen. */
    private static List<DetectedObject> rectangle(Image image) {
        int left = image.width();
        int right = 0;
        int top = image.height();
        int bottom = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                if (image.pixels()[y * image.width() + x] == 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x + 1);
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y + 1);
                }
            }
        }
        return right == 0
                ? List.of()
                : List.of(new DetectedObject(
                        "thing",
                        0.9,
                        new Box(left, top, right, bottom),
                        Optional.of(RunLengthMask.of(black(image))),
                        List.of(new DetectedPoint("corner", left, top, 3))));
    }

    /** Its black pixels. */
    private static Mask black(Image image) {
        byte[] values = new byte[image.pixels().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (image.pixels()[i] == 0 ? 1 : 0);
        }
        return new Mask(image.size(), values);
    }

    private static Image black(Image image, int left, int top, int width, int height) {
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                image.pixels()[y * image.width() + x] = 0;
            }
        }
        return image;
    }

    @Test
    void tilesCoverTheImageAndOverlap() {
        var tiles = new ImageTiles(white(1000, 300), 400);
        assertThat(tiles.starts(1000)).containsExactly(0, 300, 600);
        assertThat(tiles.starts(400)).containsExactly(0);
        assertThat(tiles.starts(300)).containsExactly(0);
        assertThat(tiles.starts(401)).containsExactly(0, 1);
    }

    @Test
    void anObjectThatTilesCutIsFoundOnceAndWhole() {
        for (int left = 0; left <= 930; left += 15) {
            Image image = black(white(1000, 300), left, 100, 60, 40);
            List<DetectedObject> found = new ImageTiles(image, 400).found(ImageTilesTest::rectangle, LIMITS);
            assertThat(found)
                    .extracting(DetectedObject::box)
                    .as("at %s", left)
                    .containsExactly(new Box(left, 100, left + 60, 140));
        }
    }

    @Test
    void masksAndKeypointsOfTilesLieWhereTheyAreInTheImage() {
        for (int left = 0; left <= 900; left += 100) {
            Image image = black(white(1000, 700), left, 450, 60, 40);
            DetectedObject found = new ImageTiles(image, 400)
                    .found(ImageTilesTest::rectangle, LIMITS)
                    .get(0);
            assertThat(found.mask().orElseThrow().mask()).as("at %s", left).isEqualTo(black(image));
            assertThat(found.keypoints()).containsExactly(new DetectedPoint("corner", left, 450, 3));
        }
    }

    /** Which lies whole in two tiles. */
    @Test
    void anObjectIsFoundOnceByANetworkWithoutDuplicatesToo() {
        Image image = black(white(1000, 300), 310, 100, 60, 40);
        var limits = new DetectionNet.Limits(0.1, 1, 100);
        List<DetectedObject> found = new ImageTiles(image, 400).found(ImageTilesTest::rectangle, limits);
        assertThat(found).extracting(DetectedObject::box).containsExactly(new Box(310, 100, 370, 140));
    }
}
