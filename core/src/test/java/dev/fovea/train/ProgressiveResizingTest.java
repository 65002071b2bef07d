package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Size;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressiveResizingTest {

    @Test
    void imagesGrowEvenlyToTheFullSizeAndStayThere() {
        var resizing = new ProgressiveResizing(0.6, 0.2, 4);
        assertThat(IntStream.rangeClosed(1, 10)
                        .map(epoch -> resizing.at(epoch, 10, Size.square(32)).height()))
                .containsExactly(20, 20, 24, 24, 24, 28, 28, 32, 32, 32);
        assertThat(resizing.at(1, 10, new Size(480, 360))).isEqualTo(new Size(288, 216));
        assertThat(resizing.at(1, 1, Size.square(32))).isEqualTo(Size.square(20));
        assertThat(ProgressiveResizing.NONE.at(1, 10, new Size(7, 9))).isEqualTo(new Size(7, 9));
    }

    @Test
    void noSideIsBelowOneStepOrAboveTheFullOne() {
        assertThat(new ProgressiveResizing(0.1, 0, 32).at(1, 9, Size.square(40)))
                .isEqualTo(Size.square(32));
        assertThat(new ProgressiveResizing(0.1, 0, 64).at(1, 9, Size.square(40)))
                .isEqualTo(Size.square(40));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProgressiveResizing(0, 0.2, 4))
                .withMessage(
                        "input.progressiveResizing.initialScale must be above 0 to 1 (off), got input.progressiveResizing.initialScale=0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProgressiveResizing(0.5, 1.0, 4))
                .withMessage(
                        "input.progressiveResizing.finetuneFraction must be 0 to below 1, got input.progressiveResizing.finetuneFraction=1.0");
    }
}
