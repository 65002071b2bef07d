package dev.fovea.nn.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NmsTest {

    /** Three boxes, the second of which covers the first by 0.6, and a fourth far away. */
    private static final float[] BOXES = {0, 0, 10, 10, 0, 0, 10, 6, 0, 0, 10, 5, 50, 50, 60, 60};

    @Test
    void ofBoxesThatCoverEachOtherTheStrongestStays() {
        float[] scores = {0.5f, 0.9f, 0.4f, 0.1f};
        assertThat(Nms.keep(BOXES, scores, 0.5)).containsExactly(1, 3);
        assertThat(Nms.keep(BOXES, scores, 0.7)).containsExactly(1, 0, 3); // the third covers the second by 0.83
    }

    @Test
    void anOverlapEqualToTheLimitIsNoDuplicate() {
        float[] boxes = {0, 0, 2, 1, 0, 0, 1, 1};
        assertThat(Nms.keep(boxes, new float[] {0.9f, 0.8f}, 0.5)).containsExactly(0, 1);
        assertThat(Nms.keep(boxes, new float[] {0.9f, 0.8f}, 0.499)).containsExactly(0);
    }

    @Test
    void ofEqualScoresTheFirstGoesFirst() {
        float[] boxes = {0, 0, 4, 4, 0, 0, 4, 4, 9, 9, 12, 12};
        assertThat(Nms.keep(boxes, new float[] {0.5f, 0.5f, 0.5f}, 0.5)).containsExactly(0, 2);
    }

    @Test
    void classesDoNotTouchEachOther() {
        float[] boxes = {0, 0, 4, 4, 0, 0, 4, 4};
        float[] scores = {0.4f, 0.6f};
        assertThat(Nms.keep(boxes, scores, new int[] {0, 1}, 0.5, 10)).containsExactly(1, 0);
        assertThat(Nms.keep(boxes, scores, new int[] {0, 1}, 0.5, 1)).containsExactly(1);
    }

    @Test
    void keepsWhatTheDefinitionKeeps() {
        var random = new SplittableRandom(5);
        for (int round = 0; round < 20; round++) {
            int count = 60;
            float[] boxes = new float[4 * count];
            float[] scores = new float[count];
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                float x = (float) random.nextDouble(30);
                float y = (float) random.nextDouble(30);
                boxes[4 * i] = x;
                boxes[4 * i + 1] = y;
                boxes[4 * i + 2] = x + (float) random.nextDouble(20);
                boxes[4 * i + 3] = y + (float) random.nextDouble(20);
                scores[i] = (float) random.nextDouble() - 0.5f; // the order holds below 0, too
                labels[i] = random.nextInt(3);
            }
            var expected = new ArrayList<Integer>();
            for (int i : Nms.order(scores)) {
                if (expected.stream().noneMatch(j -> labels[i] == labels[j] && Nms.iou(boxes, j, i) > 0.4)) {
                    expected.add(i);
                }
            }
            assertThat(Nms.keep(boxes, scores, labels, 0.4, count))
                    .containsExactly(
                            expected.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    @Test
    void softSuppressionLowersScoresByTheOverlap() {
        float[] boxes = {0, 0, 10, 10, 0, 0, 10, 5, 50, 50, 60, 60};
        var kept = Nms.soft(boxes, new float[] {0.9f, 0.8f, 0.7f}, new int[3], 0.5, 0.01);
        assertThat(kept).extracting(Nms.Scored::index).containsExactly(0, 2, 1);
        assertThat(kept.get(2).score()).isCloseTo(0.8 * Math.exp(-0.25 / 0.5), within(1e-6));
        assertThat(Nms.soft(boxes, new float[] {0.9f, 0.8f, 0.7f}, new int[] {0, 1, 0}, 0.5, 0.01))
                .extracting(Nms.Scored::index)
                .containsExactly(0, 1, 2);
    }

    @Test
    void ofNoBoxNothingStays() {
        assertThat(Nms.keep(new float[0], new float[0], 0.5)).isEmpty();
    }

    @Test
    void refusesBoxesThatDoNotFitTheScores() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nms.keep(new float[4], new float[2], 0.5))
                .withMessage("nms: needs four numbers and a label for each score, got 4, 2 and 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nms.keep(new float[4], new float[1], 1.5))
                .withMessage("nms: iou must be 0 to 1, got iou=1.5");
    }
}
