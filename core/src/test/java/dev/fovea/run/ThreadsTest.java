package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadsTest {

    @ParameterizedTest
    @CsvSource({
        "1.0, 0.0, false", // alone
        "0.5, 0.5, true", // two runs of two threads on two cores
        "0.4, 0.1, false", // waits for its images, the processor is free
        "0.9, 0.6, false" // has what it asked for
    })
    void aRunIsSlowWhereOthersHaveItsShareOfTheProcessor(double own, double others, boolean slow) {
        assertThat(new Threads.Share(own, others).slow()).isEqualTo(slow);
    }

    @Test
    void saysWhatOthersTakeAndWhatToDo() {
        assertThat(new Threads.Share(0.5, 0.48).words(2))
                .startsWith("other processes take 48 % of the processor: this run has 1.0 of its 2 threads")
                .endsWith("FOVEA_THREADS=1");
        assertThat(new Threads.Share(0.5, 0.48).words(1))
                .contains("0.5 of its 1 thread,")
                .endsWith("Run one after the other");
    }

    @Test
    void fewerThanOneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Threads.use(0))
                .withMessage("threads must be at least 1, got threads=0");
    }
}
