package dev.fovea.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressViewTest {

    @ParameterizedTest
    @CsvSource({"0.17, 0.17", "3.14, 3.1", "17.4, 17", "'2400.2', '2,400'"})
    void aSpeedHasTheDigitsThatSaySomething(double imagesPerSecond, String text) {
        assertThat(ProgressView.speed(imagesPerSecond)).isEqualTo(text);
    }
}
