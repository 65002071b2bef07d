package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.metrics.ClassificationMetrics;
import dev.fovea.metrics.ClassificationResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerRemarksTest {

    /** @param answers each a true class and an answer */
    private static ClassificationResult result(int classes, int[]... answers) {
        var metrics = new ClassificationMetrics(List.of("ants", "bees", "wasps").subList(0, classes));
        for (int[] answer : answers) {
            float[] logits = new float[classes];
            logits[answer[1]] = 1;
            metrics.add(logits, new long[] {answer[0]});
        }
        return metrics.result();
    }

    @Test
    void aMajorityThatIsAlwaysAnsweredIsSaidWithTheFieldThatHelps() {
        var remarks = AnswerRemarks.of(
                result(2, new int[] {0, 0}, new int[] {0, 0}, new int[] {0, 0}, new int[] {1, 0}), true);
        assertThat(remarks).hasSize(2);
        assertThat(remarks.get(0))
                .startsWith(
                        "The validation accuracy of 0.7500 is no better than answering 'ants' every time (0.7500). Set task.logitAdjustment=1");
        assertThat(remarks.get(1))
                .startsWith("Never the answer on the validation images, though they are there: 'bees'. ");
    }

    @Test
    void balancingIsNotAdvisedWhereClassesAreEven() {
        assertThat(AnswerRemarks.of(result(2, new int[] {0, 0}, new int[] {1, 0}), false))
                .hasSize(2)
                .allSatisfy(remark -> assertThat(remark)
                        .doesNotContain("selection.sampling")
                        .endsWith(". Train for more epochs, or change optimizer.lr"));
    }

    @Test
    void nothingIsSaidOfAClassThatIsNotThereOrOfGoodAnswers() {
        assertThat(AnswerRemarks.of(result(3, new int[] {0, 0}, new int[] {1, 1}), true))
                .isEmpty();
        assertThat(AnswerRemarks.of(result(2), true)).isEmpty();
    }

    @Test
    void topFiveOfFewClassesIsNoMetric() {
        assertThat(result(3, new int[] {0, 0}).values()).doesNotContainKey("top5Accuracy");
        var six = new ClassificationMetrics(List.of("a", "b", "c", "d", "e", "f"));
        six.add(new float[6], new long[] {0});
        assertThat(six.result().values()).containsKey("top5Accuracy");
    }
}
