package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DoctorTest {

    @Test
    void theVerdictSaysWhatWorksAndWhatIsFaster() {
        assertThat(Doctor.verdict("cpu", "FP32", Map.of("fp32", 2400.0, "bf16", 300.0)))
                .isEqualTo("All is well: networks train and predict on cpu in fp32, a small one at 2,400 images/s.");
        assertThat(Doctor.verdict("cpu", "FP32", Map.of("fp32", 2400.0, "bf16", 5000.0)))
                .endsWith("A small network is faster in bf16 just now: try precision bf16.");
    }
}
