package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeepStackTest {

    @Test
    void waitsForItsTaskThoughItIsInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        String made = DeepStack.call(() -> {
            Thread.sleep(50);
            return "made";
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(made).isEqualTo("made");
    }
}
