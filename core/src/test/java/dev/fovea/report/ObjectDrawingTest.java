package dev.fovea.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Box;
import dev.fovea.data.Keypoints;
import dev.fovea.data.Mask;
import dev.fovea.data.Skeleton;
import dev.fovea.data.Target;
import dev.fovea.image.Size;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectDrawingTest {

    private static final BufferedImage BLACK = new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB);

    private static Color at(BufferedImage image, int x, int y) {
        return new Color(image.getRGB(x, y));
    }

    @Test
    void boxesAreDrawnWhereTheyAreInTheColourOfTheirClass() {
        var objects = Target.Objects.of(List.of(new Box(5, 2, 15, 8)), new int[] {1});
        BufferedImage drawn = ObjectDrawing.draw(BLACK, ObjectDrawing.Marked.of(objects, List.of("a", "b")), 200);
        assertThat(drawn.getWidth()).isEqualTo(200);
        assertThat(drawn.getHeight()).isEqualTo(100);
        for (int x = 49; x <= 50; x++) {
            assertThat(at(drawn, x, 50)).isEqualTo(Palette.kind(1));
            assertThat(at(drawn, x + 100, 50)).isEqualTo(Palette.kind(1));
        }
        assertThat(at(drawn, 100, 80)).isEqualTo(Palette.kind(1));
        assertThat(at(drawn, 100, 50)).isEqualTo(Color.BLACK);
        assertThat(at(drawn, 40, 50)).isEqualTo(Color.BLACK);
    }

    @Test
    void masksTintWhatTheyCover() {
        byte[] values = new byte[200];
        Arrays.fill(values, 0, 100, (byte) 1);
        var objects = new Target.Objects(
                List.of(new Box(0, 0, 20, 5)), new int[1], List.of(new Mask(new Size(10, 20), values)), new boolean[] {
                    true
                });
        BufferedImage drawn = ObjectDrawing.draw(BLACK, ObjectDrawing.Marked.of(objects, List.of("a")), 200);
        assertThat(at(drawn, 150, 25)).isNotEqualTo(Color.BLACK);
        assertThat(at(drawn, 150, 75)).isEqualTo(Color.BLACK);
    }

    @Test
    void labelsOfNeighboursDoNotCoverEachOther() {
        var image = new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB);
        var near = List.of(
                new ObjectDrawing.Marked(new Box(100, 100, 300, 300), 0, "a long label", false),
                new ObjectDrawing.Marked(new Box(110, 100, 310, 300), 1, "a long label", false));
        BufferedImage both = ObjectDrawing.draw(image, near);
        BufferedImage first = ObjectDrawing.draw(image, near.subList(0, 1));
        // All of the first label is still there beside the second: above its box, at the left.
        for (int x = 102; x < 180; x++) {
            assertThat(at(both, x, 90)).as("at %s", x).isEqualTo(at(first, x, 90));
        }
    }

    @Test
    void labelsStayWithinTheImageAndCanBeReadOnSmallOnes() {
        var small = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        BufferedImage drawn = ObjectDrawing.draw(
                small, List.of(new ObjectDrawing.Marked(new Box(0, 0, 32, 32), 2, "thing 0.98", false)));
        assertThat(drawn.getWidth()).isEqualTo(8 * 32);
        int coloured = 0;
        for (int x = 10; x < 60; x++) {
            coloured += at(drawn, x, 6).equals(Palette.kind(2)) ? 1 : 0;
        }
        assertThat(coloured).isGreaterThan(10);
    }

    @Test
    void linesJoinTheKnownPointsOfAPerson() {
        Skeleton skeleton = Skeleton.of(List.of("left_shoulder", "right_shoulder", "left_elbow"));
        int[] visibility = {Keypoints.VISIBLE, Keypoints.VISIBLE, Keypoints.UNKNOWN};
        var points = new Keypoints(skeleton, new double[] {20, 180, 20}, new double[] {50, 50, 90}, visibility);
        var person = new ObjectDrawing.Marked(new Box(5, 5, 195, 95), 3, "person", false, List.of(), List.of(points));
        var image = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
        BufferedImage drawn = ObjectDrawing.draw(image, List.of(person), 200);
        assertThat(at(drawn, 100, 50)).isEqualTo(Palette.kind(3));
        assertThat(at(drawn, 20, 50)).isEqualTo(Palette.PAPER);
        assertThat(at(drawn, 20, 75)).isEqualTo(Color.BLACK); // nobody knows where the elbow is
    }
}
