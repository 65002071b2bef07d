package dev.fovea.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MeasurementTest {

    @Test
    void readsTheLastLineOfJson() {
        var measurement = Measurement.parse("""
                loading natives
                {"imagesPerSecond":1}
                {"engine":"djl","version":"0.35.1","precision":"fp32","imagesPerSecond":2938.1,"loss":0.3897}

                """);
        assertThat(measurement).isEqualTo(new Measurement(2938.1, "0.35.1", "fp32"));
    }

    @Test
    void takesWhatFoveaLeavesOut() {
        assertThat(Measurement.parse("{\"imagesPerSecond\":10}")).isEqualTo(new Measurement(10, "", ""));
    }

    @Test
    void rejectsOutputWithoutJson() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measurement.parse("done\n"))
                .withMessage("no line of JSON in the output, got 'done'");
    }

    @Test
    void rejectsHalfALine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measurement.parse("{\"imagesPerSecond\":"))
                .withMessage("not JSON: '{\"imagesPerSecond\":'");
    }

    @Test
    void rejectsALineWithoutSpeed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measurement.parse("{\"error\":\"no such model\"}"))
                .withMessage("imagesPerSecond must be positive, got '{\"error\":\"no such model\"}'");
    }
}
