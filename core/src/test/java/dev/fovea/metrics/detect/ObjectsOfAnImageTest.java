package dev.fovea.metrics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Box;
import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link GroundTruth} and {@link Detections} take. */
class ObjectsOfAnImageTest {

    private static final Box BOX = new Box(0, 0, 4, 5);

    private static Mask mask(int height) {
        byte[] values = new byte[height * 5];
        values[3] = 1;
        return new Mask(new Size(height, 5), values);
    }

    @Test
    void areasAreThoseOfTheMasksOrElseOfTheBoxes() {
        assertThat(GroundTruth.of(List.of(BOX), List.of(0)).areas()).containsExactly(20.0);
        var objects = new Target.Objects(List.of(BOX), new int[] {2}, List.of(mask(4)), new boolean[] {true});
        GroundTruth truth = GroundTruth.of(objects);
        assertThat(truth.areas()).containsExactly(1.0);
        assertThat(truth.labels()).containsExactly(2);
        assertThat(truth.ignore()).containsExactly(true);
        assertThat(truth.withAreas(List.of(7.0)).areas()).containsExactly(7.0);
    }

    @Test
    void listsAreCopied() {
        var boxes = new ArrayList<>(List.of(BOX));
        var truth = GroundTruth.of(boxes, List.of(0));
        var found = Detections.of(boxes, List.of(0), List.of(1.0));
        boxes.clear();
        assertThat(truth.boxes()).containsExactly(BOX);
        assertThat(found.boxes()).containsExactly(BOX);
        assertThat(truth).isEqualTo(GroundTruth.of(List.of(BOX), List.of(0)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, -0.1, 1.1, Double.POSITIVE_INFINITY})
    void rejectsScoresThatAreNone(double score) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Detections.of(List.of(BOX), List.of(0), List.of(score)))
                .withMessage("detections: scores must be from 0 to 1, got " + score);
    }

    @Test
    void rejectsListsOfDifferentLengths() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Detections.of(List.of(BOX), List.of(0), List.of()))
                .withMessage(
                        "detections: each needs a box, a label and a score, and all or none the rest, got 1 boxes, 1 labels, 0 scores, 0 masks, 0 keypoints");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroundTruth.of(List.of(BOX), List.of(0)).withAreas(List.of(1.0, 2.0)))
                .withMessage(
                        "ground truth: each object needs a box and a label, and all or none the rest, got 1 boxes, 1 labels, 1 ignores, 2 areas, 0 masks, 0 keypoints");
    }

    @Test
    void rejectsNegativeLabelsAndAreas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroundTruth.of(List.of(BOX), List.of(-1)))
                .withMessage("ground truth: labels are counted from 0, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroundTruth.of(List.of(BOX), List.of(0)).withAreas(List.of(-2.0)))
                .withMessage("ground truth: areas must be finite and at least 0 square pixels, got -2.0");
    }

    @Test
    void rejectsMasksOfDifferentSizesAndKeypointsOfDifferentNumbers() {
        var found = Detections.of(List.of(BOX, BOX), List.of(0, 0), List.of(1.0, 1.0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> found.withMasks(List.of(mask(4), mask(6))))
                .withMessage("detections: the masks of an image must be of one size, got 4x5 and 6x5");
        var point = new Keypoint(0, 0, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> found.withKeypoints(List.of(List.of(point), List.of(point, point))))
                .withMessage("detections: objects must have equally many keypoints, got 1 and 2");
        var truth = new GroundTruth(List.of(BOX), List.of(0), List.of(), List.of(), List.of(mask(4)), List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CocoMetrics(List.of("cat"), Region.MASK)
                        .add(truth, found.withMasks(List.of(mask(6), mask(6)))))
                .withMessage("masks: true and found ones must be of one size, got 4x5 and 6x5");
    }
}
