package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.optim.Schedule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferTest {

    /** timm's param_groups_layer_decay for 4 groups at 0.75: [0.421875, 0.5625, 0.75, 1.0]. */
    @ParameterizedTest
    @CsvSource({"3, 0.421875", "2, 0.5625", "1, 0.75", "0, 1.0"})
    void ratesDecayFromTheHeadAsInTimm(int distance, double factor) {
        assertThat(new Transfer(0, 0, 1, 0.75, false).factor(distance)).isEqualTo(factor);
    }

    @Test
    void theHeadLearnsAloneFirstAndThenAll() {
        var transfer = new Transfer(2, 0, 0.1, 1, true);
        assertThat(epochs(transfer, 0)).containsExactly(1, 2, 3, 4, 5);
        assertThat(epochs(transfer, 1)).containsExactly(3, 4, 5);
        assertThat(epochs(transfer, 7)).containsExactly(3, 4, 5);
    }

    @Test
    void blocksJoinInOneAfterTheOther() {
        var transfer = new Transfer(1, 2, 1, 1, true);
        assertThat(epochs(transfer, 1)).containsExactly(2, 3, 4, 5);
        assertThat(epochs(transfer, 2)).containsExactly(4, 5);
        assertThat(epochs(transfer, 3)).isEmpty();
    }

    @Test
    void halfOfAShortRunIsLeftForAllWeights() {
        assertThat(new Transfer(4, 0, 1, 1, true).learns(1, 2, 3)).isTrue();
        assertThat(new Transfer(4, 0, 1, 1, true).learns(1, 1, 3)).isFalse();
        assertThat(new Transfer(4, 0, 1, 1, true).learns(1, 1, 1)).isTrue();
    }

    private static List<Integer> epochs(Transfer transfer, int distance) {
        return IntStream.rangeClosed(1, 5)
                .filter(epoch -> transfer.learns(distance, epoch, 5))
                .boxed()
                .toList();
    }

    @Test
    void theScheduleIsGoneThroughTwice() {
        var transfer = new Transfer(2, 0, 0.1, 1, false);
        var cosine = new Schedule.Cosine(0, 0);
        assertThat(transfer.factor(cosine, 0, 10, 6)).isEqualTo(1);
        assertThat(transfer.factor(cosine, 10, 10, 6)).isCloseTo(0.5, within(1e-9));
        assertThat(transfer.factor(cosine, 20, 10, 6)).isCloseTo(0.1, within(1e-9));
        assertThat(transfer.factor(cosine, 40, 10, 6)).isCloseTo(0.05, within(1e-9));
        assertThat(Transfer.OFF.factor(cosine, 30, 10, 6)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Transfer(-1, 0, 1, 1, true))
                .withMessage("transfer.headEpochs must be 0 (off) or more, got transfer.headEpochs=-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Transfer(0, 0, 0, 1, true))
                .withMessage("transfer.lr is a factor above 0, got transfer.lr=0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Transfer(0, 0, 1, 1.1, true))
                .withMessage("transfer.layerDecay must be above 0 to 1, got transfer.layerDecay=1.1");
    }
}
