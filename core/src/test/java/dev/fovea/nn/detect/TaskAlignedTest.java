package dev.fovea.nn.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TaskAlignedTest {

    private static final TaskAligned TWO = new TaskAligned(2, 1, 6);

    /** Four predictions of one class at the middles of a row of cells of 10 pixels, all of whose boxes are their cell. */
    private static TaskAligned.Predictions row(float... scores) {
        float[] boxes = new float[4 * scores.length];
        float[] points = new float[2 * scores.length];
        for (int i = 0; i < scores.length; i++) {
            boxes[4 * i] = 10 * i;
            boxes[4 * i + 2] = 10 * i + 10;
            boxes[4 * i + 3] = 10;
            points[2 * i] = 10 * i + 5;
            points[2 * i + 1] = 5;
        }
        return new TaskAligned.Predictions(scores, 1, boxes, points);
    }

    @Test
    void thePredictionsThatAreBestInScoreAndPlaceLearnAnObject() {
        // Cells 0 to 2 lie in the object; all cover it by a third, so that scores decide.
        var assigned = TWO.assign(row(0.1f, 0.6f, 0.3f, 0.9f), new float[] {0, 0, 30, 10}, new int[] {0});
        assertThat(assigned.objects()).containsExactly(-1, 0, 0, -1);
        assertThat(assigned.quality()[1]).isCloseTo(1f / 3, within(1e-6f)); // the best one's is the largest overlap
        assertThat(assigned.quality()[2]).isCloseTo(1f / 6, within(1e-6f)); // half its score, half its quality
        assertThat(assigned.quality()[0]).isZero();
    }

    @Test
    void aPointInTwoObjectsLearnsTheOneItsBoxCoversBest() {
        var assigned =
                TWO.assign(row(0.5f, 0.5f, 0.5f, 0.5f), new float[] {0, 0, 40, 10, 10, 0, 20, 10}, new int[] {0, 0});
        assertThat(assigned.objects()[1]).isEqualTo(1);
    }

    @Test
    void anObjectBetweenAllPointsIsLearnedAtTheNearest() {
        var assigned = TWO.assign(row(0.5f, 0.5f, 0.5f, 0.5f), new float[] {16, 6, 19, 9}, new int[] {0});
        assertThat(assigned.objects()).containsExactly(-1, 0, -1, -1);
    }

    @Test
    void withoutObjectsAllIsBackground() {
        assertThat(TWO.assign(row(0.5f, 0.5f), new float[0], new int[0]).objects())
                .containsExactly(-1, -1);
    }
}
