package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfidentJointTest {

    /** Three images of each of two labels, one of each wrong, and one of the first that is confidently of none. */
    private static final List<float[]> SHARES = List.of(
            new float[] {0.9f, 0.1f},
            new float[] {0.8f, 0.2f},
            new float[] {0.1f, 0.9f}, // is of the second
            new float[] {0.55f, 0.45f}, // below both thresholds
            new float[] {0.2f, 0.8f},
            new float[] {0.1f, 0.9f},
            new float[] {0.7f, 0.3f}); // is of the first

    private static final int[] GIVEN = {0, 0, 0, 0, 1, 1, 1};

    /** By hand: thresholds (0.9 + 0.8 + 0.1 + 0.55) / 4 and (0.8 + 0.9 + 0.3) / 3. */
    @Test
    void countsWhatIsConfidentlyOfAClass() {
        var joint = ConfidentJoint.of(SHARES, GIVEN, 2);
        assertThat(joint.thresholds().get(0)).isCloseTo(0.5875, within(1e-6));
        assertThat(joint.thresholds().get(1)).isCloseTo(2.0 / 3, within(1e-6));
        assertThat(joint.counts()).containsExactly(List.of(2, 1), List.of(1, 2));
        assertThat(joint.suspects())
                .extracting(
                        ConfidentJoint.Suspect::index, ConfidentJoint.Suspect::given, ConfidentJoint.Suspect::proposed)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(2, 0, 1), org.assertj.core.groups.Tuple.tuple(6, 1, 0));
        assertThat(joint.suspects().get(0).score()).isCloseTo(0.8, within(1e-6));
    }

    /** By hand: of four sevenths two thirds and one third, of three sevenths one third and two thirds. */
    @Test
    void jointStretchesEachRowToTheImagesOfItsLabel() {
        var joint = ConfidentJoint.of(SHARES, GIVEN, 2);
        List<List<Double>> shares = joint.joint(new int[] {4, 3});
        assertThat(shares.get(0).get(0)).isCloseTo(8 / 21.0, within(1e-9));
        assertThat(shares.get(0).get(1)).isCloseTo(4 / 21.0, within(1e-9));
        assertThat(shares.get(1).get(0)).isCloseTo(3 / 21.0, within(1e-9));
        assertThat(shares.get(1).get(1)).isCloseTo(6 / 21.0, within(1e-9));
        assertThat(joint.wrong(new int[] {4, 3})).isCloseTo(1 / 3.0, within(1e-9));
    }

    @Test
    void aClassWithoutImagesIsNeverProposed() {
        var joint = ConfidentJoint.of(
                List.of(new float[] {0.3f, 0.1f, 0.6f}, new float[] {0.1f, 0.3f, 0.6f}), new int[] {0, 1}, 3);
        assertThat(joint.suspects()).isEmpty();
        assertThat(joint.thresholds().get(2)).isInfinite();
        assertThat(joint.wrong(new int[] {1, 1, 0})).isZero();
    }

    @Test
    void aLabelNoneOfWhoseImagesIsConfidentIsTakenAtItsWord() {
        var joint = ConfidentJoint.of(List.of(new float[] {0.5f, 0.5f}), new int[] {0}, 2);
        assertThat(joint.joint(new int[] {4, 6})).containsExactly(List.of(0.4, 0.0), List.of(0.0, 0.6));
    }

    /** Nine of label 0: one of six that are confidently of a class is of the other; of nine that makes 1.5, two. */
    @Test
    void asManyAreSuspectedAsAreEstimatedToBeWrong() {
        var shares = List.of(
                new float[] {0.9f, 0.1f},
                new float[] {0.9f, 0.1f},
                new float[] {0.9f, 0.1f},
                new float[] {0.9f, 0.1f},
                new float[] {0.9f, 0.1f},
                new float[] {0.1f, 0.9f}, // confidently of the other
                new float[] {0.4f, 0.6f}, // of neither, the other is more probable
                new float[] {0.45f, 0.55f},
                new float[] {0.6f, 0.4f},
                new float[] {0.2f, 0.8f});
        var joint = ConfidentJoint.of(shares, new int[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 2);
        assertThat(joint.counts()).containsExactly(List.of(5, 1), List.of(0, 1));
        assertThat(joint.suspects()).extracting(ConfidentJoint.Suspect::index).containsExactly(5, 6);
    }
}
