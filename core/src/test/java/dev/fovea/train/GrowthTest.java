package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Size;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrowthTest {

    @Test
    void imagesGrowEvenlyToTheFullSizeAndStayThere() {
        var growth = new Growth(0.6, 0.8, 4);
        assertThat(IntStream.rangeClosed(1, 10)
                        .map(epoch -> growth.at(epoch, 10, Size.square(32)).height()))
                .containsExactly(20, 20, 24, 24, 24, 28, 28, 32, 32, 32);
        assertThat(growth.at(1, 10, new Size(480, 360))).isEqualTo(new Size(288, 216));
        assertThat(growth.at(1, 1, Size.square(32))).isEqualTo(Size.square(20));
        assertThat(Growth.NONE.at(1, 10, new Size(7, 9))).isEqualTo(new Size(7, 9));
    }

    @Test
    void noSideIsBelowOneStepOrAboveTheFullOne() {
        assertThat(new Growth(0.1, 1, 32).at(1, 9, Size.square(40))).isEqualTo(Size.square(32));
        assertThat(new Growth(0.1, 1, 64).at(1, 9, Size.square(40))).isEqualTo(Size.square(40));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Growth(0, 0.8, 4))
                .withMessage("input.grow.from must be above 0 to 1 (off), got input.grow.from=0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Growth(0.5, 1.5, 4))
                .withMessage("input.grow.until must be above 0 to 1, got input.grow.until=1.5");
    }
}
