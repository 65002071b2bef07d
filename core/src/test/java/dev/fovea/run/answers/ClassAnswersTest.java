package dev.fovea.run.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.metrics.PrecisionRecall.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassAnswersTest {

    static List<ImageFacts> images(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ImageFacts(i, "image " + i, 10 + i, 10, 100, 10 * i, 5, 1))
                .toList();
    }

    /** Images 0 and 1 are cats, 2 to 4 dogs; 1 and 4 are told wrong, 4 with the most confidence. */
    private static final ClassAnswers ANSWERS =
            new ClassAnswers(List.of("cat", "dog"), images(5), new int[] {0, 0, 1, 1, 1}, new float[] {
                0.9f, 0.1f, 0.4f, 0.6f, 0.3f, 0.7f, 0.45f, 0.55f, 0.8f, 0.2f
            });

    @Test
    void figuresAreThoseOfTheAnswers() {
        var result = ANSWERS.result();
        assertThat(result.accuracy()).isEqualTo(0.6);
        assertThat(result.confusion()).containsExactly(List.of(1L, 1L), List.of(1L, 2L));
        assertThat(result.brier())
                .isCloseTo((2 * 0.01 + 2 * 0.36 + 2 * 0.09 + 2 * 0.45 * 0.45 + 2 * 0.64) / 5, within(1e-6));
        assertThat(ANSWERS.metrics()).containsEntry("accuracy", 0.6);
    }

    @Test
    void ofAnswersBelowTheThresholdItIsUnsure() {
        ClassAnswers.At at = ANSWERS.at(0.65);
        assertThat(at.confusion()).containsExactly(List.of(1L, 0L, 1L), List.of(1L, 1L, 1L));
        assertThat(at.answered()).isEqualTo(3);
        assertThat(at.accuracy()).isCloseTo(2 / 3.0, within(1e-12));
        var dog = at.perClass().get(1);
        assertThat(dog.precision()).isEqualTo(1);
        assertThat(dog.recall()).isCloseTo(1 / 3.0, within(1e-12)); // one wrong, of one it is unsure
        assertThat(dog.f1()).isCloseTo(0.5, within(1e-12));
        assertThat(at.mistakes()).isEqualTo(1);
        assertThat(at.balancedAccuracy()).isCloseTo((1 / 2.0 + 1 / 3.0) / 2, within(1e-12));
        assertThat(ANSWERS.at(1).answered()).isZero();
        assertThat(ANSWERS.at(1).accuracy()).isNaN();
    }

    @Test
    void cellsHoldTheImagesThatTheyCount() {
        assertThat(ANSWERS.cell(1, 1, 0)).containsExactly(2, 3); // the surest first
        assertThat(ANSWERS.cell(1, 1, 0.65)).containsExactly(2);
        assertThat(ANSWERS.cell(1, 2, 0.65)).containsExactly(3);
        assertThat(ANSWERS.cell(1, 0, 0.65)).containsExactly(4);
    }

    @Test
    void theMostConfidentMistakeIsTheWorst() {
        assertThat(ANSWERS.worst()).containsExactly(4, 1);
    }

    @Test
    void curvesAreOfOneClassAgainstTheOthers() {
        assertThat(ANSWERS.curve(1).points())
                .extracting(Point::precision)
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b))
                .containsExactly(1.0, 0.5, 2 / 3.0, 3 / 4.0, 3 / 5.0); // 0.7 dog, 0.6 cat, 0.55 dog, 0.2 dog, 0.1 cat
    }

    @Test
    void casesAreImagesWithTheirClass() {
        Answers.Cases cases = ANSWERS.cases();
        assertThat(cases.values()).containsExactly(1.0, 0.0, 1.0, 1.0, 0.0);
        assertThat(cases.columns())
                .containsExactly(new Column.Words("class", List.of("cat", "cat", "dog", "dog", "dog")));
    }
}
