package dev.fovea.task.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Box;
import dev.fovea.data.Geometry;
import dev.fovea.data.Keypoints;
import dev.fovea.data.Mask;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Skeleton;
import dev.fovea.image.Size;
import dev.fovea.models.DetectionNet;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownObjectsTest {

    private static final Size IMAGE = new Size(240, 400);

    /** A photograph fitted into a square, with margins above and below it. */
    private static final Geometry SHOWN =
            Preprocess.of(320, 320, 3).withResize(ResizePolicy.FIT).geometry(IMAGE);

    private static Mask ellipse(Box box) {
        byte[] values = new byte[IMAGE.height() * IMAGE.width()];
        for (int i = 0; i < values.length; i++) {
            double x = (i % IMAGE.width() + 0.5 - (box.left() + box.right()) / 2) / box.width();
            double y = (i / IMAGE.width() + 0.5 - (box.top() + box.bottom()) / 2) / box.height();
            values[i] = (byte) (x * x + y * y < 0.25 ? 1 : 0);
        }
        return new Mask(IMAGE, values);
    }

    /** Of a network that sees the object exactly. */
    private static DetectionNet.Found found(Box box, Mask mask, double[] x, double[] y) {
        Box shown = SHOWN.hull(box);
        float[] points = new float[3 * x.length];
        for (int i = 0; i < x.length; i++) {
            Box point = SHOWN.hull(new Box(x[i], y[i], x[i], y[i]));
            points[3 * i] = (float) point.left();
            points[3 * i + 1] = (float) point.top();
            points[3 * i + 2] = i % 2 == 0 ? 4 : -1;
        }
        return new DetectionNet.Found(
                new float[] {(float) shown.left(), (float) shown.top(), (float) shown.right(), (float) shown.bottom()},
                new int[] {1},
                new float[] {0.75f},
                mask == null ? List.of() : List.of(SHOWN.apply(mask, 0)),
                points);
    }

    private static DetectedObject back(DetectionNet.Found found) {
        return new ShownObjects(found, SHOWN.inverse(), List.of("cat", "person"))
                .objects()
                .get(0);
    }

    @Test
    void boxMaskAndKeypointsComeBackIntoThePixelsOfTheImage() {
        var box = new Box(30, 50, 150, 210);
        double[] x = new double[17];
        double[] y = new double[17];
        Arrays.setAll(x, i -> 35 + 6 * i);
        Arrays.setAll(y, i -> 200 - 8.5 * i);
        DetectedObject object = back(found(box, ellipse(box), x, y));

        assertThat(object.label()).isEqualTo("person");
        assertThat(object.box().iou(box)).isGreaterThan(0.9999);
        Mask mask = object.mask().orElseThrow().mask();
        assertThat(mask.size()).isEqualTo(IMAGE);
        assertThat(mask.iou(ellipse(box))).isGreaterThan(0.96);
        for (int i = 0; i < 17; i++) {
            DetectedPoint point = object.keypoints().get(i);
            assertThat(point.name()).isEqualTo(Skeleton.COCO_PERSON.names().get(i));
            assertThat(point.x()).isCloseTo(x[i], within(1e-3));
            assertThat(point.y()).isCloseTo(y[i], within(1e-3));
        }
    }

    @Test
    void pointsThatTheNetworkIsNotSureOfAreNotDrawn() {
        var box = new Box(30, 50, 150, 210);
        double[] places = new double[17];
        Arrays.setAll(places, i -> 60 + i);
        Keypoints drawn = back(found(box, null, places, places))
                .marked(0, "person")
                .points()
                .get(0);
        assertThat(drawn.skeleton()).isSameAs(Skeleton.COCO_PERSON);
        for (int i = 0; i < 17; i++) {
            assertThat(drawn.visibility()[i]).isEqualTo(i % 2 == 0 ? Keypoints.VISIBLE : Keypoints.UNKNOWN);
        }
    }

    @Test
    void aNetworkOfBoxesGivesNothingMore() {
        var found = new DetectionNet.Found(new float[] {10, 100, 50, 150}, new int[] {0}, new float[] {0.5f});
        DetectedObject object = back(found);
        assertThat(object.mask()).isEmpty();
        assertThat(object.keypoints()).isEmpty();
        assertThat(object.values()).containsOnlyKeys("label", "score", "box");
    }
}
