package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import org.junit.jupiter.api.Test;

class TestTimeAugmentationTest {

    /** Answers with the value at (row, column). */
    private record At(int row, int column) implements Layer {
        @Override
        public State state() {
            return new State();
        }

        @Override
        public Tensor apply(Tensor x) {
            return x.select(3, column).select(2, row);
        }
    }

    private static float answer(TestTimeAugmentation views, int height, int width, int row, int column) {
        try (var scope = new Scope()) {
            float[] values = new float[height * width];
            for (int i = 0; i < values.length; i++) {
                values[i] = 100 * (i / width) + i % width; // row and column can be read off
            }
            Tensor x = Tensor.of(values, 1, 1, height, width);
            return views.over(new At(row, column)).forward(x).toFloats()[0];
        }
    }

    @Test
    void theImageAloneIsAskedAsItIs() {
        assertThat(answer(TestTimeAugmentation.NONE, 4, 6, 1, 2)).isEqualTo(102);
    }

    @Test
    void flipIsTheMeanOfTheImageAndItsMirrorImage() {
        assertThat(answer(TestTimeAugmentation.FLIP, 4, 6, 1, 2)).isEqualTo((102 + 103) / 2f);
    }

    /** Shifted by one pixel down right, (1, 2) shows (0, 1); up left it shows (2, 3); the mirrored place is column 3. */
    @Test
    void shiftsAreHalfTheImageAndAQuarterOfEachShift() {
        float plain = (102 + 103) / 2f;
        float down = (1 + 2) / 2f;
        float up = (203 + 204) / 2f;
        assertThat(answer(TestTimeAugmentation.SHIFTS, 4, 6, 1, 2))
                .isCloseTo(0.5f * plain + 0.25f * (down + up), within(1e-4f));
    }

    /** Row -1 is row 1, and column -1 column 1, as of reflection padding in PyTorch. */
    @Test
    void whatAShiftUncoversIsMirroredAtTheEdgePixel() {
        float plain = (0 + 5) / 2f;
        float down = (101 + 104) / 2f;
        float up = (101 + 104) / 2f; // column 6 of the shifted image is column 4 of this one, read at column 5
        float made = answer(TestTimeAugmentation.SHIFTS, 4, 6, 0, 0);
        assertThat(made).isCloseTo(0.5f * plain + 0.25f * (down + up), within(1e-4f));
    }

    @Test
    void imagesOfOnePixelHaveNoShifts() {
        assertThat(answer(TestTimeAugmentation.SHIFTS, 1, 1, 0, 0)).isZero();
    }

    @Test
    void unknownViewsAreRefusedWithTheNearest() {
        assertThat(TestTimeAugmentation.of("Flip")).isEqualTo(TestTimeAugmentation.FLIP);
        assertThat(TestTimeAugmentation.of(null)).isEqualTo(TestTimeAugmentation.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestTimeAugmentation.of("shift"))
                .withMessage("tta must be one of none, flip, shifts, got 'shift', did you mean 'shifts'?");
    }
}
