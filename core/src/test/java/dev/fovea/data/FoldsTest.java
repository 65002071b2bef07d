package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {

    /** Grey images of one pixel; those of the same value are copies. */
    private static Dataset data(int[] labels, int... values) {
        var images = new ArrayList<Image>();
        for (int i = 0; i < labels.length; i++) {
            images.add(new Image(1, 1, 1, new byte[] {(byte) (i < values.length ? values[i] : 100 + i)}));
        }
        return Dataset.of(images, List.of("a", "b"), labels);
    }

    @Test
    void everyImageIsHeldOutOnceWithTheClassesInEqualShares() {
        int[] labels = IntStream.range(0, 60).map(i -> i < 20 ? 0 : 1).toArray();
        Dataset all = data(labels);
        Folds folds = Folds.of(all, 5, 0);
        var seen = new ArrayList<Integer>();
        for (int fold = 0; fold < 5; fold++) {
            int[] held = folds.held(fold);
            Arrays.stream(held).forEach(seen::add);
            assertThat(all.subset(held).counts()).containsExactly(4, 8);
            assertThat(folds.others(fold)).hasSize(48).doesNotContain(held);
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 60).boxed().toList());
    }

    @Test
    void copiesLieInOneFoldWhateverTheirLabels() {
        Folds folds = Folds.of(data(new int[] {0, 0, 1, 0, 1, 0}, 7, 7, 7), 3, 4);
        assertThat(folds.of().subList(0, 3)).containsOnly(folds.of().get(0));
    }

    /** A class of three images in five folds is missing in two of them; each of its images has others to be learned from. */
    @Test
    void aClassThatIsMissingInAFoldIsInTheOthersOfEveryOtherFold() {
        Dataset all = data(new int[] {0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1});
        Folds folds = Folds.of(all, 5, 0);
        for (int fold = 0; fold < 5; fold++) {
            assertThat(all.subset(folds.others(fold)).counts()[0]).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void foldsAreTwoOrMoreAndHaveImages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Folds.of(data(new int[] {0, 1}), 3, 0))
                .withMessage("folds: expected 2 or more, and no more than the 2 different images, got 3");
        assertThatIllegalArgumentException().isThrownBy(() -> Folds.of(data(new int[] {0, 1}), 1, 0));
    }
}
